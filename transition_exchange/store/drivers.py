"""What the drivers give for a value that Python cannot hold.

A query fails as a whole if the driver raises an error for one of its values, before any type of column has seen it.
PostgreSQL stores dates before the year 1, after the year 9999 and infinite ones. SQLite takes any bytes for a text.
Such a value is handed on as one that no column takes, so that the row alone is left out.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from transition_exchange.store.unreadable import UNREADABLE

_MOMENTS = ("date", "timestamp", "timestamptz")
"""The types of PostgreSQL that hold more than Python does."""


class _MomentLoader(Loader):
    """Loads as psycopg does by itself, and gives `UNREADABLE` instead of an error."""

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        usual = psycopg.adapters.get_loader(oid, self.format)
        assert usual is not None, "psycopg loads every type of moment"
        self._usual = usual(oid, context)

    def load(self, data: Buffer) -> Any:
        """The moment; `UNREADABLE` if Python has none for it."""
        try:
            return self._usual.load(data)
        except psycopg.DataError:
            return UNREADABLE


class _BinaryMomentLoader(_MomentLoader):
    format = Format.BINARY


def prepare_postgresql(connection: psycopg.Connection) -> None:
    """Let a connection read every moment that PostgreSQL stores."""
    for name in _MOMENTS:
        connection.adapters.register_loader(name, _MomentLoader)
        connection.adapters.register_loader(name, _BinaryMomentLoader)


def prepare_sqlite(connection: sqlite3.Connection) -> None:
    """Let a connection read every text that SQLite stores. One that is no UTF-8 stays bytes, which no text is."""
    connection.text_factory = _text


def _text(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw
