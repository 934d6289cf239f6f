"""A learner has one name on the pages of a team: the one they go by, where the team may read it."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from tests.exchange.world import World
from tests.web.provider.visiting import opening
from tests.web.visitor import Visitor
from transition_exchange.store.models import Transfer


def test_the_list_the_record_and_a_question_about_it_say_the_same_name(app: Flask, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.fill(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)).one()
    name = "Mina Khan"
    for person in ("college_support", "college_exams"):
        visitor = Visitor(app, replace(world.people[person], session_id=str(uuid4())))
        assert visitor.get("/received").texts("tbody a") == [name]
        assert visitor.get(f"/received/{transfer_id}").h1 == name, "the cover"
        assert opening(visitor, transfer_id).h1 == name
        asking = f"/received/{transfer_id}/ask"
        assert visitor.get(asking).one(".govuk-caption-l") == f"{name}, from Ashdown School"
        asked = visitor.follow(
            visitor.post(asking, visitor.get(asking).fields(0) | {"text": ["How many pages?"]})
        )
        question = visitor.get(asked.href("Asked"))
        assert name in question.text
