"""What a process says about itself; a spawned process can be asked by these functions, for they belong to a module."""

from __future__ import annotations

import resource

from transition_exchange.process_memory import is_dumpable


def core_limit() -> tuple[int, int]:
    """The size of a core dump that this process may leave, soft and hard."""
    return resource.getrlimit(resource.RLIMIT_CORE)


def dumpable() -> bool:
    """Whether the operating system may dump this process."""
    return is_dumpable()


def nothing() -> None:
    """What a process that needs no preparation is made ready with."""
