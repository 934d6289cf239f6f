"""Whose a record is: the own organisation's, or it looks like none at all."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.records import ownership


def test_a_record_is_found_by_its_own_school_and_by_nobody_else(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        assert ownership.own_record(session, world.senco, record_id).id == record_id
        assert ownership.own_record(session, world.safeguarding_lead, record_id).id == record_id
        for actor in (world.other_senco, world.college_support, world.coordinator):
            with pytest.raises(NotFound) as other:
                ownership.own_record(session, actor, record_id)
            with pytest.raises(NotFound) as none:
                ownership.own_record(session, actor, uuid4())
            assert other.value.message == none.value.message


def test_many_are_all_the_schools_own_or_none_is_taken(world: World) -> None:
    mine, theirs = [world.add(), world.add("Ben")], world.add(actor=world.other_senco)

    def own(*record_ids: UUID) -> tuple[UUID, ...]:
        return ownership.own_records(db=world.db, actor=world.senco, record_ids=record_ids)

    assert own(mine[1], mine[0], mine[1]) == (mine[1], mine[0]), "each once, in the order asked"
    assert own() == ()
    for stranger in (theirs, uuid4()):
        with pytest.raises(NotFound):
            own(*mine, stranger)


def test_an_organisations_teams_are_found_by_purpose_oldest_first(world: World) -> None:
    world.team("Ashdown School", "Second transition team", "transition", "school_safeguarding")
    with world.db.read() as session:
        named = {
            purpose: [team.name for team in ownership.teams_of(session, world.school.id, purpose)]
            for purpose in ("transition", "school_safeguarding", "admissions")
        }
    assert named == {
        "transition": ["Transition team", "Second transition team"],
        "school_safeguarding": ["Safeguarding team", "Second transition team"],
        "admissions": [],
    }
