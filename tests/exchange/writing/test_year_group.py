"""Confirming for a whole year group: fills what nobody has answered, and nothing else."""

from __future__ import annotations

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.writing import year_group
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import load

VERSION = load("core/2027.1")


TYPED = {
    "told": {
        "learner_told_on": "2026-10-01",
        "learner_told_how": "meeting",
        "parent_told_on": "2026-10-02",
        "parent_told_how": "letter",
    },
    "enrolment": {"home_la": "372"},
}


def _everything() -> Answers:
    return year_group.confirmed(VERSION.statements, TYPED, VERSION)


def test_a_step_fills_a_few_learners_and_leaves_the_rest(world: World) -> None:
    ids = tuple(world.add(surname=f"Learner{number}") for number in range(3))
    step = year_group.step(db=world.db, actor=world.senco, record_ids=ids, answers=_everything(), limit=2)
    assert (step.done, step.left, step.remaining) == (ids[:2], (), ids[2:])
    first = open_draft(db=world.db, actor=world.senco, record_id=ids[0]).answers
    assert first["told"]["parent_told_how"] == "letter"
    assert first["suspensions"] == {"suspension_count": 0, "permanently_excluded": False}
    assert first["exams"] == {"approved": False}
    assert open_draft(db=world.db, actor=world.senco, record_id=ids[2]).answers["told"] == {}


def test_what_somebody_answered_or_gave_a_reason_for_stays(world: World) -> None:
    record_id = world.add()
    world.save(
        record_id,
        {
            "told": {"learner_told": False, "_reasons": {"parent_told": {"reason": "not_known"}}},
            "exams": {"approved": True},
            "waiting": {"waiting": True},
        },
    )
    year_group.step(db=world.db, actor=world.senco, record_ids=[record_id], answers=_everything())
    answers = open_draft(db=world.db, actor=world.senco, record_id=record_id).answers
    assert answers["told"] == {"learner_told": False, "_reasons": {"parent_told": {"reason": "not_known"}}}
    assert answers["exams"]["approved"] is True
    assert answers["waiting"]["waiting"] is True
    assert answers["sharing"] == {"agreed": "all"}


def test_doing_it_twice_changes_nothing(world: World) -> None:
    record_id = world.add()
    for _ in range(2):
        year_group.step(db=world.db, actor=world.senco, record_ids=[record_id], answers=_everything())
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert year_group.filled(draft, _everything()) == {}


def test_a_statement_without_its_date_is_refused_in_words() -> None:
    with pytest.raises(Refused) as caught:
        year_group.confirmed(VERSION.statements[:1], {"told": {"learner_told_on": "2999-01-01"}}, VERSION)
    assert set(caught.value.fields) == {"told.learner_told_on", "told.learner_told_how"}


def test_only_the_transition_team_confirms(world: World) -> None:
    with pytest.raises(NotAllowed):
        year_group.step(db=world.db, actor=world.safeguarding_lead, record_ids=[world.add()], answers={})
