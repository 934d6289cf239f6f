"""A team’s inbox: states, search, acknowledging many, the table."""

from __future__ import annotations

import csv
import io
import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.exchange.answers import destination
from tests.exchange.receiving.test_unchanged import send_address
from tests.exchange.world import SentRecord, World
from tests.web.provider.visiting import opening, states, visiting
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.records.transfers import reference_of
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Card, Transfer


def test_the_inbox_lists_what_the_team_was_sent(app: Flask, world: World, record_id: UUID) -> None:
    page = visiting(app, world.college_support).get("/received")
    assert page.h1 == "Records sent to us"
    assert "Amina Khan" in page.text
    assert "Born 14 March" in page.text
    assert world.school.name in page.text
    assert states(page) == ["New"]


def test_every_team_lists_both_names_the_site_the_course_and_the_start(
    app: Flask, world: World, record_id: UUID
) -> None:
    place = destination(world.college.id, "Northway College", campus="Town campus")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}, "destinations": {"destinations": [place]}})
    world.send(record_id)
    for person in ("college_admissions", "college_support", "college_safeguarding", "college_exams"):
        line = visiting(app, world.people[person]).get("/received").one("tbody tr")
        assert "Mina KhanLegal name Amina Khan, born 14 March 2011" in line, person
        said = line.replace(
            "Animal care, Town", "Animal careTown"
        )  # beside the school in a list with answers
        assert "Animal careTown campus, starts 6 Sep 2027" in said, person


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
    assert states(page) == ["New", "Exported"]
    assert "Read first" in page.one("tbody tr")


def test_nothing_done_is_called_done_and_a_tick_is_there_only_where_it_counts(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text="Which bus?")
    page = visitor.get("/received")
    assert states(page) == ["Opened", "Question open"]
    assert page.tree.xpath("//input[@name='transfer']")
    visitor.post("/received/acknowledge", {"transfer": str(transfer_id)})
    assert states(visitor.get("/received")) == states(page), "the question is named first"
    visitor.post("/received/acknowledge", {"transfer": str(transfer_id), "sure": "yes"})
    page = visitor.get("/received")
    assert states(page) == ["Acknowledged", "Question open"]
    assert not page.tree.xpath("//input[@name='transfer']")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    page = visitor.get("/received")
    assert states(page) == ["Changed", "Question open"]
    assert "Read what is new first" in page.one("tbody tr")
    assert not page.tree.xpath("//input[@name='transfer']")
    for mark in ("changed", "queried"):
        assert states(visitor.get(f"/received?state={mark}")) == states(page)
    assert "Done" not in page.text


def test_an_old_address_shows_what_there_is(app: Flask, world: World, record_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    for query in ("page=9", "page=nought", "state=recalled", "team=x"):
        assert states(visitor.get(f"/received?{query}")) == ["New"], query
    assert states(visitor.get("/received?state=acknowledged")) == []
    assert visitor.get(f"/received?team={world.senco.teams[0].id}").status == 404


def test_what_was_taken_back_stays_as_a_line_until_it_is_deleted(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    visitor.post(f"/received/{transfer_id}/record.pdf")
    recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_id)
    page = visitor.get("/received")
    assert "Taken back: please delete" in page.text
    assert "Amina Khan" in page.text
    assert "downloaded here on" in page.text
    done = visitor.follow(visitor.post(f"/received/{transfer_id}/deleted"))
    assert "The school can see that your team has deleted it." in done.text
    assert "Amina Khan" not in done.text
    assert "Taken back and deleted here: 1 record" in done.text
    assert f"Transfer reference {reference_of(transfer_id)}, from Ashdown School, taken back on" in done.text
    assert "College Support said on" in done.text
    assert "Taken back and deleted here" not in visiting(app, world.college_exams).get("/received").text
    sent = visiting(app, world.senco).get(f"/learners/{record_id}/sent")
    assert "deleted there" in sent.text


@pytest.mark.parametrize(
    ("person", "label"),
    [
        ("college_admissions", "Find by name, ULN or transfer reference"),
        ("college_exams", "Find by name, ULN or transfer reference"),
        ("college_support", "Find by name, ULN or transfer reference"),
        ("college_safeguarding", "Find by name, ULN or transfer reference"),
    ],
)
def test_the_search_promises_what_the_team_can_find(
    app: Flask, world: World, record_id: UUID, person: str, label: str
) -> None:
    world.save(record_id, {"numbers": {"uln": "1234567007"}})
    world.send(record_id)
    page = visiting(app, world.people[person]).get("/received")
    assert page.texts("label[for='filter-q']") == [label]


def test_a_version_in_which_nothing_changed_for_the_team_is_noted_with_one_button(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    visitor.post(f"/received/{transfer_id}/acknowledge")
    assert "Take note" not in visitor.get("/received").text
    send_address(world, SentRecord(record_id, transfer_id))
    page = visitor.get("/received")
    assert states(page) == ["Acknowledged"]
    assert "0 changed" in page.text
    assert "Version 2 changed nothing for your team" in page.text
    record = visitor.get(f"/received/{transfer_id}")
    assert "Farah Khan" in record.text, "no cover asks to read it first"
    assert "Version 2 changed nothing for your team." in record.text
    assert "Have you got what you need?" not in record.text
    ((button, form),) = [
        (number, form)
        for number, form in enumerate(page.forms)
        if "Take note of the one in which nothing changed for your team" in form.text_content()
    ]
    done = visitor.follow(visitor.post(form.action, page.fields(button)))
    assert "Noted for 1 record. The schools can see it." in done.text
    assert "changed nothing for your team" not in done.text
    assert states(done) == ["Acknowledged"]
    late = visitor.follow(visitor.post("/received/take-note", {"transfer": str(transfer_id)}))
    assert "Nothing was noted" in late.text
    assert "Version 2, sent" in late.text


def test_what_was_only_opened_is_noted_before_it_is_acknowledged(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    send_address(world, SentRecord(record_id, transfer_id))
    page = visitor.get("/received")
    assert states(page) == ["Opened"]
    assert "Take note first" in page.text
    page = visitor.follow(visitor.post("/received/take-note", {"transfer": str(transfer_id)}))
    assert "Have you got what you need?" in page.text
    visitor.post(f"/received/{transfer_id}/acknowledge")
    assert states(visitor.get("/received")) == ["Acknowledged"]


def test_every_team_finds_a_record_by_its_transfers_reference(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    world.sent("Ben", "Adams")
    reference = reference_of(transfer_id)
    for person in ("college_admissions", "college_exams", "college_support", "college_safeguarding"):
        visitor = visiting(app, world.people[person])
        for typed in (reference, reference.lower(), reference.replace("-", ""), reference.replace("-", " ")):
            page = visitor.search("/received", {"q": typed})
            assert "Amina Khan" in page.text, typed
            assert "Ben Adams" not in page.text, typed
