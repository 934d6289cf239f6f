"""From a person to their teams: what a membership holds of a team, and the keys that it opens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.exchange.members import Member, actor_of, add_member, join
from tests.exchange.team_rows import add_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import OlderKey
from transition_exchange.exchange.errors import Tampered
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import Membership


@pytest.fixture
def alex(world: World) -> Member:
    """Somebody at the school who is in no team yet."""
    return add_member(world, "Alex")


def test_a_person_opens_every_team_they_are_in_in_the_order_in_which_these_act(
    world: World, alex: Member
) -> None:
    transition, safeguarding = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    for team in (transition, safeguarding):
        join(world, alex, team.held)
    actor = actor_of(world, alex)
    assert [team.name for team in actor.teams] == ["Safeguarding team", "Transition team"]
    assert [team.secret for team in actor.teams] == [safeguarding.secret, transition.secret]
    assert (actor.principal_id, actor.organisation_id) == (alex.row.id, world.school.id)
    assert (actor.name, actor.administrator, actor.session_id) == ("Alex", False, "session")


def test_who_is_in_no_team_opens_nothing(world: World, alex: Member) -> None:
    assert actor_of(world, alex).teams == ()


def test_the_newest_key_is_the_teams_current_one_and_the_others_open_what_is_old(
    world: World, alex: Member
) -> None:
    team, newer = world.school.teams["Transition team"], TeamSecret.generate()
    with world.db.write() as session:
        newer_id = add_key(session, team.row.id, newer, version=2, signed_by=team.secret).id
    join(world, alex, HeldKey(team.identity, newer_id, newer, 2, councils=team.councils))
    join(world, alex, team.held)
    (opened,) = actor_of(world, alex).teams
    assert (opened.key_id, opened.secret) == (newer_id, newer)
    assert opened.older == {team.key_id: OlderKey(1, team.secret)}
    assert opened.secret_of(team.key_id) == team.secret


@pytest.mark.parametrize("how", ["removed", "without a key"])
def test_a_membership_that_ended_or_holds_no_key_opens_nothing(world: World, alex: Member, how: str) -> None:
    team = world.school.teams["Transition team"]
    membership_id = join(world, alex, team.held)
    with world.db.write() as session:
        row = session.get_one(Membership, membership_id)
        if how == "removed":
            row.removed_at = datetime.now(UTC)
        else:
            row.sealed = None
    assert actor_of(world, alex).teams == ()


def test_a_key_that_the_confirmed_one_signed_is_confirmed_with_it(world: World, alex: Member) -> None:
    team = world.school.teams["Transition team"]
    join(world, alex, team.held)
    world.new_key("Ashdown School", "Transition team")
    assert [without.name for without in actor_of(world, alex).without_key] == ["Transition team"]
    join(world, alex, team.held)
    assert [(opened.version, opened.confirmed) for opened in actor_of(world, alex).teams] == [(2, True)]
    stray = TeamSecret.generate()
    with world.db.write() as session:
        stray_id = add_key(session, team.row.id, stray, version=3).id
    join(world, alex, HeldKey(team.identity, stray_id, stray, 3, councils=team.councils))
    with pytest.raises(Tampered, match="is not the one your team made"):
        actor_of(world, alex)


def test_the_sealed_membership_does_not_show_the_teams_secret(world: World, alex: Member) -> None:
    team = world.school.teams["Transition team"]
    membership_id = join(world, alex, team.held)
    with world.db.read() as session:
        sealed = session.get_one(Membership, membership_id).sealed
    assert sealed is not None
    assert team.secret.kem_seed not in sealed
    assert team.secret.signing_seed not in sealed
