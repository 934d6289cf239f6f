"""Tables in which a row can stand twice, as somebody leaves them who takes the constraints from a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from transition_exchange.store.base import Base
from transition_exchange.store.database import Database

TABLES = tuple(table.name for table in Base.metadata.sorted_tables)


def take_constraints(file: sqlite3.Connection) -> None:
    """Build every table anew, with its rows and without any key, index or check."""
    file.execute("PRAGMA foreign_keys = OFF")
    file.execute("PRAGMA legacy_alter_table = ON")
    for table in TABLES:
        file.execute(f"CREATE TABLE built_anew AS SELECT * FROM {table}")
        file.execute(f"DROP TABLE {table}")
        file.execute(f"ALTER TABLE built_anew RENAME TO {table}")


def double(file: sqlite3.Connection, table: str) -> int:
    """Put every row of a table in once more. Returns how many there were."""
    return file.execute(f"INSERT INTO {table} SELECT * FROM {table}").rowcount


def double_tables(db: Database, tables: Collection[str]) -> None:
    """Take the constraints from a database, and double the rows of some tables."""
    file = sqlite3.connect(str(db.url.database), isolation_level=None)
    take_constraints(file)
    for table in tables:
        assert double(file, table)
    file.close()
