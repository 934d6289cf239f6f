"""Queries to the school."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from tests.exchange.world import World
from tests.web.provider.visiting import opening, states, visiting
from transition_exchange.exchange.queries import asking, threads


def test_a_question_is_asked_answered_and_closed(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    empty = visitor.post(f"/received/{transfer_id}/ask", {"text": " ", "section": "contacts"})
    assert empty.status == 422
    assert empty.errors == ["Write your message"]
    assert empty.tree.xpath("//select[@id='section']/option[@selected]/@value") == ["contacts"]
    page = visitor.follow(
        visitor.post(f"/received/{transfer_id}/ask", {"text": "Who collects her?", "section": "contacts"})
    )
    assert "Waiting for the school" in page.text
    assert states(visitor.get("/received")) == ["Question open"]
    (question,) = threads.queries(db=world.db, actor=world.senco)
    asking.reply(db=world.db, actor=world.senco, query_id=question.id, text="Her aunt.")
    answered = visitor.get(f"/received/questions/{question.id}")
    assert "Her aunt." in answered.text
    visitor.post(f"/received/questions/{question.id}", {"text": "Thank you"})
    assert "Question closed" in visitor.follow(visitor.post(f"/received/questions/{question.id}/close")).text
    assert visiting(app, world.coach).get(f"/received/questions/{question.id}").status == 404
    assert visiting(app, world.college_admissions).get(f"/received/questions/{question.id}").status == 404


def test_a_question_is_about_what_the_team_has_opened(app: Flask, world: World, transfer_id: UUID) -> None:
    visitor, team = visiting(app, world.college_support), world.college_support.teams[0].id
    for page in (
        visitor.get(f"/received/{transfer_id}/ask?team={team}"),
        visitor.post(f"/received/{transfer_id}/ask?team={team}", {"text": "Which bus?"}),
    ):
        assert page.status == 303
        assert page.location == f"/received/{transfer_id}?team={team}"
    assert threads.queries(db=world.db, actor=world.senco) == []
