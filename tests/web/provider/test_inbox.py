"""A team’s inbox: states, search, acknowledging many, the table."""

from __future__ import annotations

import csv
import io
import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.exchange.world import World
from tests.web.provider.visiting import opening, states, visiting
from transition_exchange.store.models import Card, Transfer


def test_the_inbox_lists_what_the_team_was_sent(app: Flask, world: World, record_id: UUID) -> None:
    page = visiting(app, world.college_support).get("/received")
    assert page.h1 == "Records sent to us"
    assert "Amina Khan" in page.text
    assert "Born 14 March" in page.text
    assert world.school.name in page.text
    assert states(page) == ["New"]


def test_a_team_of_another_provider_sees_nothing_of_it(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.coach)
    assert "Khan" not in visitor.get("/received").text
    missing, theirs = visitor.get(f"/received/{uuid4()}"), visitor.get(f"/received/{transfer_id}")
    assert (missing.status, missing.text) == (theirs.status, theirs.text) == (404, missing.text)


def test_a_school_has_no_inbox(app: Flask, world: World) -> None:
    assert visiting(app, world.senco).get("/received").status == 403


def test_search_finds_by_name_and_keeps_it_out_of_the_address(
    app: Flask, world: World, record_id: UUID
) -> None:
    other = world.add("Ben", "Stone")
    world.fill(other)
    world.send(other)
    visitor = visiting(app, world.college_admissions)
    page = visitor.search("/received", {"q": "kha"})
    assert "Amina Khan" in page.text
    assert "Ben Stone" not in page.text
    assert page.tree.xpath("//form[@role='search']/@method") == ["post"]
    assert "No record matches" in visitor.search("/received", {"q": "nobody"}).text


def test_only_what_was_read_is_acknowledged_of_many(app: Flask, world: World, transfer_id: UUID) -> None:
    other = world.add("Ben", "Stone")
    world.fill(other)
    world.send(other)
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    with world.db.read() as session:
        every = [str(transfer_id) for transfer_id in session.scalars(select(Transfer.id))]
    page = visitor.follow(visitor.post("/received/acknowledge", {"transfer": every}))
    assert "1 record acknowledged" in page.text
    assert "1 record not opened yet" in page.text
    assert "Nothing was ticked" in visitor.follow(visitor.post("/received/acknowledge")).text


def test_the_table_holds_every_record_of_the_team(app: Flask, world: World, record_id: UUID) -> None:
    other = world.add("=Ben", "Stone")
    world.fill(other)
    world.send(other)
    visitor = visiting(app, world.college_support)
    assert visitor.get("/received/export.csv").status == 405
    response = visitor.post("/received/export.csv").response
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert {row["learner.legal_surname"] for row in rows} == {"Khan", "Stone"}
    assert "'=Ben" in {row["learner.legal_forename"] for row in rows}
    assert not [name for name in rows[0] if name.startswith(("enrolment.", "safeguarding."))]


@pytest.mark.parametrize(("spoilt", "name"), [(False, ""), (True, "-incomplete")])
def test_a_table_from_which_something_was_left_out_is_called_incomplete(
    app: Flask, world: World, record_id: UUID, spoilt: bool, name: str
) -> None:
    if spoilt:
        with world.db.write() as session:
            session.execute(update(Card).values(sealed=b"x" * 2100))
    response = visiting(app, world.college_support).post("/received/export.csv").response
    assert ("INCOMPLETE: 1 entry could not be checked" in response.get_data(as_text=True)) == spoilt
    called = response.headers["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="records-\d{{4}}-\d\d-\d\d{name}\.csv"', called)


def test_a_table_leaves_what_is_new_new_and_says_that_it_was_in_one(
    app: Flask, world: World, record_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    visitor.post("/received/export.csv")
    page = visitor.get("/received")
    assert states(page) == ["New"]
    assert "In a table downloaded" in page.one("tbody tr")


def test_an_old_address_shows_what_there_is(app: Flask, world: World, record_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    for query in ("page=9", "page=nought", "state=recalled", "team=x"):
        assert states(visitor.get(f"/received?{query}")) == ["New"], query
    assert states(visitor.get("/received?state=acknowledged")) == []
    assert visitor.get(f"/received?team={world.senco.teams[0].id}").status == 404
