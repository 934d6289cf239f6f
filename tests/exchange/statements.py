"""Counting what is asked of a database: an action that asks for each row alone is slow where there are many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from transition_exchange.store.database import Database


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements that are sent to a database meanwhile. One with many sets of values counts once."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
