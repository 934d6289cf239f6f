"""Write the lock files anew: names, versions and hashes only, never the address of a registry.

`requirements.lock` is what an installation runs on, `requirements-dev.lock` adds what tests and builds need,
`requirements-node.lock` is Node itself, for machines that have none.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# An address may only be a lock file's undoing: it would send every installation to one machine's registry.
ADDRESS = re.compile(r"[a-z+]+://|^--", re.MULTILINE)


def compile_lock(target: Path, source: str, *extra: str) -> None:
    """Resolve `source` into `target`.

    Raises:
        SystemExit: the resolver failed, or wrote an address.
    """
    command = [
        *("uv", "pip", "compile", source, "--universal", "--python-version", "3.11", "--upgrade"),
        *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"),
        *("--output-file", str(target), *extra),
    ]
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False)  # noqa: S603 -- fixed words
    if done.returncode:
        raise SystemExit(done.returncode)
    if ADDRESS.search(target.read_text()):
        raise SystemExit(f"{target.name} names an address; it should hold names, versions and hashes only")


if __name__ == "__main__":
    compile_lock(ROOT / "requirements.lock", "pyproject.toml")
    compile_lock(ROOT / "requirements-dev.lock", "pyproject.toml", "--extra", "dev")
    compile_lock(ROOT / "requirements-node.lock", "packaging/node.in")
