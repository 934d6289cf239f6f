"""How much work something is, without a clock: the calls that Python makes for it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any


def calls(work: Callable[[], object]) -> int:
    """How many functions, Python's own among them, are called while something is done.

    A loaded machine is slower and calls no more, so a test compares the work for few rows with that for many.
    """
    counted = 0

    def count(frame: Any, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    gc.disable()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
        gc.enable()
    return counted
