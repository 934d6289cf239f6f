"""Of several teams of one person, the one whose key others believe signs first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing.signers import counts_since, signers, waiting_teams

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

CONFIRMED, WAITING = "Transition team", "Another office"
"""By name the one that waits would come first."""


@pytest.fixture
def ann(world: World) -> Actor:
    """Somebody in a confirmed team and in one that nobody has confirmed, for the same work."""
    world.team("Ashdown School", WAITING, "transition", confirmed=False)
    return world.person("ann", "Ashdown School", CONFIRMED, WAITING)


def _signers(world: World, actor: Actor) -> list[str]:
    with world.db.read() as session:
        found = signers(session, actor=actor, trust=trust_of(session, actor), purpose="transition")
        return [team.name for team in found]


def test_a_confirmed_team_signs_before_one_that_is_not(world: World, ann: Actor) -> None:
    assert _signers(world, ann) == [CONFIRMED, WAITING]


def test_a_team_that_gave_the_work_up_comes_last(world: World, ann: Actor) -> None:
    gave_up = replace(ann.teams[0], purposes=frozenset(), formerly=frozenset({"transition"}))
    assert _signers(world, replace(ann, teams=(gave_up, ann.teams[1]))) == [WAITING, CONFIRMED]


def test_a_team_without_that_work_signs_nothing_of_it(world: World) -> None:
    assert _signers(world, world.safeguarding_lead) == []


def test_only_teams_that_are_believed_later_than_the_first_wait(world: World, ann: Actor) -> None:
    assert [team.name for team in waiting_teams(ann, "transition")] == [WAITING]
    assert waiting_teams(ann, "school_safeguarding") == []
    assert waiting_teams(world.senco, "transition") == []


def test_a_key_counts_since_it_was_confirmed(world: World, ann: Actor) -> None:
    with world.db.read() as session:
        trust = trust_of(session, ann)
        confirmed, waiting = ann.teams
        assert counts_since(session, trust, confirmed) is not None
        assert counts_since(session, trust, waiting) is None
