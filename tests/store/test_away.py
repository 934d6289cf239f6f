"""A database that cannot be reached is told from a query that is wrong, and the cause is said without a password."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from transition_exchange.store.away import is_away, why_unreachable
from transition_exchange.store.database import Database

SECRET = "s3cret"  # pragma: allowlist secret


def failure(url: str) -> OperationalError:
    """What happens when a database is asked that cannot be reached."""
    db = Database(url)
    with pytest.raises(OperationalError) as error, db.read() as session:
        session.execute(text("SELECT 1"))
    db.dispose()
    return error.value


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"postgresql://exchange:{SECRET}@127.0.0.1:1/exchange", "nobody answers at that host and port"),
        (f"postgresql://exchange:{SECRET}@/exchange?host=/nowhere", "there is no server at that socket"),
    ],
)
def test_a_server_that_is_not_there_is_away(url: str, words: str) -> None:
    error = failure(url)
    assert is_away(error)
    assert why_unreachable(error) == f", for {words}"


def test_a_file_that_cannot_be_opened_is_away(tmp_path: Path) -> None:
    error = failure(f"sqlite:///{tmp_path / 'missing' / 'exchange.sqlite3'}")
    assert is_away(error)
    assert why_unreachable(error) == ", for its file cannot be opened"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            'FATAL:  password authentication failed for user "exchange"',
            "it does not take the user or the password",
        ),
        ('FATAL:  database "exchang" does not exist', "it has no database of that name"),
        ('FATAL:  role "exchang" does not exist', "it has no such user"),
        (
            'root certificate file "/nowhere.pem" does not exist',
            "the file of authorities that sslrootcert names",
        ),
        ('could not read certificate file "/nowhere.pem"', "the file that sslcert names"),
        ('could not load private key file "/nowhere.key"', "the file that sslkey names"),
        ('could not translate host name "db.exampel" to address', "the name of its host is unknown"),
        ("failed to resolve host 'db.exampel': [Errno -2]", "the name of its host is unknown"),
        ("FATAL:  sorry, too many clients already", "it has no connection free"),
        ("FATAL:  the database system is starting up", "it is being started or stopped"),
        ("server closed the connection unexpectedly", "it ended the connection"),
        ("connection timeout expired", "no answer came in time"),
    ],
)
def test_each_cause_is_said_without_what_the_driver_repeats(said: str, words: str) -> None:
    error = OperationalError("SELECT 1", {}, psycopg.OperationalError(f"{said} {SECRET}"))
    assert is_away(error)
    assert why_unreachable(error).startswith(f", for {words}")
    assert SECRET not in why_unreachable(error)


def wrapped(cause: BaseException) -> DBAPIError:
    return OperationalError("SELECT 1", {}, cause)


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (wrapped(psycopg.errors.AdminShutdown()), True),
        (wrapped(psycopg.errors.TooManyConnections()), True),
        (wrapped(psycopg.errors.DeadlockDetected()), False),
        (wrapped(psycopg.errors.QueryCanceled()), False),
        (wrapped(sqlite3.OperationalError("database is locked")), True),
        (wrapped(sqlite3.OperationalError("no such table: areas")), False),
        (psycopg.InterfaceError("connection is lost"), True),
        (PoolTimeout("QueuePool limit of size 5 overflow 5 reached"), True),
        (ProgrammingError("SELECT 1", {}, psycopg.errors.UndefinedTable()), False),
        (ValueError("connection refused"), False),
    ],
)
def test_what_is_away_is_told_from_what_is_wrong(error: Exception, away: bool) -> None:
    assert is_away(error) is away


def test_what_is_not_known_is_not_explained() -> None:
    assert why_unreachable(OperationalError("SELECT 1", {}, Exception("something else"))) == ""
