"""Going on past what cannot be read, opened or checked: one damaged row keeps nothing else from being done.

Whoever can write to the database can put any value into a row. Steps over many rows count those that are damaged, leave
them as they are and go on with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.errors import NotFound, NotReady, Tampered
from transition_exchange.proforma import UnknownVersion
from transition_exchange.sealing import BadSignature, CannotOpen
from transition_exchange.store.models import (
    Area,
    Card,
    Grant,
    QueryMessage,
    Record,
    Revision,
    TeamChange,
    TeamContact,
    TeamKey,
    Transfer,
)
from transition_exchange.store.unreadable import Unreadable, left_out

Row = TypeVar("Row")
Made = TypeVar("Made")
Stored = TypeVar(
    "Stored", Area, Card, Grant, QueryMessage, Record, Revision, TeamChange, TeamContact, TeamKey, Transfer
)

DAMAGED = (Tampered, NotFound, NotReady, Unreadable, UnknownVersion, CannotOpen, BadSignature)
"""What reading, opening and checking raise where a row was changed, or one that belongs to it is missing.

A fault of the program, such as a `KeyError`, is not among them: it would be taken for damage and never be mended.
"""


def past_damage(rows: Sequence[Row], make: Callable[[Row], Made | None]) -> tuple[list[Made], int]:
    """Make something of each of some rows.

    Args:
        rows: the rows, or their ids.
        make: makes it of one row; None if there is nothing to make any longer. If it came to nothing because a query in
            it left out a row that cannot be read, that is damage too.

    Returns:
        What was made, in order, and for how many rows it failed because something is damaged.
    """
    made: list[Made] = []
    failed = 0
    for row in rows:
        before = left_out()
        try:
            one = make(row)
        except DAMAGED:
            failed += 1
            continue
        if one is not None:
            made.append(one)
        elif left_out() != before:
            failed += 1
    return made, failed


def rows_of(
    session: Session, kind: type[Stored], ids: Sequence[UUID], *, lock: bool = False
) -> tuple[list[Stored], list[UUID]]:
    """The rows with some ids, of which some may be damaged.

    Args:
        session: a session of the database.
        kind: what the rows are.
        ids: the ids. One that is there no longer is no damage.
        lock: whether the rows are locked until the transaction ends, in the order of their ids.

    Returns:
        The rows that can be read, in the order of `ids`, and the ids of those that cannot.
    """
    query = select(kind).where(kind.id.in_(ids))
    if lock:
        query = query.order_by(kind.id).with_for_update()
    rows = {row.id: row for row in session.scalars(query)}
    damaged = [row_id for row_id in ids if row_id not in rows and _is_damaged(session, kind, row_id)]
    return [rows[row_id] for row_id in ids if row_id in rows], damaged


def _is_damaged(session: Session, kind: type[Stored], row_id: UUID) -> bool:
    """Whether a row is there and cannot be read."""
    try:
        session.get(kind, row_id)
    except Unreadable:
        return True
    return False
