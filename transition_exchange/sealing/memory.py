"""How much memory passphrase work may take at once: twenty people signing in must not exhaust the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition

_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_FALLBACK_KIB = 512 * 1024


def available_kib() -> int:
    """Memory that may still be used, in KiB: what the machine has free or the container's limit."""
    found: list[int] = []
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                found.append(int(line.split()[1]))
    for path in _CGROUP_LIMITS:
        with suppress(OSError, ValueError):  # absent outside a container, and "max" without a limit
            found.append(int(path.read_text()) // 1024)
    return min(found, default=_FALLBACK_KIB)


class MemoryBudget:
    """A semaphore that counts memory: whoever would exceed the budget waits for others to finish.

    Somebody who asks for more than the whole budget is let in alone, so that a small machine is slow, not
    stuck.
    """

    def __init__(self, kib: int) -> None:
        self._kib = kib
        self._used = 0
        self._freed = Condition()

    @contextmanager
    def reserve(self, kib: int) -> Iterator[None]:
        """Hold `kib` of the budget while the block runs."""
        with self._freed:
            self._freed.wait_for(lambda: self._used == 0 or self._used + kib <= self._kib)
            self._used += kib
        try:
            yield
        finally:
            with self._freed:
                self._used -= kib
                self._freed.notify_all()
