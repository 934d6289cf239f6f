"""Inserting rows that another transaction may insert at the same moment, on both databases.

SQLite and PostgreSQL share `INSERT ... ON CONFLICT`; SQLAlchemy gives each its own function for it. No column that must
be unique is named: a database that somebody has taken this constraint from would refuse every such statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select
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
        kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(kind.insert(table).values(**values).on_conflict_do_nothing())
