"""Access to the database: reading, writing, and bringing its tables up to date."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import cast

import psycopg
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from transition_exchange.private_files import keep_sqlite_private
from transition_exchange.store import drivers, keyed_digests
from transition_exchange.store.ciphertexts import IN_SESSION, Ciphertexts, DatabaseCiphertexts
from transition_exchange.store.stored_values import json_or_unreadable
from transition_exchange.store.unreadable import ReadingSession, each_row_once

BUSY_TIMEOUT_MS = 30_000
CHECKPOINT_TIMEOUT_MS = 1_000
"""How long emptying the log waits for readers; writers wait for it meanwhile."""


class NestedWrite(RuntimeError):
    """A write transaction was begun inside another one, which on SQLite would wait for itself."""


class Database:
    """A database of this installation, SQLite or PostgreSQL.

    Objects stay readable after their session ends: they are not expired on commit, and relationships load only where
    the query asks for them.
    """

    def __init__(
        self,
        url: str | URL,
        *,
        pool_size: int = 5,
        ciphertexts: Ciphertexts | None = None,
        digest_key: bytes | None = None,
    ) -> None:
        """Connect lazily to a database.

        Args:
            url: `sqlite:///PATH` or `postgresql://USER@HOST/NAME`.
            pool_size: how many connections this process keeps open; it may open as many again for a moment.
            ciphertexts: the place for sealed bytes; a table of this database if none is given.
            digest_key: the key of digests of what anybody could guess. All processes that serve pages need the same; a
                random one if none is given.

        Raises:
            ValueError: the address names another kind of database.
        """
        self.url = _with_driver(url)
        self.engine = _engine(self.url, pool_size)
        self._info = {
            IN_SESSION: ciphertexts or DatabaseCiphertexts(),
            keyed_digests.IN_SESSION: digest_key or secrets.token_bytes(32),
        }
        # A reader sees one state of the database from its first query to its last, as SQLite's readers do anyway. Else
        # it could meet the keys that a draft had before they were changed, and the ciphertexts that it has since.
        self._reading = self.engine.execution_options(
            **(
                {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
                if self.is_postgresql
                else {"writes": False}
            )
        )
        self._writing = self.engine.execution_options(writes=True)
        self._open_write: ContextVar[bool] = ContextVar("open_write", default=False)

    @property
    def is_postgresql(self) -> bool:
        """Whether it is PostgreSQL; SQLite otherwise."""
        return self.url.get_backend_name() == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading, which sees one state of the database throughout. Writing in it fails on both.

        Raises:
            Unreadable: a row of which there must be one is there twice.
        """
        with (
            each_row_once(),
            ReadingSession(
                self._reading, expire_on_commit=False, autoflush=False, info=self._info
            ) as session,
        ):
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session for writing. It commits at the end, or rolls back if an exception leaves the block.

        On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`), because a reader that upgrades fails when
        somebody else writes. Do slow work (rendering, encrypting, passphrases) before it.

        Raises:
            NestedWrite: this thread or task has a write session open already.
            Unreadable: a row of which there must be one is there twice.
        """
        if self._open_write.get():
            raise NestedWrite("a write transaction is open already")
        token = self._open_write.set(True)
        try:
            with (
                each_row_once(),
                ReadingSession(self._writing, expire_on_commit=False, info=self._info) as session,
                session.begin(),
            ):
                yield session
        finally:
            self._open_write.reset(token)

    def create(self) -> None:
        """Make all tables in an empty database, or bring an older one up to date. It is safe to repeat."""
        self.upgrade()

    def upgrade(self, revision: str = "head") -> None:
        """Run the migrations up to `revision`."""
        from transition_exchange.store.migrations import upgrade

        upgrade(self.engine, revision)

    def revision(self) -> str | None:
        """The migration of the tables; None in an empty database."""
        from transition_exchange.store.migrations import current

        return current(self.engine)

    def answers(self) -> bool:
        """Whether the database can be reached and has tables of this program."""
        try:
            with self.read() as session:
                return session.scalar(text("SELECT version_num FROM alembic_version")) is not None
        except SQLAlchemyError:
            return False

    def empty_log(self) -> bool:
        """Write SQLite's log back into the database and empty it, as it still holds what was overwritten since.

        A log that is read or written just then is left for the next call, so that nobody waits long for this one.
        PostgreSQL keeps logs of its own, which an operator's settings rule (docs/running.md).

        Returns:
            Whether nothing is left in the log; True on PostgreSQL.
        """
        if self.is_postgresql:
            return True
        # The driver's own connection, because a transaction, which SQLAlchemy would begin, locks the log itself.
        connection = self.engine.raw_connection()
        cursor = connection.cursor()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_TIMEOUT_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [busy, _, _] = cursor.fetchone() or (1, 0, 0)
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            cursor.close()
            connection.close()
        return not busy

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _with_driver(url: str | URL) -> URL:
    parsed = make_url(str(url).replace("postgres://", "postgresql://", 1) if isinstance(url, str) else url)
    match parsed.get_backend_name():
        case "postgresql":
            return parsed.set(drivername="postgresql+psycopg")
        case "sqlite":
            return parsed.set(drivername="sqlite+pysqlite")
    raise ValueError("the database must be SQLite or PostgreSQL")


def _engine(url: URL, pool_size: int) -> Engine:
    # What somebody typed must not reach a log, so errors show neither parameters nor details.
    if url.get_backend_name() == "postgresql":
        engine = create_engine(
            url,
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            pool_size=pool_size,
            max_overflow=pool_size,
            hide_parameters=True,
            json_deserializer=json_or_unreadable,
        )
        event.listen(engine, "handle_error", _without_details)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
        hide_parameters=True,
        json_deserializer=json_or_unreadable,
    )
    event.listen(engine, "do_connect", _keep_private)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _without_details(context: ExceptionContext) -> None:
    # PostgreSQL's DETAIL repeats the row: "Key (email)=(...) already exists."
    original, wrapped = context.original_exception, context.sqlalchemy_exception
    if isinstance(original, psycopg.Error) and original.diag.message_primary:
        original.args = (original.diag.message_primary,)
        if wrapped is not None:
            wrapped.args = (f"({type(original).__name__}) {original.diag.message_primary}",)


def _keep_private(
    dialect: Dialect, entry: ConnectionPoolEntry | None, args: Sequence[object], options: dict[str, object]
) -> None:
    path = str(args[0]) if args else ""
    if path and not path.startswith((":", "file:")):
        keep_sqlite_private(Path(path))


def _prepare_postgresql(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    drivers.prepare_postgresql(cast("psycopg.Connection", connection))


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    drivers.prepare_sqlite(cast("sqlite3.Connection", connection))
    # Otherwise Python's sqlite3 begins transactions itself, and never IMMEDIATE ones.
    cast("sqlite3.Connection", connection).isolation_level = None
    cursor = connection.cursor()
    # secure_delete overwrites deleted rows: nobody may read a withdrawn keyring in the file's free pages.
    pragmas = (
        "journal_mode = WAL", f"busy_timeout = {BUSY_TIMEOUT_MS}", "foreign_keys = ON", "secure_delete = ON"
    )  # fmt: skip
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
