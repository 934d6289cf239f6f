"""The receiving side's pages, as a college's teams use them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.documents import pdf
from tests.exchange.world import World
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing import attaching
from transition_exchange.store.models import Receipt, Transfer


@pytest.fixture
def record_id(world: World) -> UUID:
    """A learner whose record was sent to the college."""
    found = world.add("Amina", "Khan")
    world.fill(found)
    world.send(found)
    return found


@pytest.fixture
def transfer_id(world: World, record_id: UUID) -> UUID:
    with world.db.read() as session:
        return session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)).one()


def visiting(app: Flask, actor: Actor) -> Visitor:
    return Visitor(app, replace(actor, session_id=str(uuid4())))


def states(page: Page) -> list[str]:
    return page.texts("tbody .govuk-tag")


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


@pytest.mark.parametrize("path", ["record.pdf", "record.json", "ask"])
def test_every_door_to_anothers_transfer_is_the_same_404(
    app: Flask, world: World, transfer_id: UUID, path: str
) -> None:
    visitor = visiting(app, world.coach)
    assert visitor.get(f"/received/{transfer_id}/{path}").status == 404
    assert visitor.get(f"/received/{uuid4()}/{path}").status == 404


def test_a_school_has_no_inbox(app: Flask, world: World) -> None:
    assert visiting(app, world.senco).get("/received").status == 403


def test_opening_a_record_shows_it_and_writes_the_receipt(
    app: Flask, world: World, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    page = visitor.get(f"/received/{transfer_id}")
    assert page.h1 == "Amina Khan"
    assert "Farah Khan" in page.text
    assert states(visitor.get("/received")) == ["Opened"]
    with world.db.read() as session:
        opened = session.scalars(select(Receipt).where(Receipt.opened_at.is_not(None))).all()
    assert [receipt.team_id for receipt in opened] == [world.college_support.teams[0].id]


def test_a_team_reads_its_own_sections_only(app: Flask, world: World, transfer_id: UUID) -> None:
    support = visiting(app, world.college_support).get(f"/received/{transfer_id}").text
    exams = visiting(app, world.college_exams).get(f"/received/{transfer_id}").text
    assert "07700 900124" in support
    assert "07700 900124" not in exams
    assert "Farah" not in exams


def test_the_preferred_name_heads_the_page_for_those_who_may_know_it(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    assert visiting(app, world.college_support).get(f"/received/{transfer_id}").h1 == "Mina Khan"
    assert visiting(app, world.college_exams).get(f"/received/{transfer_id}").h1 == "Amina Khan"


def test_what_changed_is_told(app: Flask, world: World, record_id: UUID, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    visitor.get(f"/received/{transfer_id}")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    assert states(visitor.get("/received")) == ["Changed"]
    changes = visitor.get(f"/received/{transfer_id}").texts(".te-changes dt")
    assert len(changes) == 1
    assert changes[0].startswith("Preferred name")


def test_search_finds_by_name_and_keeps_it_out_of_the_address(
    app: Flask, world: World, record_id: UUID
) -> None:
    other = world.add("Ben", "Stone")
    world.fill(other)
    world.send(other)
    visitor = visiting(app, world.college_admissions)
    page = visitor.post("/received", {"q": "kha"})
    assert "Amina Khan" in page.text
    assert "Ben Stone" not in page.text
    assert page.tree.xpath("//form[@role='search']/@method") == ["post"]
    assert "No record matches" in visitor.post("/received", {"q": "nobody"}).text


def test_a_record_is_acknowledged(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    visitor.get(f"/received/{transfer_id}")
    page = visitor.follow(visitor.post(f"/received/{transfer_id}/acknowledge"))
    assert "Acknowledged" in page.text
    assert states(visitor.get("/received")) == ["Acknowledged"]


def test_only_what_was_read_is_acknowledged_of_many(app: Flask, world: World, transfer_id: UUID) -> None:
    other = world.add("Ben", "Stone")
    world.fill(other)
    world.send(other)
    visitor = visiting(app, world.college_support)
    visitor.get(f"/received/{transfer_id}")
    with world.db.read() as session:
        every = [str(each) for each in session.scalars(select(Transfer.id))]
    page = visitor.follow(visitor.post("/received/acknowledge", {"transfer": every}))
    assert "1 record acknowledged" in page.text
    assert "1 record not opened yet" in page.text
    assert "Nothing was ticked" in visitor.follow(visitor.post("/received/acknowledge")).text


def test_the_pdf_and_the_data_are_downloaded(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    pdf = visitor.get(f"/received/{transfer_id}/record.pdf").response
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert "Khan" not in pdf.headers["Content-Disposition"]
    assert "no-store" in pdf.headers["Cache-Control"]
    data = json.loads(visitor.get(f"/received/{transfer_id}/record.json").response.data)
    assert data["answers"]["learner"]["legal_surname"] == "Khan"
    assert visitor.get(f"/received/{transfer_id}/record.pdf?part=safeguarding").status == 404
    assert visitor.get(f"/received/{transfer_id}/record.pdf?part=nonsense").status == 404


def test_a_document_goes_to_its_audience_only(app: Flask, world: World) -> None:
    record_id, content = world.add(), pdf()
    world.fill(record_id)
    document = attaching.attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="strategies",
        name="What helps",
        dated=world.today,
        content=content,
    )
    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id)).one()
    address = f"/received/{transfer_id}/documents/{document}.pdf"
    support = visiting(app, world.college_support)
    assert "What helps (PDF)" in support.get(f"/received/{transfer_id}").text
    assert support.get(address).response.data == content
    assert visiting(app, world.college_admissions).get(address).status == 404


def test_the_table_holds_every_record_of_the_team(app: Flask, world: World, record_id: UUID) -> None:
    other = world.add("=Ben", "Stone")
    world.fill(other)
    world.send(other)
    response = visiting(app, world.college_support).get("/received/export.csv").response
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert {row["learner.legal_surname"] for row in rows} == {"Khan", "Stone"}
    assert "'=Ben" in {row["learner.legal_forename"] for row in rows}
    assert not [name for name in rows[0] if name.startswith(("enrolment.", "safeguarding."))]


def test_a_question_is_asked_answered_and_closed(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    empty = visitor.post(f"/received/{transfer_id}/ask", {"text": " ", "section": "contacts"})
    assert empty.status == 422
    assert empty.errors == ["Write your message"]
    assert empty.tree.xpath("//select[@id='section']/option[@selected]/@value") == ["contacts"]
    page = visitor.follow(
        visitor.post(f"/received/{transfer_id}/ask", {"text": "Who collects her?", "section": "contacts"})
    )
    assert "Waiting for the school" in page.text
    assert states(visitor.get("/received")) == ["Question open"]
    (question,) = asking.queries(db=world.db, actor=world.senco)
    asking.reply(db=world.db, actor=world.senco, query_id=question.id, text="Her aunt.")
    answered = visitor.get(f"/received/questions/{question.id}")
    assert "Her aunt." in answered.text
    visitor.post(f"/received/questions/{question.id}", {"text": "Thank you"})
    assert "Question closed" in visitor.follow(visitor.post(f"/received/questions/{question.id}/close")).text
    assert visiting(app, world.coach).get(f"/received/questions/{question.id}").status == 404
    assert visiting(app, world.college_admissions).get(f"/received/questions/{question.id}").status == 404


def test_a_recalled_record_is_gone(app: Flask, world: World, record_id: UUID, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    assert "Amina" in visitor.get("/received").text
    recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_id)
    assert "Amina" not in visitor.get("/received").text
    assert visitor.get(f"/received/{transfer_id}").status == 404
    assert visitor.get(f"/received/{transfer_id}/record.pdf").status == 404
