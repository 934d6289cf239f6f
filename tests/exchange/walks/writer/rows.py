"""All rows of a database as values, and the database put back to an earlier state."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Column, Connection, NullPool, Table, TypeDecorator, create_engine, event, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.types import TypeEngine

from transition_exchange.store.base import Base
from transition_exchange.store.database import Database

Row = Mapping[str, Any]
"""A row's values by column."""
Rows = Mapping[str, Mapping[Any, Row]]
"""All rows by table and primary key. No table has a primary key of two columns."""

TABLES: Mapping[str, Table] = {table.name: table for table in Base.metadata.sorted_tables}


def primary_key(table: Table) -> str:
    """The name of a table's primary key."""
    (column,) = table.primary_key.columns
    return column.name


def kind_of(column: Column[Any]) -> TypeEngine[Any]:
    """What a column holds, without the check of what is read from it."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def read_rows(connection: Connection) -> Rows:
    """Every row of every table."""
    rows: dict[str, dict[Any, Row]] = {}
    for name, table in TABLES.items():
        key = primary_key(table)
        rows[name] = {row[key]: dict(row) for row in connection.execute(select(table)).mappings()}
    return rows


class Copies:
    """A database that is put back to what it was before each write.

    One connection pool serves all copies, because SQLAlchemy keeps the statements that it has compiled with it.
    """

    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self._path = Path(str(db.url.database))
        self._kept = folder / "kept.db"
        # What is written here need not survive a power cut.
        event.listen(db.engine, "connect", _unsynced)
        db.dispose()
        self._copy(self._path, self._kept)
        self._writer = create_engine(f"sqlite:///{self._path}", poolclass=NullPool)

    def put_back(self) -> None:
        """Undo everything that was written since the copies began."""
        self._copy(self._kept, self._path)

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with sqlite3.connect(source) as read, sqlite3.connect(target) as written:
            read.backup(written)
        read.close()
        written.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection of somebody who can write to the database. Neither foreign keys nor checks bind them."""
        with self._writer.connect() as connection, connection.begin():
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            yield connection


def _unsynced(connection: DBAPIConnection, _record: object) -> None:
    cast("sqlite3.Connection", connection).execute("PRAGMA synchronous = OFF")
