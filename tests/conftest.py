"""Databases for tests: `db` runs a test twice, on SQLite and on PostgreSQL. No test reaches the network."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.orm import Mapper

from tests import engines
from tests.exchange.built_accounts import BuiltAccounts
from tests.exchange.built_world import BuiltWorld
from tests.network import forbid_network
from tests.postgres import Postgres, cluster
from transition_exchange.store.database import Database
from transition_exchange.store.unreadable import forget

BACKENDS = ("sqlite", "postgresql")

forbid_network()

# Tests look at what comes out, never at how long it took: a loaded machine is no mistake of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


POSTGRESQL_SHARES = 4
"""In how many days a run of all tests each day has tried every test on PostgreSQL."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a run of all tests, try a quarter of them on PostgreSQL too, another one each day, besides all on SQLite.

    Of a test's values only the first is tried there: they are for our own code, and what is asked of the database is
    the same. The tests of the store itself are always tried on both, the long walks on PostgreSQL only by `make soak`.
    A run of some tests and `make soak` leave nothing out.
    """
    if config.args != ["tests"]:
        return
    by_database: dict[object, list[pytest.Item]] = {}
    for item in items:
        params = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        by_database.setdefault(params.get("database_url"), []).append(item)
    on_both = {_function_of(item) for item in by_database.get("sqlite", [])}
    tried: set[str] = set()
    left_out: set[str] = set()
    for item in by_database.get("postgresql", []):
        function = _function_of(item)
        always = function not in on_both or function.startswith("tests/store/")
        if not always and (function in tried or not _is_for_postgresql_today(function)):
            left_out.add(item.nodeid)
        tried.add(function)
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]


def _is_for_postgresql_today(function: str) -> bool:
    if function.startswith("tests/exchange/walks/"):
        return False
    return crc32(function.encode()) % POSTGRESQL_SHARES == datetime.now(UTC).toordinal() % POSTGRESQL_SHARES


def pytest_collection_finish() -> None:
    """Look for unreachable objects less often than Python does by itself, and never among what stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _function_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


@pytest.fixture(scope="session", autouse=True)
def core_dumps_of_tests() -> Iterator[None]:
    """Leave the limit on core dumps of the test process itself: tests that crash a child must see one otherwise.

    A process cannot raise its limit again, and its children inherit it. Processes that tests start lower their own.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transition_exchange.process_memory._lower_limit", lambda: None)
        yield


class KeptTemplates(BytecodeCache):
    """What templates were compiled to, for all applications that tests of this process make."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """Compile each template once, not once for each application that a test makes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": KeptTemplates()})
        yield


@pytest.fixture(scope="session", autouse=True)
def hasty_engines() -> Iterator[None]:
    """Compile each statement once, not once for each database that a test makes, and don't wait for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transition_exchange.store.database.create_engine", engines.engine)
        patch.setattr(Mapper, "_compiled_cache", engines.KEPT)  # what the session itself inserts and updates
        yield


@pytest.fixture(autouse=True)
def nothing_left_out_yet() -> None:
    """Begin each test as a request begins: nothing was left out of it so far."""
    forget()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run of this test process; it fails where PostgreSQL is not installed."""
    with cluster() as conninfo:
        postgres = Postgres(conninfo)
        yield postgres
        postgres.close()


@pytest.fixture(scope="session")
def postgres_database(postgres: Postgres) -> str:
    """The name of a PostgreSQL database with every table; each test that uses it leaves no row behind."""
    name = postgres.create()
    _migrate(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    database = Database(url)
    database.create()
    database.dispose()


@pytest.fixture(scope="session")
def another_empty(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Database]:
    """Makes a SQLite database with every table and no row, to build on what tests get copies of."""

    def empty() -> Database:
        path = tmp_path_factory.mktemp("built") / "built.db"
        shutil.copy(sqlite_template, path)
        return Database(f"sqlite:///{path}")

    return empty


@pytest.fixture(scope="session")
def built_world(another_empty: Callable[[], Database]) -> BuiltWorld:
    """The world that each test gets a copy of."""
    return BuiltWorld.on(another_empty)


@pytest.fixture(scope="session")
def built_accounts(another_empty: Callable[[], Database]) -> BuiltAccounts:
    """Who joins first in an area, whose rows each test gets a copy of."""
    db = another_empty()
    built = BuiltAccounts.on(db)
    db.dispose()
    return built


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with every table and no row, whose tables the test does not change.

    A test for one database says `@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)`.
    """
    if request.param == "sqlite":
        path = tmp_path / "exchange.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = request.getfixturevalue("postgres_database")
    yield postgres.url(name)
    postgres.clear(name)


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A fresh database with every table and no row."""
    database = Database(database_url)
    yield database
    database.dispose()
