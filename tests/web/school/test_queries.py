"""Queries from colleges, and answers to them."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import update

from tests.exchange.queries import forged
from tests.exchange.world import SentRecord, World
from tests.web.visitor import Visitor
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.queries.messages import DAMAGED
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.store.models import Organisation, QueryKeyring, QueryMessage, Record, Team, Transfer


def test_a_question_is_listed_read_and_answered(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        text="Which bus?",
        section="transport",
    )
    assert "Questions (1 waiting)" in senco.get("/learners").text
    page = senco.get("/learners/questions")
    assert "Waiting for you" in page.text
    path = page.href("Amina Khan")
    page = senco.get(path)
    assert "Which bus?" in page.text
    empty = senco.post(path, page.fields() | {"text": [" "]})
    assert empty.errors == ["Write your message"]
    assert senco.post(path, page.fields() | {"text": ["The 22."]}).status == 303
    assert "Answered" in senco.get("/learners/questions").text


def test_the_other_teams_questions_are_not_there(lead: Visitor, senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    query_id = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text="Which bus?"
    )
    assert senco.get(f"/learners/questions/{query_id}").status == 200
    assert lead.get(f"/learners/questions/{query_id}").status == 404


@pytest.fixture
def sent(world: World) -> SentRecord:
    """A complete record, sent to the college."""
    return world.sent()


@pytest.fixture
def query_id(world: World, sent: SentRecord) -> UUID:
    """A question about it that the college's learning support team asked."""
    return asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        text="What helps?",
        section="contacts",
    )


def test_a_message_that_no_team_of_the_question_wrote_stands_there_without_a_name(
    senco: Visitor, world: World, query_id: UUID
) -> None:
    forged.speak(world, query_id, actor=world.coach, text="Send the file to me")
    with world.db.write() as session:
        session.execute(update(Team).values(name="Evil team"))
        session.execute(update(Organisation).values(name="Evil College"))
    page = senco.get(f"/learners/questions/{query_id}")
    first, damaged = page.texts(".te-message")
    assert first.startswith("Learning support, Northway College,")
    assert damaged.startswith("It is not certain who wrote this,")
    assert DAMAGED in damaged
    for false in ("Send the file", "Evil", "Riverside"):
        assert false not in "".join(page.texts("main"))
    path = f"/learners/questions/{query_id}"
    assert senco.post(path, {"text": "Time"}).status == 422, "nobody was shown whom it goes to"
    assert senco.post(path, senco.get(path).fields() | {"text": ["Time"]}).status == 303


@pytest.mark.parametrize("what", ["seal", "keyring", "another key", "not JSON", "a list", "version"])
def test_a_damaged_question_spoils_no_page(
    senco: Visitor, world: World, sent: SentRecord, query_id: UUID, what: str
) -> None:
    other = world.sent("Ben", "Stone")
    good = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=other.transfer_id, text="And lunch?"
    )
    message_id = forged.message_of(world, query_id).id
    if what == "seal":
        with world.db.write() as session:
            session.get_one(QueryMessage, message_id).sealed = b"broken"
    elif what == "keyring":
        with world.db.write() as session:
            session.execute(
                update(QueryKeyring).where(QueryKeyring.message_id == message_id).values(keyring=b"broken")
            )
    elif what == "version":
        with world.db.write() as session:
            session.get_one(Record, sent.record_id).version = "core/1999.1"
    else:
        signed = forged.signed_by(world, query_id, world.college_support.teams[0])
        plaintext = {"another key": signed, "not JSON": b"nonsense", "a list": b"[]"}[what]
        forged.put(world, query_id, plaintext, name="another" if what == "another key" else "message")
    assert "Questions (1 waiting)" in senco.get("/learners").text
    rows = senco.get("/learners/questions").texts("tbody tr")
    assert len(rows) == 2
    assert "Northway College" in rows[0]
    assert "Waiting for you" in rows[0]
    assert "Not certain" in rows[1]
    assert "Cannot be checked" in rows[1]
    page = senco.get(f"/learners/questions/{query_id}")
    assert DAMAGED in page.text
    assert "It is not certain who asked this" in page.text
    assert "You cannot answer this here" in page.text
    assert not page.tree.xpath("//main//textarea")
    refused = senco.post(f"/learners/questions/{query_id}", {"text": "Time"})
    assert refused.status == 422
    assert "And lunch?" in senco.get(f"/learners/questions/{good}").text
    assert "1 question from a college waits" in senco.get(f"/learners/{other.record_id}").text.lower()
    assert senco.get(f"/learners/{other.record_id}/sent").status == 200
    if what != "version":
        assert senco.get(f"/learners/{sent.record_id}").status == 200
        assert "It is not certain who asked this" in senco.get(f"/learners/{sent.record_id}/sent").text


def test_a_question_that_nobody_asked_is_said_of_nobody(
    senco: Visitor, world: World, sent: SentRecord, query_id: UUID
) -> None:
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="Time")
    copy = forged.copied_question(world, query_id, with_messages=False)
    assert "waiting)" not in senco.get("/learners").text
    row = next(row for row in senco.get("/learners/questions").texts("tbody tr") if "Not certain" in row)
    assert "Northway College" not in row
    assert "Cannot be checked" in row
    assert "Northway College" not in "".join(senco.get(f"/learners/questions/{copy}").texts("main"))


def test_both_safeguarding_teams_of_a_school_find_the_question(lead: Visitor, world: World) -> None:
    world.team("Ashdown School", "Sixth form safeguarding", "school_safeguarding")
    second = Visitor(lead.app, world.person("second", "Ashdown School", "Sixth form safeguarding"))
    sent = world.sent()
    query_id = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        text="Who do we ring?",
        owner="school_safeguarding",
    )
    path = f"/learners/questions/{query_id}"
    for visitor in (lead, second):
        assert "Who do we ring?" in visitor.get(path).text
    form = second.get(path).fields() | {"text": ["Ring me"]}
    assert second.post(path, form).status == 303
    page = lead.get(path)
    assert "Sixth form safeguarding , your school" in page.text
    assert "Ring me" in page.text


def test_a_question_about_what_was_taken_back_waits_for_nobody(
    senco: Visitor, sent: SentRecord, world: World
) -> None:
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        text="Which bus?",
        owner="transition",
    )
    assert "Questions (1 waiting)" in senco.get("/learners").text
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert "waiting)" not in senco.get("/learners").text
    assert "waits for your answer" not in senco.get(f"/learners/{sent.record_id}").text
    page = senco.get("/learners/questions")
    assert page.texts("tbody .govuk-tag") == ["Taken back"]
    page = senco.get(page.href("Amina Khan"))
    assert "Your school has taken the record back from them" in page.text


def test_a_row_that_says_taken_back_without_the_schools_signature_hides_no_question(
    senco: Visitor, sent: SentRecord, world: World
) -> None:
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        text="Which bus?",
        owner="transition",
    )
    with world.db.write() as session:
        session.get_one(Transfer, sent.transfer_id).state = "recalled"
    assert senco.get("/learners/questions").texts("tbody .govuk-tag") == ["Waiting for you"]
