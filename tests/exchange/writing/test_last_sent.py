"""What a draft knows of what was sent last: a change shows wherever it was made, and is gone when it is undone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.last_sent import (
    NOTHING_SENT,
    HeldBack,
    LastSent,
    last_sent,
)
from transition_exchange.exchange.writing.learner_list import LearnerRow, learners
from transition_exchange.exchange.writing.opening import open_draft


def _draft(world: World, record_id: UUID, owner: str = "transition") -> Draft:
    actor = world.senco if owner == "transition" else world.safeguarding_lead
    return open_draft(db=world.db, actor=actor, record_id=record_id, owner=owner)


def _row(world: World, record_id: UUID) -> LearnerRow:
    return next(row for row in learners(db=world.db, actor=world.senco) if row.record_id == record_id)


def test_it_comes_back_as_it_was() -> None:
    at = datetime(2027, 6, 1, 9, 30, tzinfo=UTC)
    held = HeldBack("They asked us to wait", by=uuid4(), at=at, version="ef" * 32, keeps="ab" * 32)
    sent = LastSent("ab" * 32, {uuid4(): "cd" * 32}, {uuid4(): held})
    assert last_sent(json.loads(json.dumps(sent.plain()))) == sent
    assert NOTHING_SENT.plain() == {}
    assert "They asked" not in repr(sent)


def test_nothing_has_changed_before_anything_was_sent(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    assert not _draft(world, record_id).since_sent.changed
    assert not _row(world, record_id).changed


@pytest.mark.parametrize(
    "answers",
    [
        {"known_as": {"preferred_name": "Mina"}},
        {"sen": {"provision": "K"}},
        {"learner": {"legal_forename": "Amina", "legal_surname": "Khan", "date_of_birth": "2011-03-28"}},
    ],
    ids=["an answer", "what is asked", "the learner"],
)
def test_a_change_shows_on_the_list_until_it_is_undone(
    world: World, sent: SentRecord, answers: dict[str, Any]
) -> None:
    before = _draft(world, sent.record_id).answers
    assert not _row(world, sent.record_id).changed
    world.save(sent.record_id, answers)
    assert _draft(world, sent.record_id).since_sent.changed
    assert _row(world, sent.record_id).changed
    assert world.plan(sent.record_id).changed, "the plan opens what was sent, and says the same"
    world.save(sent.record_id, {name: before[name] for name in answers})
    assert not _row(world, sent.record_id).changed
    assert not world.plan(sent.record_id).changed


def test_what_is_not_sent_is_no_change(world: World, sent: SentRecord) -> None:
    (row,) = _draft(world, sent.record_id).answers["destinations"]["destinations"]
    second = {**row, "preference": 2, "status": "applied", "provider_name": "Elsewhere"}
    second.pop("organisation")
    world.save(sent.record_id, {"destinations": {"destinations": [row, second]}})
    assert not _row(world, sent.record_id).changed, "a second application is no change for the first college"


def test_sending_it_again_takes_the_mark_away_from_every_list(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    assert not _draft(world, sent.record_id).since_sent.changed
    assert not _row(world, sent.record_id).changed


def test_another_course_at_a_provider_is_a_change_for_it_alone(world: World, sent: SentRecord) -> None:
    (row,) = _draft(world, sent.record_id).answers["destinations"]["destinations"]
    world.save(sent.record_id, {"destinations": {"destinations": [{**row, "course": "Bricklaying"}]}})
    since = _draft(world, sent.record_id).since_sent
    assert (since.changed, since.moved) == (False, frozenset({world.college.id}))
    assert _row(world, sent.record_id).changed
    world.save(sent.record_id, {"destinations": {"destinations": [{**row, "status": "enrolled"}]}})
    assert not _row(world, sent.record_id).changed, "the provider knows the status itself"


def test_nobody_is_to_get_a_change_once_it_was_taken_back(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    assert not _row(world, sent.record_id).taken_back
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    row = _row(world, sent.record_id)
    assert (row.changed, row.taken_back) == (False, True)


def test_of_a_decision_that_names_no_version_the_newest_change_is_to_be_decided() -> None:
    """Decisions that were kept before they named one say nothing of what the form says now."""
    by, at = uuid4(), datetime(2027, 6, 1, 9, 30, tzinfo=UTC)
    plain = {"held_back": {str(by): {"reason": "Wait", "by": str(by), "at": at.isoformat()}}}
    assert last_sent(plain).held_back == {by: HeldBack("Wait", by, at)}


def test_the_safeguarding_teams_part_has_its_own(world: World, sent: SentRecord) -> None:
    world.send(sent.record_id, owner="school_safeguarding")
    assert not _draft(world, sent.record_id, "school_safeguarding").since_sent.changed
    world.save(sent.record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    assert _draft(world, sent.record_id, "school_safeguarding").since_sent.changed
    assert not _draft(world, sent.record_id).since_sent.changed
