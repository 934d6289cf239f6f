"""Inserting rows that another transaction may insert at the same moment, on both databases.

SQLite and PostgreSQL share `INSERT ... ON CONFLICT`; SQLAlchemy gives each its own function for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from transition_exchange.store.base import Base

_Insert = postgresql.Insert | sqlite.Insert


def insert_or_ignore(session: Session, table: type[Base], *, key: str, values: Mapping[str, Any]) -> None:
    """Insert a row, unless there is one with the same key already.

    On PostgreSQL it waits for a transaction that is inserting the same key, and ignores its own row if that commits.

    Args:
        session: an open write session.
        table: the model whose table gets the row.
        key: the column that must be unique.
        values: the row, by column.
    """
    session.execute(_insert(session, table, values).on_conflict_do_nothing(index_elements=[key]))


def insert_or_replace(session: Session, table: type[Base], *, key: str, values: Mapping[str, Any]) -> None:
    """Insert a row, or write its values over the row with the same key.

    Args:
        session: an open write session.
        table: the model whose table gets the row.
        key: the column that must be unique.
        values: the row, by column.
    """
    others = {column: value for column, value in values.items() if column != key}
    session.execute(_insert(session, table, values).on_conflict_do_update(index_elements=[key], set_=others))


def _insert(session: Session, table: type[Base], values: Mapping[str, Any]) -> _Insert:
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).values(**values)
    return sqlite.insert(table).values(**values)
