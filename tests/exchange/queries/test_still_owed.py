"""What the school still owes is said before somebody acknowledges, to those who may know it."""

from __future__ import annotations

import pytest

from tests.exchange.safeguarding_answers import LEAD, answer, taken_back
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.queries.asking import ask, reply
from transition_exchange.exchange.queries.still_owed import StillOwed, still_owed


def _owed(world: World, sent: SentRecord, actor: Actor) -> list[StillOwed]:
    return still_owed(db=world.db, actor=actor, transfer_ids=[sent.transfer_id])


def test_the_safeguarding_team_is_told_that_it_has_no_answer_and_no_other_team_is(
    world: World, sent: SentRecord
) -> None:
    lead = world.college_safeguarding
    assert _owed(world, sent, lead) == [], "nothing can be acknowledged before it is read"
    for actor in (lead, world.college_support):
        world.open(sent.transfer_id, actor)
    (owed,) = _owed(world, sent, lead)
    assert (owed.answer, owed.school, owed.content["legal_surname"]) == (
        "not_answered",
        "Ashdown School",
        "Khan",
    )
    assert {one.owner for one in owed.ring} == {"transition", "school_safeguarding"}
    assert "Khan" not in repr(owed)
    assert _owed(world, sent, world.college_support) == []
    answer(world, {sent.record_id: "no"})
    world.open(sent.transfer_id, lead)
    assert _owed(world, sent, lead) == []
    taken_back(world, sent.record_id, lead=LEAD)
    world.open(sent.transfer_id, lead)
    assert [owed.answer for owed in _owed(world, sent, lead)] == ["withdrawn"]


def test_a_question_is_owed_an_answer_until_there_is_one(world: World, sent: SentRecord) -> None:
    actor = world.college_support
    world.open(sent.transfer_id)
    question = ask(db=world.db, actor=actor, transfer_id=sent.transfer_id, text="Which bus?")
    (owed,) = _owed(world, sent, actor)
    assert (owed.answer, [asked.id for asked in owed.questions]) == ("", [question])
    world.open(sent.transfer_id, world.college_exams)
    assert _owed(world, sent, world.college_exams) == [], "another team's question is not its own"
    reply(db=world.db, actor=world.senco, query_id=question, text="The 22.")
    assert _owed(world, sent, actor) == []


def test_only_a_receiving_team_is_owed_anything(world: World, sent: SentRecord) -> None:
    with pytest.raises(NotAllowed):
        _owed(world, sent, world.senco)
    assert _owed(world, sent, world.coach) == []
