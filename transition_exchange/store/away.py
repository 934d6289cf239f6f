"""A database that cannot be reached: whether an exception says so, and why, without an address or a password."""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

CERTIFICATES = "the file of authorities that sslrootcert names cannot be used"
FULL = "it has no connection free"
STARTING = "it is being started or stopped"

_FAILURES = (
    (
        "certificate verify failed",
        "its certificate is by an authority that sslrootcert does not name, or it has expired",
    ),
    ("does not match host name", "its certificate bears another name than the host that was asked for"),
    ("root certificate file", CERTIFICATES),
    ("could not read root certificate", CERTIFICATES),
    ("private key file", "the file that sslkey names cannot be used"),
    ("certificate file", "the file that sslcert names cannot be used"),
    ("does not support SSL", "it speaks no TLS"),
    ("could not translate host name", "the name of its host is unknown"),
    ("failed to resolve host", "the name of its host is unknown"),
    ("password authentication failed", "it does not take the user or the password"),
    ("no password supplied", "it asks for a password"),
    ("no pg_hba.conf entry", "it does not let this user in from here (pg_hba.conf)"),
    ("authentication failed", "it does not let this user in"),
    ('role "', "it has no such user"),
    ('database "', "it has no database of that name"),
    ("Connection refused", "nobody answers at that host and port"),
    ("timeout expired", "no answer came in time"),
    ("timed out", "no answer came in time"),
    ("No route to host", "no way leads to its host"),
    ("Network is unreachable", "no way leads to its host"),
    ("No such file or directory", "there is no server at that socket"),
    ("too many clients", FULL),
    ("connection slots are reserved", FULL),
    ("QueuePool limit", FULL),
    ("is starting up", STARTING),
    ("is shutting down", STARTING),
    ("terminating connection", STARTING),
    ("server closed the connection", "it ended the connection"),
    ("connection is closed", "it ended the connection"),
    ("connection is lost", "it ended the connection"),
    ("unable to open database file", "its file cannot be opened"),
    ("readonly database", "its file cannot be written"),
    ("database is locked", "somebody else holds its file"),
    ("disk I/O error", "its file cannot be read or written"),
    ("disk is full", "the disk is full"),
)
"""What libpq, the server and SQLite say, and what we say: their own text may hold names and passwords."""

_OF_SQLITE = ("unable to open database file", "readonly database", "database is locked", "disk ")
_STATES = ("08", "28", "3D", "53", "57P")
"""Classes of PostgreSQL's states: connections, signing in, an unknown database, too little of something, shut down."""


def why_unreachable(error: Exception) -> str:
    """Say why a database could not be reached, as far as that holds no address and no password.

    Args:
        error: what the driver raised.

    Returns:
        The end of a sentence that begins with "The database cannot be reached"; empty if nothing is known.
    """
    text = str(error)
    return next((f", for {words}" for phrase, words in _FAILURES if phrase in text), "")


def is_away(error: Exception) -> bool:
    """Whether an exception says that the database cannot be reached or used now, and not that a query is wrong.

    Args:
        error: what SQLAlchemy or a driver raised, or any other exception.
    """
    if isinstance(error, PoolTimeout):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return cause.sqlstate is None or cause.sqlstate.startswith(_STATES)
    if isinstance(cause, sqlite3.OperationalError):
        return any(phrase in str(cause) for phrase in _OF_SQLITE)
    return False
