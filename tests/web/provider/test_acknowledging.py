"""Acknowledging with a second look where something is still owed."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from tests.exchange.safeguarding_answers import answer
from tests.exchange.world import World
from tests.web.provider.visiting import opening, states, visiting
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.queries import asking


def _pressed(visitor: Visitor, page: Page, button: str) -> Page:
    ((number, form),) = [(n, form) for n, form in enumerate(page.forms) if button in form.text_content()]
    return visitor.follow(visitor.post(form.action, page.fields(number)))


def test_a_record_without_an_answer_is_acknowledged_on_purpose(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_safeguarding)
    record = opening(visitor, transfer_id)
    page = _pressed(visitor, record, "Acknowledge")
    assert page.h1 == "Acknowledge Amina Khan?"
    assert "The school’s safeguarding team still owes an answer. Ring " in page.text
    assert "Nothing is acknowledged yet." in page.text
    assert states(visitor.get("/received"))[-1] == "Opened"
    done = _pressed(visitor, page, "Acknowledge all the same")
    assert "Acknowledged. The school can see" in done.text
    assert "Acknowledged" in states(visitor.get("/received"))


def test_an_answered_record_needs_no_second_look(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    answer(world, {record_id: "no"})
    visitor = visiting(app, world.college_safeguarding)
    opening(visitor, transfer_id)
    page = visitor.follow(visitor.post(f"/received/{transfer_id}/acknowledge"))
    assert "Acknowledged. The school can see" in page.text


def test_a_question_that_waits_is_named_first(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    question = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=transfer_id, text="Which bus?"
    )
    page = visitor.post(f"/received/{transfer_id}/acknowledge")
    assert "is not answered yet" in page.text
    assert page.href("question of") == f"/received/questions/{question}"
    asking.reply(db=world.db, actor=world.senco, query_id=question, text="The 22.")
    page = visitor.follow(visitor.post(f"/received/{transfer_id}/acknowledge"))
    assert "Acknowledged. The school can see" in page.text


def test_of_many_those_of_which_nothing_is_owed_can_be_acknowledged_alone(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    answer(world, {record_id: "no"})
    silent = world.sent("Ben", "Stone")
    visitor = visiting(app, world.college_safeguarding)
    for one in (transfer_id, silent.transfer_id):
        opening(visitor, one)
    page = visitor.post("/received/acknowledge", {"transfer": [str(transfer_id), str(silent.transfer_id)]})
    assert page.h1 == "Something is still owed about 1 record"
    assert page.texts("main h2") == ["Ben Stone"]
    done = _pressed(visitor, page, "Acknowledge only the other record")
    assert "1 record acknowledged." in done.text
    page = visitor.post("/received/acknowledge", {"transfer": [str(silent.transfer_id)]})
    done = _pressed(visitor, page, "Acknowledge all the same")
    assert "1 record acknowledged." in done.text
