"""What a rendering process holds after ten packs and after three hundred more.

`python -m tests.benchmarks.bench_memory`. The baseline is the same process once it is warm.
`tests/packs/test_worker.py` asks the same of forty packs at every run of the tests.
"""

from __future__ import annotations

from tests.benchmarks.bench_packs import content
from tests.packs.child_processes import children, resident_mib
from transition_exchange.packs.rendering import Renderer

WARM, MANY = 10, 300
MOST_GROWTH = 20.0


def main() -> None:
    """Print the memory of one rendering process, and by how much it grew."""
    pack = content()
    before = children()
    with Renderer(workers=1) as renderer:
        renderer.warm()
        (pid,) = children() - before
        for _ in renderer.render_many([pack] * WARM):
            pass
        warm = resident_mib(pid)
        print(f"One rendering process\n  after {WARM} packs   {warm:7.1f} MiB")
        for _ in renderer.render_many([pack] * MANY):
            pass
        full = resident_mib(pid)
    print(f"  after {MANY} more {full:7.1f} MiB")
    word = "met" if full - warm < MOST_GROWTH else "MISSED"
    print(f"  growth {full - warm:.1f} MiB (goal: under {MOST_GROWTH:.0f}) {word}")


if __name__ == "__main__":
    main()
