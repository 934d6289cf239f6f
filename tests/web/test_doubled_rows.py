"""A row that stands twice, where somebody has taken the constraints from the database, breaks no page.

Whoever asks for it is told that something failed its safety check, also when signing in, and the rest goes on. The
tables on which every page rests are doubled in each run, of the others a share each day. A new table joins by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.store.doubled import TABLES, double, take_constraints
from tests.web.accounts.people import PASSPHRASE, code_for
from tests.web.spoiling import FAILED, Area, build, written_to
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange import school_calendar
from transition_exchange.store.database import Database

SHARES = 8
FAILING = {"areas": set[str](), "organisations": set[str](), "chain_heads": {"/area/activity", "/sent"}}
"""What the addresses of the pages end with that cannot be shown where a table is doubled; none stands for all."""
SIGN_IN = {"email": "robin@council.example", "passphrase": PASSPHRASE}


@pytest.fixture
def area(app: Flask, world: World, joined: tuple[Visitor, str]) -> Area:
    """An area in which something stands in most tables."""
    return build(app, world, joined[0])


@pytest.fixture
def file(area: Area, web_db: Database) -> Iterator[sqlite3.Connection]:
    """The database without its constraints."""
    with written_to(web_db) as connection:
        take_constraints(connection)
        yield connection


def _sign_in(app: Flask, secret: str) -> Page:
    """Sign in as somebody who has joined, as far as it goes. Returns the page at which it ends."""
    visitor = Visitor(app)
    visitor.get("/account/sign-in")
    page = visitor.post("/account/sign-in", SIGN_IN)
    if page.status == 303:
        page = visitor.post("/account/code", {"code": code_for(secret, ahead=1)})
    return visitor.follow(page)


def test_without_constraints_alone_everything_goes_on(
    app: Flask, area: Area, file: sqlite3.Connection, joined: tuple[Visitor, str]
) -> None:
    for visitor, path in area.few_looks:
        assert visitor.get(path).status == 200, path
    assert _sign_in(app, joined[1]).status == 200
    world = area.world
    world.save(area.record.record_id, {"known_as": {"preferred_name": "Mina"}})
    assert world.send(area.record.record_id).providers == ("Northway College",)


def test_what_every_page_rests_on_is_there_twice(
    app: Flask, area: Area, file: sqlite3.Connection, joined: tuple[Visitor, str]
) -> None:
    whole = sqlite3.connect(":memory:")
    file.backup(whole)
    every = {path for _, path in area.few_looks}
    for table, failing in FAILING.items():
        assert double(file, table)
        failed = set()
        for visitor, path in area.few_looks:
            page = visitor.get(path)  # an exception would reach the test
            assert page.status == 200 or page.h1 == FAILED, (table, path)
            if page.status != 200:
                assert "is there twice" in page.text
                failed.add(path)
        expected = {path for path in every if not failing or path.endswith(tuple(failing))}
        assert failed == expected, table
        page = _sign_in(app, joined[1])
        assert page.h1 == FAILED or "cannot be read" in page.text, table
        whole.backup(file)
    whole.close()


def test_no_table_that_is_doubled_breaks_a_page(
    app: Flask, area: Area, file: sqlite3.Connection, joined: tuple[Visitor, str]
) -> None:
    whole = sqlite3.connect(":memory:")
    file.backup(whole)
    share = school_calendar.today().toordinal() % SHARES
    for number, table in enumerate(TABLES):
        if number % SHARES != share or not double(file, table):
            continue
        for visitor, path in area.few_looks:
            # Not `get`: a list that shows a line twice has its ids twice too.
            answer = visitor.client.get(path, base_url=visitor.base)
            assert answer.status_code < 500 or FAILED in answer.get_data(as_text=True), (table, path)
        answered = _sign_in(app, joined[1])
        assert answered.status < 500 or answered.h1 == FAILED, table
        whole.backup(file)
    whole.close()
