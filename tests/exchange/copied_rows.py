"""The rows of a database as a whole, read from one and brought into another that holds what the first held before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from transition_exchange.store.base import Base
from transition_exchange.store.database import Database

Rows = Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]
"""What stands in each table, in an order in which foreign keys allow it to be written."""


def rows_in(db: Database) -> Rows:
    """What stands in every table now."""
    with db.read() as session:
        return list(_tables(session))


def _tables(session: Session) -> Iterator[tuple[Table, Sequence[Mapping[str, Any]]]]:
    for table in Base.metadata.sorted_tables:
        yield table, [dict(row) for row in session.execute(select(table)).mappings()]


def insert_all(session: Session, rows: Rows) -> None:
    """Write rows into tables that are empty."""
    for table, present in rows:
        if present:
            session.execute(insert(table), present)


def bring(session: Session, before: Rows, after: Rows) -> bool:
    """Turn what stands in every table into other rows, if it is still what is expected.

    Returns:
        Whether it was; nothing is written otherwise.
    """
    if any(
        _by_key(table, present) != _by_key(table, expected)
        for (table, present), (_, expected) in zip(_tables(session), before, strict=True)
    ):
        return False
    for (table, earlier), (_, later) in zip(before, after, strict=True):
        _change(session, table, _by_key(table, earlier), _by_key(table, later))
    return True


def _by_key(table: Table, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    keys = [column.name for column in table.primary_key]
    return {tuple(row[key] for key in keys): row for row in rows}


def _change(
    session: Session,
    table: Table,
    before: Mapping[tuple[Any, ...], Mapping[str, Any]],
    after: Mapping[tuple[Any, ...], Mapping[str, Any]],
) -> None:
    """Insert the rows that came, delete those that went, and change those that changed."""
    if came := [row for key, row in after.items() if key not in before]:
        session.execute(insert(table), came)
    for key, row in before.items():
        this_row = (column == value for column, value in zip(table.primary_key, key, strict=True))
        if key not in after:
            session.execute(delete(table).where(*this_row))
        elif after[key] != row:
            session.execute(update(table).where(*this_row).values(**after[key]))
