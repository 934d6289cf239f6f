"""How PostgreSQL is reached: only over TLS whose certificate is verified, unless it runs on this machine.

Where the database is can be said in many ways: in the address, with several hosts and addresses, in a service file,
in variables such as `PGHOST` and `PGSSLMODE`. So the question goes to libpq, which reads them all: what is checked here
is what it will use.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from psycopg import conninfo, pq
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from transition_exchange.config import BadConfig, Config, is_loopback

_STOPS_BEFORE_CONNECTING = "target_session_attrs=nowhere"
"""A value that libpq refuses after it has read everything, and before it looks up or reaches any host."""


def connection_string(url: URL) -> str:
    """What libpq is given for an address, as SQLAlchemy would give it.

    Args:
        url: the address of a PostgreSQL database.

    Raises:
        psycopg.ProgrammingError: the address holds something that is no setting of a connection.
    """
    _, settings = url.set(drivername="postgresql+psycopg").get_dialect()().create_connect_args(url)
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    # What is not libpq's is psycopg's own, such as `prepare_threshold`, and says nothing about where or how.
    return conninfo.make_conninfo("", **{name: value for name, value in settings.items() if name in known})


def require_verified(config: Config) -> None:
    """Refuse a PostgreSQL on another machine whose certificate would not be verified.

    Args:
        config: the settings; `database_without_verified_tls` switches this off.

    Raises:
        BadConfig: it would be reached without `sslmode=verify-full`, or the address cannot be understood. The message
            repeats neither, as they may hold a password.
    """
    try:
        url = make_url(config.database_url.replace("postgres://", "postgresql://", 1))
        if url.get_backend_name() != "postgresql":
            return
        settings = _as_libpq_reads(connection_string(url))
    except (ArgumentError, ValueError, psycopg.Error):
        settings = {}
    if "sslmode" not in settings:
        raise BadConfig(
            "DATABASE_URL cannot be understood, or the service or variable that it relies on "
            "(PGSERVICE, PGHOST, ...) cannot."
        )
    if config.database_without_verified_tls or settings["sslmode"] == "verify-full":
        return
    away = next((place for place in _places(settings) if not _is_this_machine(place)), None)
    if away is not None:
        raise BadConfig(
            f"DATABASE_URL leads to another machine ({away}) with sslmode={settings['sslmode']}, so whoever "
            "stands in between could read and change everything. Add sslmode=verify-full, and sslrootcert=FILE "
            "with the authority that certifies the database (for a public one: "
            "/etc/ssl/certs/ca-certificates.crt). DATABASE_WITHOUT_VERIFIED_TLS=yes does without."
        )


def _as_libpq_reads(string: str) -> dict[str, str]:
    """Every setting in force by its name, with variables and the service file; empty if they cannot be read."""
    connection = pq.PGconn.connect_start(f"{string} {_STOPS_BEFORE_CONNECTING}".encode())
    try:
        return {option.keyword.decode(): option.val.decode() for option in connection.info if option.val}
    finally:
        connection.finish()


def _places(settings: dict[str, str]) -> Iterator[str]:
    """Where libpq will go: for each host its `hostaddr` if it has one, else its name; empty for its own default."""
    names = settings.get("host", "").split(",")
    addresses = settings.get("hostaddr", "").split(",")
    for number in range(max(len(names), len(addresses))):
        address = addresses[number] if number < len(addresses) else ""
        name = names[number] if number < len(names) else ""
        yield address or name


def _is_this_machine(place: str) -> bool:
    # A name that begins with a slash is the folder of a Unix socket, one with @ an abstract socket; the default is
    # a Unix socket, or localhost where there are none (libpq, "host").
    return not place or place.startswith(("/", "@")) or is_loopback(place)
