"""The rendering processes that a test started, seen from outside: which they are, and what memory they hold."""

from __future__ import annotations

import multiprocessing
import subprocess
from pathlib import Path


def children() -> frozenset[int]:
    """The ids of all living processes that this one started through multiprocessing."""
    return frozenset(child.pid for child in multiprocessing.active_children() if child.pid is not None)


def resident_mib(pid: int) -> float:
    """The memory that a process holds, in MiB."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout) / 1024
