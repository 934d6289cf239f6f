"""Going on past what cannot be opened or checked: one damaged row keeps nothing else from being made anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from transition_exchange.exchange.errors import NotFound, NotReady, Tampered
from transition_exchange.sealing import BadSignature, CannotOpen

Made = TypeVar("Made")

DAMAGED = (Tampered, NotFound, NotReady, CannotOpen, BadSignature, KeyError)
"""What opening and checking raise where a row was changed, or one that belongs to it is missing."""


def past_damage(ids: Sequence[UUID], make: Callable[[UUID], Made | None]) -> tuple[list[Made], int]:
    """Make something for each of some rows.

    Args:
        ids: the rows.
        make: makes it for one row; None if there is nothing to make any longer.

    Returns:
        What was made, in order, and for how many rows it failed because something is damaged.
    """
    made: list[Made] = []
    failed = 0
    for row_id in ids:
        try:
            one = make(row_id)
        except DAMAGED:
            failed += 1
            continue
        if one is not None:
            made.append(one)
    return made, failed
