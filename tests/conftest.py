"""Databases for tests: `db` runs a test twice, on SQLite and on PostgreSQL. No test reaches the network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a run of all tests, try only the first of a test's values on PostgreSQL, besides all of them on SQLite.

    The values are for our own code; what is asked of the database is the same. The tests of the store itself, a run of
    some tests and `make soak` leave nothing out.
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
        if function in tried & on_both and not function.startswith("tests/store/"):
            left_out.add(item.nodeid)
        tried.add(function)
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]


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
def built_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> BuiltWorld:
    """The world that each test gets a copy of."""
    path = tmp_path_factory.mktemp("world") / "world.db"
    shutil.copy(sqlite_template, path)
    db = Database(f"sqlite:///{path}")
    built = BuiltWorld.on(db)
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
