"""Who a team is for somebody who looks: what was sealed to them or confirmed goes before what its row says."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from tests.exchange.world import World
from transition_exchange.exchange.keys.team_identities import SeenTeam, identities, names, seen_teams
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Team, TeamKey

SCHOOL, OFFICE, LEADS = "Ashdown School", "Transition team", "Safeguarding team"


def _seen(world: World, team_id: UUID) -> SeenTeam:
    with world.db.read() as session:
        return seen_teams(session, actor=world.senco, team_ids=[team_id])[team_id]


def _spoil_rows(world: World) -> None:
    with world.db.write() as session:
        session.execute(update(Team).values(name="Evil team", purposes=["exams"]))


def test_an_own_team_and_a_confirmed_one_are_what_they_were_sealed_or_confirmed_as(world: World) -> None:
    _spoil_rows(world)
    for name in (OFFICE, LEADS):
        team = world.school.teams[name]
        assert _seen(world, team.row.id) == SeenTeam(team.identity, checked=True)


def test_a_team_that_nobody_confirmed_is_what_its_row_says_and_not_checked(world: World) -> None:
    late = world.team(SCHOOL, "Late team", "transition", confirmed=False)
    _spoil_rows(world)
    seen = _seen(world, late.row.id)
    assert (seen.identity.name, seen.identity.purposes, seen.checked) == (
        "Evil team",
        frozenset({"exams"}),
        False,
    )


def test_a_team_whose_new_key_waits_is_what_the_last_one_was_confirmed_as(world: World) -> None:
    team = world.school.teams[LEADS]
    world.new_key(SCHOOL, LEADS, removed=[uuid4()])
    _spoil_rows(world)
    assert _seen(world, team.row.id) == SeenTeam(team.identity, checked=True)


@pytest.mark.parametrize("waits", [False, True])
def test_a_key_that_nobody_signed_brings_no_row_back(world: World, waits: bool) -> None:
    """Somebody puts a key with a high number there, whether or not the team's own newest key counts."""
    team = world.school.teams[LEADS]
    if waits:
        world.new_key(SCHOOL, LEADS, removed=[uuid4()])
    _spoil_rows(world)
    stray = TeamSecret.generate()
    with world.db.write() as session:
        session.add(
            TeamKey(
                team_id=team.row.id,
                version=99,
                kem_public=stray.kem.public,
                signing_public=stray.signing.public,
            )
        )
    assert _seen(world, team.row.id) == SeenTeam(team.identity, checked=True)


def test_names_and_identities_say_the_same_and_leave_out_what_is_unknown(world: World) -> None:
    team = world.school.teams[OFFICE]
    with world.db.read() as session:
        asked = [uuid4(), team.row.id]
        assert names(session, actor=world.senco, team_ids=asked) == {team.row.id: OFFICE}
        assert identities(session, actor=world.senco, team_ids=asked) == [team.identity]
