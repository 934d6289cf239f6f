"""Inserting rows that another transaction may insert at the same moment, on both databases.

SQLite and PostgreSQL share `INSERT ... ON CONFLICT`; SQLAlchemy gives each its own function for it. Neither names the
columns that must be unique: a database that somebody has taken this constraint from would refuse every such statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from transition_exchange.store.base import Base


def insert_or_ignore(session: Session, table: type[Base], *, key: str, values: Mapping[str, Any]) -> None:
    """Insert a row, unless there is one with the same key already.

    On PostgreSQL it waits for a transaction that is inserting the same key, and ignores its own row if that commits.

    Args:
        session: an open write session.
        table: the model whose table gets the row.
        key: the column that must be unique.
        values: the row, by column.
    """
    if not session.scalar(select(exists().where(getattr(table, key) == values[key]))):
        _insert(session, table, values)


def insert_or_replace(session: Session, table: type[Base], *, key: str, values: Mapping[str, Any]) -> None:
    """Insert a row, or write its values over the row with the same key.

    Args:
        session: an open write session.
        table: the model whose table gets the row.
        key: the column that must be unique.
        values: the row, by column.
    """
    others = {column: value for column, value in values.items() if column != key}
    written = update(table).where(getattr(table, key) == values[key]).values(**others)
    replace = written.returning(getattr(table, key)).execution_options(synchronize_session=False)
    if not session.execute(replace).first() and not _insert(session, table, values):
        session.execute(replace)  # somebody else has inserted it in between


def _insert(session: Session, table: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless another one stands in its way. Returns whether it was inserted."""
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    inserted = kind.insert(table).values(**values).on_conflict_do_nothing()
    return session.execute(inserted.returning(*table.__table__.primary_key)).first() is not None
