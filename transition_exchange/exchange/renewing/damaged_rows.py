"""Going on past what cannot be opened or checked: one damaged row keeps nothing else from being made anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from transition_exchange.exchange.errors import NotFound, NotReady, Tampered
from transition_exchange.sealing import BadSignature, CannotOpen

Row = TypeVar("Row")
Made = TypeVar("Made")

DAMAGED = (Tampered, NotFound, NotReady, CannotOpen, BadSignature, KeyError)
"""What opening and checking raise where a row was changed, or one that belongs to it is missing."""


def past_damage(rows: Sequence[Row], make: Callable[[Row], Made | None]) -> tuple[list[Made], int]:
    """Make something of each of some rows.

    Args:
        rows: the rows, or their ids.
        make: makes it of one row; None if there is nothing to make any longer.

    Returns:
        What was made, in order, and for how many rows it failed because something is damaged.
    """
    made: list[Made] = []
    failed = 0
    for row in rows:
        try:
            one = make(row)
        except DAMAGED:
            failed += 1
            continue
        if one is not None:
            made.append(one)
    return made, failed
