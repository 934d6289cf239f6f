"""Write the lock files: names, versions and hashes only, never the address of a registry.

    python packaging/lock.py [--keep]

`requirements.lock` is what an installation runs on, `requirements-dev.lock` adds what tests and builds need,
`requirements-node.lock` is Node itself, for machines that have none.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"[a-z+]+://|^--", re.MULTILINE)
"""An address or an option: in a lock file it would send every installation to one machine's registry."""


def compile_lock(target: Path, source: str, *extra: str) -> None:
    """Resolve `source` into `target`.

    Args:
        target: the lock file; versions that stand in it are kept unless `extra` holds `--upgrade`.
        source: the file that names the dependencies, relative to the checkout.
        extra: more options for the resolver.

    Raises:
        SystemExit: the resolver failed, or wrote an address.
    """
    command = [
        *("uv", "pip", "compile", source, "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"),
        *("--output-file", str(target), *extra),
    ]
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False)  # noqa: S603 -- fixed words
    if done.returncode:
        raise SystemExit(done.returncode)
    if ADDRESS.search(target.read_text()):
        raise SystemExit(f"{target.name} names an address; it must hold names, versions and hashes only")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write all three lock files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--keep", action="store_true", help="keep every version that is locked, and add what is new"
    )
    upgrade = () if parser.parse_args(arguments).keep else ("--upgrade",)
    compile_lock(ROOT / "requirements.lock", "pyproject.toml", *upgrade)
    compile_lock(ROOT / "requirements-dev.lock", "pyproject.toml", "--extra", "dev", *upgrade)
    compile_lock(ROOT / "requirements-node.lock", "packaging/node.in", *upgrade)


if __name__ == "__main__":
    main()
