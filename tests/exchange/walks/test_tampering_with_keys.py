"""Somebody who can write to the database puts a key or a team in another's place: nothing is sealed to it.

A walk: it goes from keys over writing, sending and releasing to questions. The people in it are let in without the
check that a session begins with (`keys.personal.open_actor`), so what holds here is the second line of defence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy.orm import Session

from tests.exchange.team_rows import MadeTeam, add_key
from tests.exchange.walks.journeys import STEPS, Journey, journey
from tests.exchange.walks.opened import opened_by
from tests.exchange.walks.tampering import swap_key
from tests.exchange.world import World
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Organisation, Team, TeamKey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


def _teams(world: World) -> Mapping[str, MadeTeam]:
    """Every team of the area, by place and name."""
    return {
        f"{place.name}: {name}": team for place in world.places.values() for name, team in place.teams.items()
    }


def _nobody_opens_more(before: Journey, after: Journey) -> None:
    """No team opens a part of the second record whose like it did not open of the first."""
    for name, team in _teams(before.world).items():
        first, second = (frozenset().union(*going.shapes(team.secret)) for going in (before, after))
        assert second <= first, f"{name} opens {second - first}"


OWN = ("Transition team", "Safeguarding team")


@pytest.mark.parametrize("name", OWN)
def test_nothing_is_sealed_to_a_key_put_in_the_own_teams_place(world: World, name: str) -> None:
    """What was sealed to the own team before that is not opened any more either: its signatures count for nothing."""
    team = world.school.teams[name]
    thief = swap_key(world, team.key_id)
    going = journey(world)
    assert opened_by(world, thief) == {}
    assert "send" not in going.reached or name != "Transition team"
    assert "release" not in going.reached


@pytest.mark.parametrize("name", OWN)
def test_nothing_is_sealed_to_a_newer_key_written_for_the_own_team(world: World, name: str) -> None:
    """Nobody signed it. The session goes on with the key that it holds, and so does all the work."""
    before = journey(world)
    team, thief = world.school.teams[name], TeamSecret.generate()
    with world.db.write() as session:
        add_key(session, team.row.id, thief, version=2)
    after = journey(world, "Ben")
    assert opened_by(world, thief) == {}
    _nobody_opens_more(before, after)
    assert after.shapes(team.secret)


@pytest.mark.parametrize("name", ["Admissions", "Learning support", "Safeguarding", "Exams office"])
@pytest.mark.parametrize("newer", [False, True])
def test_nothing_is_sealed_to_a_key_put_in_a_providers_place(world: World, name: str, newer: bool) -> None:
    """A thief who writes their own key over a college team's gets nothing: the school's pins don't confirm it.

    One with a higher number is passed over, and the team gets what it should, under its own key.
    """
    team = world.college.teams[name]
    if newer:
        thief = TeamSecret.generate()
        with world.db.write() as session:
            add_key(session, team.row.id, thief, version=2)
    else:
        thief = swap_key(world, team.key_id)
    record_id = world.add()
    world.fill(record_id)
    assert [provider.state for provider in world.plan(record_id).providers] == [
        "new" if newer else "not_ready"
    ]
    going = journey(world)
    assert opened_by(world, thief) == {}
    assert "release" in going.reached, "the rest of the work goes on"
    assert bool(going.shapes(world.college.teams["Admissions"].secret)) == newer


def _purposes(name: str, *purposes: str) -> Callable[[Session, World], None]:
    def change(session: Session, world: World) -> None:
        team = {**world.school.teams, **world.college.teams}[name]
        session.get_one(Team, team.row.id).purposes = list(purposes)

    return change


def _team_names(session: Session, world: World) -> None:
    """Two teams of the college called by each other's name, and the school's two likewise."""
    for place, one, other in (
        (world.college, "Exams office", "Safeguarding"),
        (world.school, "Transition team", "Safeguarding team"),
    ):
        session.get_one(Team, place.teams[one].row.id).name = other
        session.get_one(Team, place.teams[other].row.id).name = one


def _organisation_names(session: Session, world: World) -> None:
    boxing = world.places["Riverside Boxing"]
    session.get_one(Organisation, world.college.id).name = boxing.name
    session.get_one(Organisation, boxing.id).name = world.college.name
    session.get_one(Organisation, world.school.id).name = "Southway School"


@pytest.mark.parametrize(
    "change",
    [
        _purposes("Transition team", "school_safeguarding"),
        _purposes("Transition team", "transition", "school_safeguarding", "neet_group"),
        _purposes("Safeguarding team", "transition"),
        _purposes("Exams office", "exams", "learning_support", "safeguarding", "admissions"),
        _purposes("Safeguarding", "exams"),
        _purposes("Learning support"),
        _team_names,
        _organisation_names,
    ],
)
def test_other_purposes_or_names_in_rows_change_nothing(
    world: World, change: Callable[[Session, World], None]
) -> None:
    """Who a team is, and what it may read, was confirmed; the own team's stands in the sealed membership."""
    before = journey(world)
    assert tuple(before.reached) == STEPS
    with world.db.write() as session:
        change(session, world)
    after = journey(world, "Ben")
    assert tuple(after.reached) == STEPS
    for name, team in _teams(world).items():
        assert after.shapes(team.secret) == before.shapes(team.secret), name


def test_the_names_on_a_plan_are_those_that_were_confirmed(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    with world.db.write() as session:
        _team_names(session, world)
        _organisation_names(session, world)
    (college,) = world.plan(record_id).providers
    assert college.name == "Northway College"
    assert {team.name: team.team_id for team in college.teams} == {
        name: team.row.id for name, team in world.college.teams.items()
    }


def _moved(place: str, team: str, to: str) -> Callable[[Session, World], None]:
    def change(session: Session, world: World) -> None:
        row = session.get_one(Team, world.places[place].teams[team].row.id)
        row.organisation_id = world.places[to].id

    return change


@pytest.mark.parametrize(
    "change",
    [
        _moved("Riverside Boxing", "Riverside Boxing", "Northway College"),
        _moved("Northway College", "Learning support", "Riverside Boxing"),
        _moved("Northway College", "Safeguarding", "Ashdown School"),
        _moved("Beech Lane School", "Safeguarding team", "Ashdown School"),
        _moved("Beech Lane School", "Transition team", "Ashdown School"),
        _moved("Beech Lane School", "Safeguarding team", "Northway College"),
        _moved("Ashdown School", "Transition team", "Northway College"),
        _moved("Ashdown School", "Safeguarding team", "Beech Lane School"),
    ],
)
def test_a_team_moved_to_another_organisation_gets_nothing_there(
    world: World, change: Callable[[Session, World], None]
) -> None:
    """Somebody in one confirmed team, who can write to the database, makes it the team of another organisation."""
    before = journey(world)
    with world.db.write() as session:
        change(session, world)
    after = journey(world, "Ben")
    _nobody_opens_more(before, after)
    assert "fill" in after.reached, "the own team goes on writing"


@pytest.mark.parametrize(
    ("of", "to"),
    [
        ("Safeguarding", "Exams office"),  # of another team
        ("Late team", "Late team"),  # of an earlier key of the same team
    ],
)
def test_a_confirmation_replayed_for_another_key_or_team_confirms_nothing(
    world: World, of: str, to: str
) -> None:
    world.team("Northway College", "Late team", "safeguarding")
    team = world.college.teams[to]
    with world.db.write() as session:
        source = session.get_one(TeamKey, world.college.teams[of].key_id)
        said = (source.confirmation, source.confirmation_signature, source.confirmation_key_id)
    thief = swap_key(world, team.key_id)
    with world.db.write() as session:
        key = session.get_one(TeamKey, team.key_id)
        key.confirmation, key.confirmation_signature, key.confirmation_key_id = said
    going = journey(world)
    assert opened_by(world, thief) == {}
    assert "ask" not in going.reached, "the college waits, because one of its teams cannot be sealed to"
