"""Databases as tests use them: what they compile is shared, and they do not wait for the disk.

SQLAlchemy keeps what it compiled for each engine by itself, since two engines may speak two dialects. All engines that
tests make on one kind of database speak the same, and each test has a database of its own. To wait until SQLite's file
is safe from a power cut takes longer than all else that a transaction does; a test's file is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry


class CompiledOnce(MutableMapping[Any, Any]):
    """What statements were compiled to, by kind of database in place of the engine's own dialect."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def __getitem__(self, key: tuple[Dialect, Any]) -> Any:
        return self._kept[_by_kind(key)]

    def get(self, key: tuple[Dialect, Any], default: Any = None) -> Any:
        return self._kept.get(_by_kind(key), default)

    def __setitem__(self, key: tuple[Dialect, Any], compiled: Any) -> None:
        self._kept[_by_kind(key)] = compiled

    def __delitem__(self, key: tuple[Dialect, Any]) -> None:
        del self._kept[_by_kind(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def _by_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return (key[0].name, *key[1:])


KEPT = CompiledOnce()


def engine(*where: Any, **options: Any) -> Engine:
    """An engine as `create_engine` makes it, which shares what others have compiled and does not wait for the disk."""
    made = create_engine(*where, **options)
    made.update_execution_options(compiled_cache=KEPT)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _hasten)
    return made


def _hasten(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
