"""How much passphrase work this machine can do at the same time: by its cores and by its free memory."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Sizes:
    """How many tries at a passphrase may run at the same time.

    Attributes:
        strangers: places for browsers that nobody has signed in with before.
        own: further places for browsers that somebody has signed in with before, and for people who are signed in.
        share: how many of the strangers' places one network address may hold.
        unit_kib: the memory of one place, in KiB.
    """

    strangers: int
    own: int
    share: int
    unit_kib: int


def sizes(*, unit_kib: int, free_kib: int | None = None, count_of_cores: int | None = None) -> Sizes:
    """The sizes for this machine.

    Half of the free memory is for passphrase work, because pages, ciphertexts and rendering processes need the rest.
    Strangers get no more places than there are cores (but three), so that pages are still served while they are all
    taken. There is always one place of each kind: a very small machine is slow instead of closed. One address may hold
    two places, because two colleagues behind it sign in at the same moment, but never all of them, because whoever
    guesses from one address must not keep everybody else out. Only where there is a single place can it hold that one.

    Args:
        unit_kib: the memory of one try, in KiB.
        free_kib: the free memory; measured if left out.
        count_of_cores: the cores; counted if left out.
    """
    free = available_kib() if free_kib is None else free_kib
    count = cores() if count_of_cores is None else count_of_cores
    fitting = max(2, free // 2 // unit_kib)
    strangers = max(1, min(max(3, count), fitting // 2))
    own = max(1, min(4 * count, fitting - strangers))
    share = max(1, min(strangers - 1, max(2, strangers // 4)))
    return Sizes(strangers=strangers, own=own, share=share, unit_kib=unit_kib)
