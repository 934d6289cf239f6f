"""The sample area with everybody joined and no learner added: built once, and each test goes on with a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import factories
from tests.exchange.world import InstantRenderer
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area.accounts import Area, build_accounts
from transition_exchange.sample.area.working import Plan
from transition_exchange.store.database import Database

COUNT = 40
"""How many learners the tests' sample has."""


@pytest.fixture(scope="session")
def joined(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Area, int]:
    """The file, the area as its builder holds it, and how many steps building told of."""
    path = tmp_path_factory.mktemp("joined") / "sample.sqlite3"
    db = Database(f"sqlite:///{path}")
    db.create()
    steps: list[None] = []
    area = build_accounts(db, memory_kib=64, step=lambda: steps.append(None))
    db.dispose()
    return path, area, len(steps)


@pytest.fixture
def plan(joined: tuple[Path, Area, int], tmp_path: Path) -> Plan:
    """The work on a copy of the area that is the test's own."""
    path, built, _ = joined
    shutil.copy(path, tmp_path / "sample.sqlite3")
    return Plan(
        url=f"sqlite:///{tmp_path / 'sample.sqlite3'}",
        organisation_ids=built.organisation_ids,
        cookies=built.cookies,
        seed=2027,
        count=COUNT,
        today=factories.TODAY,
    )


@pytest.fixture
def area(plan: Plan) -> Iterator[Area]:
    """The area of the plan, with everybody signed in."""
    db = Database(plan.url)
    yield Area.resumed(db, organisation_ids=plan.organisation_ids, cookies=plan.cookies)
    db.dispose()


@pytest.fixture
def renderer() -> Renderer:
    """Makes no PDF."""
    return InstantRenderer()
