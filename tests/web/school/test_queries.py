"""Queries from colleges, and answers to them."""

from __future__ import annotations

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.sending.tracking import track


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
    assert senco.post(path, {"text": "The 22."}).status == 303
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
