"""Giving up all files and connections with Landlock, which needs no rights.

A ruleset says which kinds of access it handles. What is handled and has no rule is forbidden, and here nothing has a
rule. What is open already stays open. Source: `Documentation/userspace-api/landlock.rst` and
`include/uapi/linux/landlock.h` of Linux; the numbers of the calls are the same on every architecture.
"""

from __future__ import annotations

import ctypes
import os
import sys

_CREATE_RULESET = 444
_RESTRICT_SELF = 446
_ASK_VERSION = 1

_FILE_RIGHTS = ((1, 13), (2, 14), (3, 15), (5, 16))
"""From which version of the interface on the kernel knows how many rights on files."""

_NETWORK_VERSION, _NETWORK_RIGHTS = 4, 0b11
"""Binding and connecting TCP."""

_SCOPE_VERSION, _SCOPES = 6, 0b11
"""Abstract Unix sockets and signals, both beyond this process."""


class _Ruleset(ctypes.Structure):
    """`struct landlock_ruleset_attr`."""

    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def forbid_all() -> bool:
    """Forbid this process every file, and with newer kernels every connection and signal to others.

    The process must have given up new rights (`PR_SET_NO_NEW_PRIVS`) or have the right to administer the system.

    Returns:
        Whether the kernel did it.
    """
    if sys.platform != "linux":
        return False
    call = ctypes.CDLL(None, use_errno=True).syscall
    version = call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    if version < 1:
        return False
    handled, size = ruleset_for(version)
    ruleset = call(_CREATE_RULESET, ctypes.byref(handled), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        return bool(call(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)) == 0)
    finally:
        os.close(ruleset)


def ruleset_for(version: int) -> tuple[_Ruleset, int]:
    """Everything that a version of the interface can forbid, and the length of that version's structure in bytes."""
    rights = max(number for since, number in _FILE_RIGHTS if version >= since)
    ruleset, size = _Ruleset(handled_access_fs=(1 << rights) - 1), 8
    if version >= _NETWORK_VERSION:
        ruleset.handled_access_net, size = _NETWORK_RIGHTS, 16
    if version >= _SCOPE_VERSION:
        ruleset.scoped, size = _SCOPES, 24
    return ruleset, size
