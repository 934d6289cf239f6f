"""What commands need first: the settings, and a database with this version's tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from transition_exchange.config import BadConfig, Config, from_environment
from transition_exchange.store.database import Database
from transition_exchange.store.migrations import revisions


class NotReady(click.ClickException):
    """Something must be set up first; the message says what."""

    exit_code = 2


def config_of() -> Config:
    """The settings of this installation.

    Raises:
        NotReady: a setting is wrong.
    """
    try:
        return from_environment()
    except BadConfig as error:
        raise NotReady(str(error)) from None


@contextmanager
def ready_database(config: Config) -> Iterator[Database]:
    """The database, if its tables are up to date.

    Raises:
        NotReady: it cannot be reached, it is empty, or it has the tables of another version.
    """
    db = Database(config.database_url)
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
    except OperationalError:
        # The driver's text may hold the address, and with it a password.
        raise NotReady("The database cannot be reached: see DATABASE_URL.") from None
    if stands_at is None:
        raise NotReady("The database is empty: run `transition-exchange init`.")
    if stands_at not in known:
        raise NotReady("The database was written by a newer version of this program.")
    if stands_at != known[-1]:
        raise NotReady("The database was written by an older version: run `transition-exchange upgrade`.")
