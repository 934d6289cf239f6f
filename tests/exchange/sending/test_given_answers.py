"""What the safeguarding team has answered for each learner: as it was released, opened once a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.safeguarding_answers import answer, spoil_answers, taken_back
from tests.exchange.statements import counted
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.sending.given_answers import NOT_CERTAIN, given_answers
from transition_exchange.store.models import Revision

OWNER = "school_safeguarding"


def given(world: World, *, actor: Actor | None = None) -> dict[UUID, str]:
    found = given_answers(db=world.db, actor=actor or world.safeguarding_lead)
    return {record_id: one.answer for record_id, one in found.items()}


def test_it_is_the_newest_that_was_released(world: World) -> None:
    amina, ben, cara = world.sent().record_id, world.add("Ben", "Stone"), world.add("Cara", "Dale")
    assert given(world) == {}
    answer(world, {amina: "no", ben: "yes", cara: "not_disclosed"})
    assert given(world) == {amina: "no", ben: "yes", cara: "not_disclosed"}
    world.save(ben, {"safeguarding": {"file_exists": "no", "lead_name": "Sam"}}, owner=OWNER)
    assert given(world)[ben] == "yes", "what is only saved was not released"
    world.send(ben, owner=OWNER)
    assert given(world)[ben] == "no"
    told = given_answers(db=world.db, actor=world.safeguarding_lead)[ben].released_at
    assert told is not None
    assert abs((datetime.now(UTC) - told).total_seconds()) < 60


def test_what_was_taken_back_is_none_and_a_release_without_the_answer_says_so(world: World) -> None:
    amina, ben = world.add(), world.add("Ben", "Stone")
    answer(world, {amina: "no"})
    taken_back(world, amina)
    world.save(ben, {"day_one_safety": {"information": "Ask at the gate"}}, owner=OWNER)
    world.send(ben, owner=OWNER)
    assert given(world) == {ben: "not_answered"}


def test_rows_decide_nothing(world: World) -> None:
    """Neither the time of the row nor sealed bytes that somebody changed make the list say something false."""
    amina, ben = world.add(), world.add("Ben", "Stone")
    answer(world, {amina: "no", ben: "yes"})
    spoil_answers(world, amina)
    with world.db.write() as session:
        for row in session.scalars(select(Revision).where(Revision.number > 0)):
            row.released_at = datetime(2020, 1, 1, tzinfo=UTC)
    found = given_answers(db=world.db, actor=world.safeguarding_lead)
    assert found[amina] == (NOT_CERTAIN, None)
    answer_of_ben, at = found[ben]
    assert answer_of_ben == "yes"
    assert at is not None
    assert at.year > 2020


def test_a_session_opens_each_version_once(world: World) -> None:
    """The second look takes the same few statements, however many learners there are."""
    ids = [world.add(surname=f"Learner{number}") for number in range(4)]
    answer(world, dict.fromkeys(ids, "no"))
    lead = replace(world.safeguarding_lead, session_id="a-session")
    with counted(world.db) as opening:
        first = given(world, actor=lead)
    with counted(world.db) as again:
        assert given(world, actor=lead) == first == dict.fromkeys(ids, "no")
    assert len(again) < len(opening) - len(ids)
    with counted(world.db) as as_before:
        given(world, actor=lead)
    assert len(as_before) == len(again)


def test_only_the_safeguarding_team_reads_it_and_only_its_own_schools(world: World) -> None:
    answer(world, {world.add(): "yes"})
    for actor in (world.senco, world.college_safeguarding, world.coordinator):
        with pytest.raises(NotAllowed):
            given_answers(db=world.db, actor=actor)
