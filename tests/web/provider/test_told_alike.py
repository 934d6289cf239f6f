"""Learning support, admissions and exams get the same bytes, whatever the school's safeguarding team has answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.receiving.test_safeguarding_part import OTHERS, SAID
from tests.exchange.safeguarding_answers import taken_back
from tests.exchange.world import World
from tests.web.provider.visiting import opening, visiting
from tests.web.visitor import Visitor
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.store.models import OutboxMail

ONCE = re.compile(
    r'(name="csrf_token" value|data-(token|seconds|seconds-latest))="[^"]*"|\d{1,2}(:\d\d)?(am|pm)'
)
"""What differs each time that a page is shown: tokens, and until when one is signed in."""


def everything(world: World, visitor: Visitor, person: str, transfer_id: UUID) -> Mapping[str, object]:
    """All that one of the teams gets of a record: pages, PDF, data, table, card and mail."""
    actor = world.people[person]
    record = f"/received/{transfer_id}"
    with world.db.read() as session:
        mail = session.execute(
            select(OutboxMail.template, OutboxMail.figures).where(
                OutboxMail.to_address.in_(
                    [
                        team.row.notification_email
                        for team in world.college.teams.values()
                        if team.row.id == actor.teams[0].id
                    ]
                )
            )
        ).all()
    return {
        "inbox": ONCE.sub("", visitor.get("/received").source),
        "page": ONCE.sub("", visitor.get(record).source),
        "before": ONCE.sub("", visitor.get(f"{record}/opened-before").source),
        "ask": ONCE.sub("", visitor.get(f"{record}/ask").source),
        "pdf": visitor.post(f"{record}/record.pdf").source,
        "data": visitor.post(f"{record}/record.json").source,
        "safeguarding pdf": visitor.post(f"{record}/record.pdf?part=school_safeguarding").status,
        "table": visitor.post("/received/export.csv").source,
        "card": inbox(db=world.db, actor=actor)[0].content,
        "mail": [tuple(row) for row in mail],
    }


@pytest.mark.parametrize("person", OTHERS)
@pytest.mark.parametrize("looked", ["nothing opened", "opened", "acknowledged"])
def test_what_the_others_get_is_the_same_byte_for_byte(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID, person: str, looked: str
) -> None:
    visitor = visiting(app, world.people[person])
    if looked != "nothing opened":
        opening(visitor, transfer_id)
        for part in ("record.pdf", "record.json"):
            visitor.post(f"/received/{transfer_id}/{part}")
    if looked == "acknowledged":
        visitor.follow(visitor.post(f"/received/{transfer_id}/acknowledge"))
    visitor.post("/received/export.csv")
    unanswered = everything(world, visitor, person, transfer_id)
    assert "Safeguarding: ask your safeguarding team." in str(unanswered["page"])
    for answers in SAID.values():
        answered: Any = answers
        world.save(record_id, answered, owner="school_safeguarding")
        world.send(record_id, owner="school_safeguarding")
        assert everything(world, visitor, person, transfer_id) == unanswered


@pytest.mark.parametrize("person", OTHERS)
def test_an_answer_that_was_taken_back_changes_nothing_for_the_others(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID, person: str
) -> None:
    visitor = visiting(app, world.people[person])
    opening(visitor, transfer_id)
    visitor.post("/received/export.csv")
    unanswered = everything(world, visitor, person, transfer_id)
    answered: Any = SAID["yes"]
    world.save(record_id, answered, owner="school_safeguarding")
    world.send(record_id, owner="school_safeguarding")
    visitor.post(f"/received/{transfer_id}")
    visitor.post("/received/export.csv")
    taken_back(world, record_id)
    assert everything(world, visitor, person, transfer_id) == unanswered


def test_safety_on_the_first_day_is_the_one_exception(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_support)
    opening(visitor, transfer_id)
    world.save(
        record_id,
        {**SAID["yes"], "day_one_safety": {"information": "Carries an auto-injector."}},
        owner="school_safeguarding",
    )
    world.send(record_id, owner="school_safeguarding")
    assert "From the school’s safeguarding team" in visitor.get(f"/received/{transfer_id}").text
    page = opening(visitor, transfer_id)
    assert "Carries an auto-injector." in page.text
    assert "Sam Lead" not in page.text


def test_the_safeguarding_team_sees_counts_and_what_was_not_answered(
    app: Flask, world: World, record_id: UUID, transfer_id: UUID
) -> None:
    visitor = visiting(app, world.college_safeguarding)
    page = visitor.get("/received")
    assert "1 not answered" in page.text
    assert "has not answered yet (since" in visitor.get(f"/received/{transfer_id}").text
    opened = opening(visitor, transfer_id)
    assert "has not answered yet (since" in opened.text
    assert "Safeguarding file (not answered yet)" in opened.text
    world.save(record_id, SAID["no"], owner="school_safeguarding")
    world.send(record_id, owner="school_safeguarding")
    page = visitor.get("/received")
    assert "1 nothing to pass on" in page.text
    assert "0 not answered" in page.text
    narrowed = visitor.get("/received?answer=not_answered")
    assert "No record matches" in narrowed.text
    assert "has not answered" not in visitor.get(f"/received/{transfer_id}").text
