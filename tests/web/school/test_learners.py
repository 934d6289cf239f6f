"""The list of learners, and adding one."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing import needed

NEW = {
    "learner.legal_forename": "Amina",
    "learner.legal_surname": "Khan",
    "learner.date_of_birth-day": "14",
    "learner.date_of_birth-month": "3",
    "learner.date_of_birth-year": "2011",
}


def test_an_empty_list_says_how_to_begin(senco: Visitor) -> None:
    assert "Nobody is on your list yet" in senco.get("/learners").text


def test_a_learner_is_added_with_name_and_date_of_birth(senco: Visitor) -> None:
    done = senco.post("/learners/add", NEW)
    page = senco.follow(done)
    assert page.h1 == "Amina Khan"
    assert "Learner added" in page.text
    assert "Amina Khan" in senco.get("/learners").text


def test_what_is_wrong_stays_and_is_said_at_its_field(senco: Visitor) -> None:
    page = senco.post(
        "/learners/add", {**NEW, "learner.legal_surname": "", "learner.date_of_birth-month": "13"}
    )
    assert len(page.errors) == 2
    assert page.fields()["learner.legal_forename"] == ["Amina"]
    assert page.fields()["learner.date_of_birth-month"] == ["13"]


def test_a_possible_duplicate_is_pointed_out_before_it_is_added(senco: Visitor, world: World) -> None:
    world.add("Amina", "Khan", date_of_birth="2011-03-14")
    page = senco.post("/learners/add", NEW)
    assert "on your list already" in page.text
    again = senco.post("/learners/add", page.fields())
    assert again.status == 302 or again.status == 303
    assert len(senco.get("/learners").tree.cssselect("tbody tr")) == 2


def test_the_list_names_what_is_missing(senco: Visitor, world: World) -> None:
    world.add()
    [cell] = senco.get("/learners").texts("tbody td:nth-child(2)")
    assert "missing" in cell
    assert "more" in cell


def test_search_goes_by_the_beginning_of_any_name_and_never_into_the_address(
    senco: Visitor, world: World
) -> None:
    world.add("Amina", "Khan")
    world.add("Ben", "Amis-Stone")
    world.add("Cara", "Dale")
    page = senco.search("/learners", {"q": "am"})
    assert page.status == 200
    assert page.texts("tbody th a") == ["Ben Amis-Stone", "Amina Khan"]
    assert senco.search("/learners", {"q": "stone ben"}).texts("tbody th a") == ["Ben Amis-Stone"]
    assert senco.post("/learners", {"q": "", "state": "missing"}).location == "/learners?state=missing"


def test_filters_by_what_is_missing_and_how_far_sending_is(senco: Visitor, world: World) -> None:
    world.add("Gap", "Left")
    ready, sent = world.add("Now", "Ready"), world.add("Was", "Sent")
    for record_id in (ready, sent):
        world.fill(record_id)
    world.send(sent)
    for state, name in (("missing", "Gap Left"), ("ready", "Now Ready"), ("sent", "Was Sent")):
        assert senco.get(f"/learners?state={state}").texts("tbody th a") == [name]
    assert senco.get("/learners?state=acknowledged").texts("tbody th a") == []


def test_what_is_typed_and_not_saved_is_never_called_complete(senco: Visitor, world: World) -> None:
    record_id = world.add("Now", "Ready")
    world.fill(record_id)
    page = senco.get(f"/learners/{record_id}/pages/learner")
    senco.post(
        f"/learners/{record_id}/pages/learner", {**page.fields(), "learner.date_of_birth-year": "2111"}
    )
    listed = senco.get("/learners")
    assert listed.texts("tbody td:nth-child(2) .govuk-tag") == ["1 not saved"]
    assert senco.get("/learners?state=ready").texts("tbody th a") == []
    assert senco.get("/learners?state=not_saved").texts("tbody th a") == ["Now Ready"]
    assert "Typed and not saved (1)" in listed.text
    for path in (f"/learners/{record_id}", f"/learners/{record_id}/check/transition"):
        page = senco.get(path)
        assert "Nothing else is missing." in page.text
        assert "Complete Everything" not in page.text
        assert "Everything that the area asks for is there" not in page.text
    assert (
        "1 answer is typed and not saved. It is sent to nobody until"
        in senco.get(f"/learners/{record_id}").text
    )
    world.save(record_id, {"attendance": {}})
    assert "1 not saved" in senco.get("/learners").one("tbody td:nth-child(2)")
    assert "missing: " in senco.get("/learners").one("tbody td:nth-child(2)")


def test_of_several_colleges_it_says_how_many_have_opened_it(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=["Northway College", "Riverside Boxing"])
    world.send(record_id)
    assert senco.get("/learners").texts("tbody td:nth-child(3) .govuk-tag") == ["Sent, not opened yet"]
    world.open(world.transfer_of(record_id))
    assert senco.get("/learners").texts("tbody td:nth-child(3) .govuk-tag") == ["Opened by 1 of 2"]


def test_only_the_newest_version_counts_as_acknowledged(senco: Visitor, world: World) -> None:
    sent = world.sent()
    for actor in (
        world.college_admissions,
        world.college_support,
        world.college_safeguarding,
        world.college_exams,
    ):
        world.open(sent.transfer_id, actor)
        acknowledge(db=world.db, actor=actor, transfer_ids=[sent.transfer_id])
    assert senco.get("/learners?state=acknowledged").texts("tbody th a") == ["Amina Khan"]
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    assert senco.get("/learners?state=acknowledged").texts("tbody th a") == []
    path = f"/learners/{sent.record_id}/send/transition"
    hold = {"hold": [str(world.college.id)], "why": ["Wait for the review"]}
    senco.post(path, {**senco.get(path).fields(), **hold})
    assert senco.get("/learners?state=acknowledged").texts("tbody th a") == []
    held = senco.get("/learners?state=held_back")
    assert held.texts("tbody td:nth-child(3) .govuk-tag") == ["Held back"]
    assert "Before that: acknowledged" in held.text


def test_a_long_list_has_pages(senco: Visitor, world: World) -> None:
    for number in range(51):
        world.add("Pupil", f"Number{number:03}")
    first = senco.get("/learners")
    assert len(first.texts("tbody tr")) == 50
    second = senco.get(first.href("Next"))
    assert second.texts("tbody th a") == ["Pupil Number050"]
    assert senco.get("/learners?page=99").status == 200


def test_nobody_sees_another_schools_learners(app: Flask, senco: Visitor, world: World) -> None:
    theirs = world.add("Other", "School", actor=world.other_senco)
    assert "Other School" not in senco.get("/learners").text
    paths = [
        f"/learners/{theirs}",
        f"/learners/{theirs}/pages/learner",
        f"/learners/{theirs}/destinations",
        f"/learners/{theirs}/destinations/0",
        f"/learners/{theirs}/documents",
        f"/learners/{theirs}/check/transition",
        f"/learners/{theirs}/send/transition",
        f"/learners/{theirs}/sent",
    ]
    missing = senco.get("/learners/00000000-0000-4000-8000-000000000000")
    for path in paths:
        page = senco.get(path)
        assert page.status == 404, path
        assert page.text == missing.text


def test_who_does_not_send_has_no_such_pages(app: Flask, world: World) -> None:
    record_id = world.add()
    for actor in (world.college_support, world.coordinator):
        visitor = Visitor(app, actor)
        assert visitor.get("/learners").status == 403
        assert visitor.get(f"/learners/{record_id}").status == 403
    assert track(db=world.db, actor=world.senco, record_id=record_id).delivered == ()


def test_lists_that_are_due_are_written_a_few_at_a_time(app: Flask, senco: Visitor, world: World) -> None:
    for number in range(25):
        world.add("Pupil", f"Number{number}")
    assert "to go" not in senco.get("/learners").text
    world.team("Ashdown Council", "SEND team", "send")
    assert "25 updates to go" in senco.get("/learners").text
    senco.follow(senco.post("/learners/lists"))
    assert "5 updates to go" in senco.get("/learners").text
    page = senco.follow(senco.post("/learners/lists"))
    assert "Everything is up to date" in page.text
    assert "to go" not in page.text


@pytest.fixture
def nameless(world: World, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A learner whose card has neither a name nor a date of birth, as another program might have made it."""
    record_id = world.add()
    monkeypatch.setattr(needed, "missing", lambda *args: [])
    world.save(record_id, {"learner": {}})
    return record_id


def test_lists_and_headings_survive_a_card_without_name_and_date(
    app: Flask, senco: Visitor, lead: Visitor, world: World, nameless: UUID
) -> None:
    coordinator = Visitor(app, world.coordinator)
    for visitor, path in (
        (senco, "/learners"),
        (senco, f"/learners/{nameless}"),
        (senco, f"/learners/{nameless}/pages/learner"),
        (lead, "/learners/safeguarding"),
        (lead, f"/learners/{nameless}"),
        (coordinator, "/area"),
        (coordinator, "/area/learners"),
        (coordinator, f"/area/learners/{nameless}"),
        (coordinator, "/area/same-learner"),
    ):
        page = visitor.get(path)
        assert page.status == 200, path
        assert "Born" not in page.text, path
    for visitor, path in (
        (senco, "/learners"),
        (lead, "/learners/safeguarding"),
        (coordinator, "/area/learners"),
    ):
        assert "No name yet" in visitor.get(path).text, path
    assert senco.get(f"/learners/{nameless}").h1 == "No name yet"
    pick = senco.post("/learners/year-group", {"statement": ["no_suspensions"]})
    assert "No name yet" in pick.text
