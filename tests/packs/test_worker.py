"""Inside a rendering process: memory does not grow from pack to pack."""

from __future__ import annotations

from pathlib import Path

from tests.packs.child_processes import children, resident_mib
from tests.packs.marked_records import answers_of, pack, sample
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma import load

MOST_GROWTH = 20
"""MiB over forty packs. Without collecting garbage it was more than a hundred and fifty."""


def test_forty_packs_leave_the_memory_as_it_was(own_scratch: Path) -> None:
    learner = sample("core/2027.1", "K")
    content = pack(load(learner.version), answers_of(learner))
    before = children()
    with Renderer(workers=1) as renderer:
        renderer.warm()
        (pid,) = children() - before
        for _ in range(10):
            renderer.render(content)
        warm = resident_mib(pid)
        for _ in range(40):
            renderer.render(content)
        assert resident_mib(pid) - warm < MOST_GROWTH
        assert children() - before == {pid}
