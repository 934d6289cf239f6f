"""The limit on memory for passphrase work: twenty people who sign in at once must not exhaust the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition

_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_FALLBACK_KIB = 512 * 1024


def available_kib() -> int:
    """Memory that may still be used, in KiB: the machine's free memory or the container's limit, if that is less."""
    limits: list[int] = []
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                limits.append(int(line.split()[1]))
    for path in _CGROUP_LIMITS:
        with suppress(OSError, ValueError):  # absent outside a container, and "max" without a limit
            limits.append(int(path.read_text()) // 1024)
    return min(limits, default=_FALLBACK_KIB)


class MemoryBudget:
    """A semaphore that counts memory. A caller who would exceed the budget waits until others finish.

    A caller who asks for more than the whole budget runs alone, so a small machine is slow instead of stuck.
    """

    def __init__(self, kib: int) -> None:
        self._kib = kib
        self._used = 0
        self._freed = Condition()

    @contextmanager
    def reserve(self, kib: int) -> Iterator[None]:
        """Reserve `kib` of the budget while the block runs."""
        with self._freed:
            self._freed.wait_for(lambda: self._used == 0 or self._used + kib <= self._kib)
            self._used += kib
        try:
            yield
        finally:
            with self._freed:
                self._used -= kib
                self._freed.notify_all()
