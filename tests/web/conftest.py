"""The application on a fresh SQLite database, and people to visit it.

What the database does is tested below, on both kinds; pages are tested on one, for they never touch it themselves.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.exchange.built_world import BuiltWorld
from tests.exchange.world import World
from tests.web.accounts.people import founded, join, set_up
from tests.web.visitor import Visitor
from transition_exchange.config import Config
from transition_exchange.store.database import Database
from transition_exchange.web import create_app

SECRET = "s" * 40
CHEAP = 64
"""Memory of a try at a passphrase in KiB: tests show what happens, not how long it takes."""


@pytest.fixture
def config() -> Config:
    """An installation as one would run it, over HTTPS."""
    return Config(
        public_url="https://exchange.example",
        secret_key=SECRET,
        passphrase_memory_kib=CHEAP,
        contact="01709 000000",
    )


@pytest.fixture
def web_db(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A fresh SQLite database with every table and no row."""
    shutil.copy(sqlite_template, tmp_path / "web.db")
    database = Database(f"sqlite:///{tmp_path / 'web.db'}")
    yield database
    database.dispose()


@pytest.fixture
def app(config: Config, web_db: Database) -> Flask:
    """The whole application."""
    return create_app(config, web_db, testing=True)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Nobody in particular."""
    return Visitor(app)


@pytest.fixture
def world(web_db: Database, built_world: BuiltWorld) -> World:
    """A small area with nobody added yet."""
    return built_world.copied_to(web_db)


@pytest.fixture
def joined(app: Flask, web_db: Database) -> tuple[Visitor, str]:
    """Somebody who has joined and is signed in, and the secret of their app."""
    visitor = Visitor(app)
    assert join(visitor, founded(web_db)).status == 303
    return visitor, set_up(visitor)
