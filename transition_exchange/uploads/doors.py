"""Shutting the ways out of this process before it reads an upload.

Each way is shut where the system lets it be shut, and `shut` says which are. None of it needs root or a package of its
own. Where a system offers nothing, the limits of `resource` remain, and the time limit of the process that waits.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from contextlib import suppress

from transition_exchange.process_memory import forbid_core_dumps
from transition_exchange.uploads import landlock, system_calls
from transition_exchange.uploads.answers import Doors

MEMORY = 1024**3
"""The address space of the process, in bytes."""

_NOBODY = 65534
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CLONE_NEWIPC = 0x08000000
_ALONE = _CLONE_NEWNET | _CLONE_NEWIPC
_PR_SET_NO_NEW_PRIVS = 38


def shut(*, seconds: int) -> Doors:
    """Shut all ways out of this process that this system can shut. There is no way back.

    Args:
        seconds: the processor time after which the system ends the process.

    Returns:
        What is shut now.
    """
    doors = Doors(0)
    # The order matters: root leaves the network as it is, others in a user namespace; the last ones forbid the others.
    for door, shuts in (
        (Doors.LIMITS, lambda: _set_limits(seconds)),
        (Doors.NETWORK, lambda: _leave_network(_ALONE)),
        (Doors.USER, _become_nobody),
        (Doors.NETWORK, lambda: _leave_network(_ALONE | _CLONE_NEWUSER)),
        (Doors.FILES, _close_files),
        (Doors.CALLS, _forbid_calls),
    ):
        if door not in doors and _succeeds(shuts):
            doors |= door
    return doors


def _succeeds(shuts: Callable[[], bool]) -> bool:
    try:
        return shuts()
    except (OSError, ValueError, AttributeError, ImportError):
        return False  # the system does not know it, or does not permit it here


def _set_limits(seconds: int) -> bool:
    import resource  # there is none on Windows

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    return True


def _leave_network(what: int) -> bool:
    """Move into a network with nothing on it, and away from other processes' shared memory."""
    return sys.platform == "linux" and bool(_libc().unshare(what) == 0)


def _become_nobody() -> bool:
    """Give up root. A process that was not started as root stays the user that it is, who is not root either."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    with suppress(OSError, ValueError, ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    return os.getuid() != 0 and os.geteuid() != 0


def _close_files() -> bool:
    _give_up_new_rights()
    return landlock.forbid_all()


def _forbid_calls() -> bool:
    _give_up_new_rights()
    return system_calls.forbid_others()


def _give_up_new_rights() -> None:
    """Never gain a right by running a program, which the kernel asks for first, and let nobody trace this process.

    Becoming another user has taken back that it must not be dumped, so it is said here.
    """
    forbid_core_dumps()
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
