"""What a process holds in memory stays there: the operating system writes no core dump of it.

A core dump is a file with everything a process has in memory: keys, and what people wrote. This module imports nothing
else of the project, so every floor may use it.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4


def forbid_core_dumps() -> None:
    """Forbid core dumps of this process and of those that it forks. Doing it twice does no harm.

    The limit alone is not enough: where `core_pattern` names a program, Linux hands it the memory whatever the limit
    (core(5)). So the process also says that it is not dumpable (prctl(2), PR_SET_DUMPABLE); then no other process of
    the same user can read its memory either. The limit survives the start of another program, the flag does not, so
    a process that was spawned calls this again.
    """
    _lower_limit()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _lower_limit() -> None:
    with suppress(ImportError):  # Windows has no such limit, and writes no core dumps
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def is_dumpable() -> bool:
    """Whether this process may be dumped, as the operating system sees it; only Linux can say."""
    return sys.platform != "linux" or bool(ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0))
