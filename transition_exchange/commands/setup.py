"""What commands need first: the settings, and a database with this version's tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from transition_exchange.config import INSTALLATION_KEY, SECRET_KEY, BadConfig, Config, from_environment
from transition_exchange.private_files import rights_in_words, sqlite_files
from transition_exchange.store.away import why_unreachable
from transition_exchange.store.database import Database
from transition_exchange.store.migrations import revisions
from transition_exchange.store.postgresql import require_verified

SECRET_FILES = ("SECRET_KEY_FILE", "INSTALLATION_KEY_FILE", "SMTP_PASSWORD_FILE")
"""Settings that name a file with a secret, which an operator made."""


class NotReady(click.ClickException):
    """Something must be set up first; the message says what."""

    exit_code = 2


def config_of() -> Config:
    """The settings of this installation. Files that other users of this machine can read are closed or named.

    Raises:
        NotReady: a setting is wrong, or the database would be reached without verified TLS.
    """
    try:
        config = from_environment()
        require_verified(config)
    except BadConfig as error:
        raise NotReady(str(error)) from None
    for sentence in _rights(config):
        click.echo(sentence, err=True)
    return config


def _rights(config: Config) -> Iterator[str]:
    own = [config.instance / SECRET_KEY, config.instance / INSTALLATION_KEY]
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        for database in (Path(url.database), Path(f"{url.database}.jobs")):
            own += sqlite_files(database)
    named = [Path(os.environ[name]) for name in SECRET_FILES if os.environ.get(name)]
    return rights_in_words(folder=config.instance, own=tuple(own), named=tuple(named))


@contextmanager
def ready_database(config: Config) -> Iterator[Database]:
    """The database, if its tables are up to date.

    Raises:
        NotReady: it cannot be reached, it is empty, or it has the tables of another version.
    """
    db = Database(config.database_url, digest_key=config.digest_key)
    try:
        require_current(db)
        yield db
    finally:
        db.dispose()


def require_current(db: Database) -> None:
    """Refuse a database that does not have this version's tables.

    Raises:
        NotReady: it cannot be used; the message says which command to run.
    """
    known = revisions()
    if not db.is_postgresql and db.url.database and not Path(db.url.database).exists():
        raise NotReady("There is no database yet: run `transition-exchange init`.")
    try:
        stands_at = db.revision()
    except OperationalError as error:
        # The driver's text may hold the address, and with it a password.
        raise NotReady(f"The database cannot be reached{why_unreachable(error)}: see DATABASE_URL.") from None
    if stands_at is None:
        raise NotReady("The database is empty: run `transition-exchange init`.")
    if stands_at not in known:
        raise NotReady("The database was written by a newer version of this program.")
    if stands_at != known[-1]:
        raise NotReady("The database was written by an older version: run `transition-exchange upgrade`.")
