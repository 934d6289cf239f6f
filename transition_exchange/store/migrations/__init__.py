"""Alembic migrations, packaged with the code and run from it, without an ini file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).parent


def configuration(connection: Connection | None = None) -> Config:
    """The settings for Alembic's commands, with the connection to use."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to `revision`, in one transaction.

    SQLite changes a table by making a new one and dropping the old. If foreign keys were enforced meanwhile, the rows
    that refer to the old table would be deleted with it. So they are checked at the end instead.

    Raises:
        RuntimeError: a row refers to another that is not there. Nothing was changed.
    """
    with engine.connect() as connection, _foreign_keys_unenforced(connection), connection.begin():
        command.upgrade(configuration(connection), revision)
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(
                    f"After the upgrade, {len(broken)} rows would refer to rows that are missing."
                )


@contextmanager
def _foreign_keys_unenforced(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.cursor()  # outside a transaction, in which SQLite ignores the setting
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def current(engine: Engine) -> str | None:
    """The migration of a database; None in an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def revisions() -> tuple[str, ...]:
    """All migrations, in order."""
    scripts = ScriptDirectory.from_config(configuration())
    return tuple(script.revision for script in scripts.walk_revisions())[::-1]
