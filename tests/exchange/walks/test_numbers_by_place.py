"""Which places get a learner's numbers: as the NEET group confirmed them, whatever anybody writes into their rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from tests.exchange.answers import destination
from tests.exchange.sixth_forms import SCHOOL, add_hill_school
from tests.exchange.team_rows import MadeTeam
from tests.exchange.walks.opened import opened_by
from tests.exchange.world import World
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.store.models import Organisation, TeamKey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

COLLEGE, CLUB = "Northway College", "Riverside Boxing"
PLACES = (COLLEGE, CLUB, SCHOOL)
UPN, ULN = "L372400114001", "1234567007"
NUMBERS = {"upn": UPN, "uln": ULN}
SECTIONS = {"pupil_number", "numbers"}


def _hill(world: World) -> World:
    """A school with a sixth form, whose numbers were confirmed."""
    add_hill_school(world, ukprn="10009999", urn="123460")
    world.person("hill_office", SCHOOL, "Sixth form office")
    return world


def _ready(world: World) -> UUID:
    """A record with both numbers that goes to the college, the club and the sixth form."""
    record_id = world.add()
    world.fill(record_id)
    rows = [
        destination(world.places[name].id, name, preference=place) for place, name in enumerate(PLACES, 1)
    ]
    world.save(record_id, {"destinations": {"destinations": rows}, "numbers": {"uln": ULN}})
    return record_id


def _teams(world: World) -> Mapping[str, MadeTeam]:
    """The receiving teams of all three places."""
    return {
        f"{place}: {name}": team
        for place in PLACES
        for name, team in world.places[place].teams.items()
        if name != "Transition"
    }


def _planned(world: World, record_id: UUID) -> dict[str, set[str]]:
    """The sections with numbers that each team would get."""
    return {
        f"{provider.name}: {team.name}": SECTIONS.intersection(team.access.sections)
        for provider in world.plan(record_id).providers
        for team in provider.teams
    }


def _sealed(world: World, team: MadeTeam) -> set[str]:
    """The sections with numbers of which a team's secret opens a key, in whatever rows there are."""
    names = {name.partition("/")[0] for parts in opened_by(world, team.secret).values() for name in parts}
    return SECTIONS & names


def _due(name: str) -> set[str]:
    return {COLLEGE: {"numbers"}, CLUB: set(), SCHOOL: SECTIONS}[name.partition(":")[0]]


def _write(world: World, place: str, **columns: Any) -> None:
    with world.db.write() as session:
        session.execute(
            update(Organisation).where(Organisation.id == world.places[place].id).values(**columns)
        )


def test_each_place_gets_the_numbers_that_it_was_confirmed_for(world: World) -> None:
    """All teams of a provider with a UKPRN get the ULN, all teams of a school the UPN; a club gets neither."""
    record_id = _ready(_hill(world))
    assert _planned(world, record_id) == {name: _due(name) for name in _teams(world)}
    world.send(record_id)
    for name, team in _teams(world).items():
        assert _sealed(world, team) == _due(name), name
    for place, person, found in (
        (COLLEGE, "college_admissions", {"uln": ULN}),
        (COLLEGE, "college_safeguarding", {"uln": ULN}),
        (CLUB, "coach", {}),
        (SCHOOL, "hill_office", NUMBERS),
        (SCHOOL, "hill_support", NUMBERS),
    ):
        actor = world.people[person]
        (row,) = inbox(db=world.db, actor=actor)
        assert {name: row.content[name] for name in NUMBERS if name in row.content} == found, person
        received = world.open(world.transfer_of(record_id, place), actor)
        said = json.dumps(received.answers)
        assert {name for name, number in NUMBERS.items() if number in said} == set(found), person


FORGED = [
    {"ukprn": "10007777", "urn": "123499", "kind": "school_with_sixth_form"},
    {"ukprn": "10007777"},
    {"kind": "school", "urn": "123499"},
]


@pytest.mark.parametrize("columns", FORGED)
def test_numbers_and_kinds_in_rows_bring_nothing(world: World, columns: dict[str, str]) -> None:
    """What a writer puts into the rows of a club and a college makes no number be sealed to them, in any version."""
    record_id = _ready(_hill(world))
    _write(world, CLUB, **columns)
    _write(world, COLLEGE, **({"urn": "123499", "kind": "school"} | columns))
    assert _planned(world, record_id) == {name: _due(name) for name in _teams(world)}
    world.send(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    for name, team in _teams(world).items():
        assert _sealed(world, team) == _due(name), name
    (row,) = inbox(db=world.db, actor=world.coach)
    assert not NUMBERS.keys() & row.content.keys()
    (row,) = inbox(db=world.db, actor=world.college_admissions)
    assert "upn" not in row.content


def test_numbers_taken_out_of_rows_take_nothing_away(world: World) -> None:
    record_id = _ready(_hill(world))
    for place in (COLLEGE, SCHOOL):
        _write(world, place, ukprn=None, urn=None, kind="community")
    assert _planned(world, record_id) == {name: _due(name) for name in _teams(world)}


def test_a_confirmation_with_numbers_that_nobody_signed_counts_for_nothing(world: World) -> None:
    """The club's team is then not confirmed at all, so nothing is sent there."""
    record_id = _ready(_hill(world))
    key_id = world.places[CLUB].teams[CLUB].key_id
    with world.db.write() as session:
        key = session.get_one(TeamKey, key_id)
        said = json.loads(key.confirmation or "")
        said["team"] |= {"ukprn": "10007777", "school_urn": "123499"}
        key.confirmation = json.dumps(said, sort_keys=True, separators=(",", ":"))
    (club,) = (provider for provider in world.plan(record_id).providers if provider.name == CLUB)
    assert club.state == "not_ready"
    assert not SECTIONS.intersection(*(team.access.sections for team in club.teams))


@pytest.mark.parametrize("lacking", [{"ukprn": None}, {"ukprn": "no number"}, {"ukprn": "01234567"}])
def test_a_provider_gets_none_where_one_of_its_teams_was_confirmed_without(
    world: World, lacking: dict[str, str | None]
) -> None:
    """Teams with the same work share a pack, so what one of them may not have goes to none."""
    _write(world, COLLEGE, **lacking)
    world.team(COLLEGE, "Second exams office", "exams")
    record_id = _ready(_hill(world))
    planned = {name: found for name, found in _planned(world, record_id).items() if name.startswith(COLLEGE)}
    assert len(planned) == 5
    assert set().union(*planned.values()) == set()


def test_the_council_sees_what_it_would_sign_and_signs_no_number_that_changed(world: World) -> None:
    late = world.team(COLLEGE, "Late", "exams", confirmed=False)
    asked: dict[str, Any] = {"db": world.db, "actor": world.coordinator, "team_id": late.row.id}
    before = confirming.number_of(**asked)
    assert (before.team.ukprn, before.team.school_urn) == ("10001234", "")
    _write(world, COLLEGE, ukprn="10007777", urn="123499", kind="school")
    with pytest.raises(Refused, match="has changed since this page was opened"):
        confirming.confirm(**asked, seen=before.seen)
    shown = confirming.number_of(**asked)
    assert (shown.team.ukprn, shown.team.school_urn) == ("10007777", "123499"), "the caller reads this out"
    confirmed = confirming.number_of(
        db=world.db, actor=world.coordinator, team_id=world.college.teams["Admissions"].row.id
    )
    assert confirmed.not_accepted, "what was confirmed before still holds"


def test_a_college_has_a_urn_too_and_gets_no_upn_for_it(world: World) -> None:
    _write(world, COLLEGE, urn="130527")
    late = world.team(COLLEGE, "Late", "exams")
    assert (late.identity.ukprn, late.identity.school_urn) == ("10001234", "")
