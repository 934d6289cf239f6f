"""Whose keys confirm as the second confirmer: the one that was named, and those that follow it while nobody leaves."""

from __future__ import annotations

from tests.exchange.world import World
from transition_exchange.exchange.keys.second_confirmations import continues
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.models import TeamKey

COLLEGE, TEAM = "Northway College", "Admissions"


def _continues(world: World, second: SecondConfirmer) -> bool:
    with world.db.read() as session:
        return continues(session, session.get_one(TeamKey, world.college.teams[TEAM].key_id), second)


def test_a_line_of_keys_continues_until_somebody_leaves(world: World) -> None:
    team = world.college.teams[TEAM]
    second = SecondConfirmer(team=team.identity, fingerprint=team.secret.fingerprint.hex(), since=world.today)
    assert _continues(world, second)
    world.new_key(COLLEGE, TEAM)
    assert _continues(world, second)
    world.new_key(COLLEGE, TEAM, removed=[world.college_admissions.principal_id])
    assert not _continues(world, second)


def test_another_teams_key_is_not_the_second_confirmers(world: World) -> None:
    other = world.college.teams["Exams office"]
    second = SecondConfirmer(
        team=other.identity, fingerprint=other.secret.fingerprint.hex(), since=world.today
    )
    assert not _continues(world, second)
