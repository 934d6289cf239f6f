"""The queue of wake-up calls beside the database, and when the background work last did one.

The time is kept as plain text. Nothing of the queue is unpickled here: whoever can write to the database must not reach
the process that serves pages.
"""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime
from pathlib import Path

import psycopg
from huey import Huey, PostgresHuey, SqliteHuey
from sqlalchemy.engine import URL

from transition_exchange.private_files import keep_sqlite_private
from transition_exchange.store.postgresql import connection_string

_NAME, _LAST_ROUND = "exchange", "last-round"
_log = logging.getLogger(__name__)


def queue_at(url: URL, *, create: bool = True) -> Huey:
    """The queue of wake-up calls: a SQLite file beside a SQLite database, or tables in a PostgreSQL one.

    Args:
        url: the address of the database.
        create: whether the queue's tables are made where they are missing.
    """
    if url.get_backend_name() == "sqlite":
        file = f"{url.database}.jobs"
        keep_sqlite_private(Path(file))
        return SqliteHuey(_NAME, filename=file, results=False, create_tables=create)
    return PostgresHuey(_NAME, dsn=connection_string(url), results=False, create_tables=create)


def note_round(queue: Huey, now: datetime) -> None:
    """Note that the background work has just done a round. A failure is logged and stops nothing."""
    try:
        queue.storage.put_data(_LAST_ROUND, now.isoformat().encode())
    except (psycopg.Error, sqlite3.Error) as error:
        _log.warning("The time of this round could not be noted: %s", type(error).__name__)


def last_round(url: URL) -> datetime | None:
    """When the background work last did a round; None if it never did, or if that cannot be read.

    Args:
        url: the address of the database.
    """
    if url.get_backend_name() == "sqlite" and not Path(f"{url.database}.jobs").exists():
        return None
    queue = queue_at(url, create=False)
    try:
        text = queue.storage.peek_data(_LAST_ROUND)
        moment = (
            datetime.fromisoformat(bytes(text).decode()) if isinstance(text, bytes | memoryview) else None
        )
    except (psycopg.Error, sqlite3.Error, ValueError):
        return None
    finally:
        queue.storage.close()
    return moment if moment is not None and moment.tzinfo is not None else None
