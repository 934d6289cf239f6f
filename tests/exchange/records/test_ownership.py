"""Whose a record is: the own organisation's, or it looks like none at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.exchange.team_rows import add_key
from tests.exchange.walks.tampering import swap_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import ownership
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Organisation, Team


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


def test_of_many_the_schools_own_are_told_apart_from_the_others(world: World) -> None:
    mine, theirs = [world.add(), world.add("Ben")], world.add(actor=world.other_senco)

    def picked(*record_ids: UUID) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
        return ownership.own_records(db=world.db, actor=world.senco, record_ids=record_ids)

    assert picked(mine[1], mine[0], mine[1]) == ((mine[1], mine[0]), ()), "each once, in the order asked"
    assert picked() == ((), ())
    for stranger in (theirs, uuid4()):
        assert picked(mine[0], stranger, mine[1], stranger) == ((mine[0], mine[1]), (stranger,))


def _owners(world: World, owner: str, actor: Actor | None = None) -> list[KnownTeam]:
    actor = actor or world.senco
    with world.db.read() as session:
        trust = trust_of(session, actor)
        return ownership.owner_teams(session, actor=actor, trust=trust, owner=owner)


def test_every_confirmed_team_that_writes_is_an_owner_the_oldest_first(world: World) -> None:
    first, safeguarding = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    both = world.team("Ashdown School", "Both", "transition", "school_safeguarding")
    world.team("Ashdown School", "Sixth form", "safeguarding", "admissions")
    world.team("Ashdown School", "Late", "transition", "school_safeguarding", confirmed=False)
    assert _owners(world, "transition") == [first.opened.known, both.opened.known]
    assert _owners(world, "school_safeguarding") == [safeguarding.opened.known, both.opened.known]


def test_the_own_team_is_an_owner_before_it_is_confirmed(world: World) -> None:
    """It writes drafts, and sends nothing."""
    late = world.team("Ashdown School", "Late", "transition", confirmed=False)
    clerk = world.person("clerk", "Ashdown School", "Late")
    first = world.school.teams["Transition team"]
    assert _owners(world, "transition", clerk) == [first.opened.known, late.opened.known]


@pytest.mark.parametrize("stray", [False, True])
def test_the_own_teams_key_comes_from_the_secret_and_never_from_a_row(world: World, stray: bool) -> None:
    """A key in its row's place, or in a newer row: what is sealed to the own team is sealed to the session's key."""
    team = world.school.teams["Transition team"]
    if stray:
        with world.db.write() as session:
            add_key(session, team.row.id, TeamSecret.generate(), version=2)
    else:
        swap_key(world, team.key_id)
    assert _owners(world, "transition") == [team.opened.known]


@pytest.mark.parametrize(
    "said",
    [
        {"purposes": ["school_safeguarding"]},
        {"purposes": []},
        {"name": "Office"},
        {"organisation_id": None},
    ],
    ids=lambda said: str(next(iter(said))),
)
@pytest.mark.parametrize("name", ["Transition team", "Safeguarding team"])
def test_what_rows_say_of_a_team_changes_no_owner(world: World, said: dict[str, Any], name: str) -> None:
    """Of the own team and of another that was confirmed, also where its row was moved away."""
    transition, safeguarding = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    changed = world.school.teams[name]
    said = said if "organisation_id" not in said else {"organisation_id": world.college.id}
    with world.db.write() as session:
        for column, value in said.items():
            setattr(session.get_one(Team, changed.row.id), column, value)
        session.get_one(Organisation, world.school.id).name = "Southway School"
    assert _owners(world, "transition") == [transition.opened.known]
    assert _owners(world, "school_safeguarding") == [safeguarding.opened.known]


def test_a_confirmed_team_of_another_organisation_that_is_moved_in_is_no_owner(world: World) -> None:
    stranger = world.places["Beech Lane School"].teams["Safeguarding team"]
    with world.db.write() as session:
        session.get_one(Team, stranger.row.id).organisation_id = world.school.id
    own = world.school.teams["Safeguarding team"]
    assert _owners(world, "school_safeguarding") == [own.opened.known]


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


@pytest.mark.parametrize("asked", ["transition", "school_safeguarding"])
def test_another_team_that_writes_is_an_owner_wherever_its_row_stands(world: World, asked: str) -> None:
    both = world.team("Ashdown School", "Both", "transition", "school_safeguarding")
    before = _owners(world, asked)
    assert both.opened.known in before
    with world.db.write() as session:
        row = session.get_one(Team, both.row.id)
        row.organisation_id, row.purposes = world.college.id, ["exams"]
    assert _owners(world, asked) == before
