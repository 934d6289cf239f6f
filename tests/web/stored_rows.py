"""What is stored, row by row and column by column, and what of it changed while something was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import inspect, select

from transition_exchange.store.base import Base
from transition_exchange.store.database import Database

Rows = dict[tuple[str, tuple[Any, ...]], dict[str, Any]]
"""Each row's columns by its table and primary key."""


class Change(NamedTuple):
    """What happened to one row: `inserted`, `deleted`, or the names of the columns that changed."""

    table: str
    columns: frozenset[str]
    row: dict[str, Any]


INSERTED = frozenset({"inserted"})
DELETED = frozenset({"deleted"})


@dataclass
class Watch:
    """Tells after each action what it changed. It reads the tables only if somebody has committed something."""

    db: Database

    def __post_init__(self) -> None:
        self._connection = self.db.engine.connect()
        self._version = self._committed()
        self._rows = self._read()

    def changes(self) -> list[Change]:
        """What changed since the last call."""
        version = self._committed()
        if version == self._version:
            return []
        before, self._rows, self._version = self._rows, self._read(), version
        return list(_differences(before, self._rows))

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _committed(self) -> int:
        """A number of SQLite's that rises with every commit of another connection."""
        number: int = self._connection.exec_driver_sql("PRAGMA data_version").scalar_one()
        self._connection.rollback()
        return number

    def _read(self) -> Rows:
        rows: Rows = {}
        with self.db.read() as session:
            for table in Base.metadata.sorted_tables:
                keys = [column.name for column in inspect(table).primary_key]
                for row in session.execute(select(table)).mappings():
                    columns = dict(row)
                    rows[table.name, tuple(columns[key] for key in keys)] = columns
        return rows


def _differences(before: Rows, after: Rows) -> Iterator[Change]:
    for key, row in after.items():
        table = key[0]
        if key not in before:
            yield Change(table, INSERTED, row)
        elif changed := frozenset(name for name, value in row.items() if value != before[key][name]):
            yield Change(table, changed, row)
    for key in before.keys() - after.keys():
        yield Change(key[0], DELETED, before[key])
