"""One record, as a receiving team reads it."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.chains import events_of
from tests.exchange.safeguarding_answers import LEAD, taken_back
from tests.exchange.world import World
from tests.web.provider.visiting import opening, states, visiting
from tests.web.visitor import Visitor
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Receipt


@pytest.mark.parametrize("path", ["", "/ask", "/opened-before"])
def test_every_door_to_anothers_transfer_is_the_same_404(
    app: Flask, world: World, transfer_id: UUID, path: str
) -> None:
    visitor = visiting(app, world.coach)
    assert visitor.get(f"/received/{transfer_id}{path}").status == 404
    assert visitor.get(f"/received/{uuid4()}{path}").status == 404


@pytest.mark.parametrize("path", ["", "/record.pdf", "/record.json", "/ask", "/acknowledge"])
def test_every_button_on_anothers_transfer_is_the_same_404(
    app: Flask, world: World, transfer_id: UUID, path: str
) -> None:
    visitor = visiting(app, world.coach)
    assert visitor.post(f"/received/{transfer_id}{path}", {"text": "Which bus?"}).status == 404
    assert visitor.post(f"/received/{uuid4()}{path}", {"text": "Which bus?"}).status == 404
    assert opened_by(world) == []


def opened_by(world: World) -> list[UUID]:
    """The teams that have opened something."""
    with world.db.read() as session:
        return list(session.scalars(select(Receipt.team_id).where(Receipt.opened_at.is_not(None))))


def test_looking_at_a_record_shows_its_cover_and_opens_nothing(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    for _ in range(2):
        page = visitor.get(f"/received/{transfer_id}")
        assert page.h1 == "Amina Khan"
        assert "Version 1, sent" in page.text
        assert world.school.name in page.text
        assert "Animal care" in page.text, "as the list says"
        assert "Farah Khan" not in page.source
        assert "07700 900124" not in page.source
    assert states(visitor.get("/received")) == ["New"]
    assert opened_by(world) == []


def test_the_button_opens_it_and_writes_the_receipt_once(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor, other = visiting(app, world.college_support), visiting(app, world.college_support)
    assert "Not opened yet" in other.get(f"/received/{transfer_id}").text
    page = opening(visitor, transfer_id)
    assert page.h1 == "Amina Khan"
    assert "Farah Khan" in page.text
    assert states(visitor.get("/received")) == ["Opened"]
    # A second click, and a colleague whose cover was still on the screen.
    for late in (visitor, other):
        assert "Farah Khan" in late.follow(late.post(f"/received/{transfer_id}")).text
    assert opened_by(world) == [world.college_support.teams[0].id]
    events = events_of(world.db, world.college.id)
    assert [event.kind for event in events] == ["transfer.opened"]


def test_a_button_pressed_too_late_leads_back_to_its_page_after_signing_in(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    team = world.college_support.teams[0].id
    cover = f"/received/{transfer_id}?team={team}"
    visitor = Visitor(app)
    late = visitor.post(cover, headers={"Referer": f"{visitor.base}{cover}"})
    assert late.status == 303
    assert parse_qs(urlsplit(late.location).query) == {"next": [cover]}
    assert opened_by(world) == []


def test_a_newer_version_waits_behind_its_cover_and_the_earlier_one_stays_readable(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina", "pronouns": "they/them"}})
    world.send(record_id)
    cover = visitor.get(f"/received/{transfer_id}")
    assert "Version 2, sent" in cover.text
    assert "they/them" not in cover.source
    before = visitor.get(cover.href("Read what your team opened before"))
    assert before.h1 == "Amina Khan"
    assert "Farah Khan" in before.text
    assert "they/them" not in before.source
    assert "The school has sent something newer" in before.text
    assert "Have you got what you need?" not in before.text
    assert json.loads(visitor.post(f"/received/{transfer_id}/record.json").source)["version_sent"] == 1
    assert states(visitor.get("/received")) == ["Changed"], "until somebody looks at it"
    assert (
        "Nothing was acknowledged"
        in visitor.follow(visitor.post(f"/received/{transfer_id}/acknowledge")).text
    )
    assert "they/them" in opening(visitor, transfer_id).text
    gone = visitor.get(f"/received/{transfer_id}/opened-before")
    assert gone.status == 303
    assert "they/them" in visitor.follow(gone).text


def test_documents_that_are_not_there_are_named_on_the_record(app: Flask, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.fill(record_id)
    world.save(record_id, {"health": {"medical": True, "care_plan": True}})
    world.send(record_id)
    page = opening(visiting(app, world.college_support), world.transfer_of(record_id))
    assert "Individual healthcare plan (not attached)" in page.text
    assert "Not attached Individual healthcare plan" in page.text
    other = opening(visiting(app, world.college_exams), world.transfer_of(record_id))
    assert "not attached" not in other.text.lower()


def test_the_safeguarding_part_waits_for_the_safeguarding_lead(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_safeguarding)
    opening(visitor, transfer_id)
    answers = {"safeguarding": {"file_exists": "yes", "lead_name": "Sam Lead", "lead_phone": "01709 382121"}}
    world.save(record_id, answers, owner="school_safeguarding")
    world.send(record_id, owner="school_safeguarding")
    cover = visitor.get(f"/received/{transfer_id}")
    assert "From the school’s safeguarding team" in cover.text
    assert "Opened by College Safeguarding" in cover.text
    assert "Sam Lead" not in cover.source
    assert "Sam Lead" not in visitor.get(f"/received/{transfer_id}/opened-before").source
    assert "Sam Lead" in opening(visitor, transfer_id).text


def test_a_record_taken_back_between_cover_and_button_is_gone(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    assert visitor.get(f"/received/{transfer_id}").status == 200
    recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_id)
    assert visitor.post(f"/received/{transfer_id}").status == 404
    assert opened_by(world) == []


def test_a_table_that_somebody_downloaded_shows_on_the_cover(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    visitor.post("/received/export.csv")
    cover = visitor.get(f"/received/{transfer_id}")
    assert "Not opened yet" in cover.text
    assert "College Support downloaded it in a table of all records" in cover.text


def test_a_team_reads_its_own_sections_only(app: Flask, world: World, transfer_id: UUID) -> None:
    support = opening(visiting(app, world.college_support), transfer_id).text
    exams = opening(visiting(app, world.college_exams), transfer_id).text
    assert "07700 900124" in support
    assert "07700 900124" not in exams
    assert "Farah" not in exams


def test_the_preferred_name_heads_the_page_of_every_team_and_the_legal_name_is_on_it(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    for person in ("college_admissions", "college_support", "college_safeguarding", "college_exams"):
        page = opening(visiting(app, world.people[person]), transfer_id)
        assert page.h1 == "Mina Khan", person
        assert "Legal first names Amina" in page.text


def test_what_changed_is_told(app: Flask, world: World, record_id: UUID, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    assert states(visitor.get("/received")) == ["Changed"]
    changes = opening(visitor, transfer_id).texts(".te-changes dt")
    assert len(changes) == 1
    assert changes[0].startswith("Preferred name")


def test_a_record_is_acknowledged(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    page = visitor.follow(visitor.post(f"/received/{transfer_id}/acknowledge"))
    assert "Acknowledged" in page.text
    assert states(visitor.get("/received")) == ["Acknowledged"]


def test_a_recalled_record_is_gone(app: Flask, world: World, record_id: UUID, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    assert "Amina" in visitor.get("/received").text
    recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_id)
    assert "Amina" not in visitor.get("/received").text
    assert visitor.get(f"/received/{transfer_id}").status == 404
    assert visitor.post(f"/received/{transfer_id}/record.pdf").status == 404


def test_a_clerk_opens_one_record_after_the_other_with_one_click_each(app: Flask, world: World) -> None:
    names = ("First", "Second", "Third")
    for name in names:
        world.sent("Amina", name)
    visitor = visiting(app, world.college_support)
    page = visitor.get(visitor.get("/received").href("Amina Third"))
    page = visitor.follow(visitor.post(page.forms[-1].action, page.fields()))
    for left in ("Second", "First"):
        assert f"The next is Amina {left}, from {world.school.name}." in page.text
        words = f"Open the next: Amina {left}"
        ((number, form),) = [(n, form) for n, form in enumerate(page.forms) if words in form.text_content()]
        page = visitor.follow(visitor.post(form.action, page.fields(number)))
        assert page.h1 == f"Amina {left}"
        assert "Download" in page.texts("h2")
    assert "Open the next" not in page.text
    assert states(visitor.get("/received")) == ["Opened"] * 3


def test_looking_at_a_record_opens_no_other(app: Flask, world: World) -> None:
    first, second = world.sent("Amina", "First"), world.sent("Amina", "Second")
    visitor = visiting(app, world.college_support)
    opening(visitor, second.transfer_id)
    visitor.get(f"/received/{second.transfer_id}")
    with world.db.read() as session:
        receipts = select(Receipt).where(Receipt.transfer_id == first.transfer_id)
        assert all(receipt.opened_at is None for receipt in session.scalars(receipts))


def test_what_was_taken_back_is_withdrawn_on_every_page_and_never_nothing(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    lead, support = visiting(app, world.college_safeguarding), visiting(app, world.college_support)
    answers = {
        "safeguarding": {"file_exists": "no", **LEAD},
        "day_one_safety": {"information": "Met on arrival."},
    }
    world.save(record_id, answers, owner="school_safeguarding")
    world.send(record_id, owner="school_safeguarding")
    for visitor in (lead, support):
        opening(visitor, transfer_id)
        visitor.post(f"/received/{transfer_id}/record.pdf?part=school_safeguarding")
    taken_back(world, record_id)
    for visitor, name in ((lead, "College Safeguarding"), (support, "College Support")):
        cover = visitor.get(f"/received/{transfer_id}")
        assert "Withdrawn: what your team opened on " in cover.text
        page = opening(visitor, transfer_id)
        (said,) = [words for words in page.texts("p") if words.startswith("Withdrawn: ")]
        assert " and downloaded on " in said
        assert said.endswith(f"(by {name}).")
        changes = page.one(".te-changes")
        assert "Before nothing" not in changes
        assert "To know on the first day" in changes
        assert "Now withdrawn" in changes
        assert "Met on arrival." not in page.source
        assert page.texts("#shown-day_one_safety dd")[0] == "Withdrawn"
        versions = page.one(".te-record__aside")
        assert "Version 1, sent" in versions
        assert "opened on " in versions
    page = lead.get(f"/received/{transfer_id}")
    assert "Safeguarding file" in page.one(".te-changes")
    assert page.texts("#shown-safeguarding dd")[0] == "Withdrawn"
    assert "Safeguarding file (withdrawn)" in page.text
    theirs = support.get(f"/received/{transfer_id}")
    assert "What was written for the first day does not count any more." in theirs.text
    assert "had answered" not in theirs.text
    assert "Safeguarding file" not in theirs.text


def test_what_is_held_back_and_what_cannot_be_used_stand_at_the_head(app: Flask, world: World) -> None:
    record_id = world.add("Georgia", "Parkin")
    world.fill(record_id)
    exams = {
        "approved": True,
        "arrangements": ["extra_time_25"],
        "evidence_route": "form_8",
        "parts_complete": False,
    }
    held = {"agreed": "some", "withheld": ["attendance_support"], "withheld_why": "A fresh start"}
    world.save(record_id, {"exams": exams, "sharing": held})
    world.send(record_id)
    transfer_id = world.transfer_of(record_id)
    told = "The college cannot reuse this Form 8: parts 1, 2 and 3 must all be complete"
    visitor = visiting(app, world.college_support)
    page = opening(visitor, transfer_id)
    head = page.one(".te-look")
    assert "Held back: 1 part" in head
    assert told in head
    assert any(told in words for words in page.texts("#shown-exams dd")), "beside the answer too"
    data = json.loads(visitor.post(f"/received/{transfer_id}/record.json").source)
    assert data["held_back"] == 1
    assert [said["message"] for said in data["cannot_be_used"]] == [told]
    (row,) = csv.DictReader(io.StringIO(visitor.post("/received/export.csv").source.removeprefix("\ufeff")))
    assert (row["held_back"], row["cannot_be_used"]) == ("1", told)
    theirs = opening(visiting(app, world.college_admissions), transfer_id).text
    assert "Held back" not in theirs
    assert "Form 8" not in theirs
