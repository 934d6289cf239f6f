"""From a person to their teams: a membership opens for its own person and its own key only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts
from tests.exchange.team_rows import MadeTeam, add_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys import personal
from transition_exchange.exchange.keys.personal import new_membership, open_actor
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.store.models import Membership, Principal


def test_a_membership_swapped_in_the_database_is_noticed_at_the_next_request(accounts: Accounts) -> None:
    """Anybody can seal to a public key; a membership must come from the person themselves."""
    sam = accounts.school(accounts.found())
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    with accounts.db.write() as session:
        by_person = {
            name: session.scalars(
                select(Membership)
                .join(Principal, Principal.id == Membership.principal_id)
                .where(Principal.email == name)
            ).one()
            for name in (sam.email, alex.email)
        }
        by_person[alex.email].sealed = by_person[sam.email].sealed
    with pytest.raises(Tampered):
        accounts.actor(alex)


@dataclass
class Member:
    """Somebody with a key pair of their own, and the row that says who they are."""

    row: Principal
    pair: KeyPair


@pytest.fixture
def alex(world: World) -> Member:
    """Somebody at the school who is in no team yet."""
    pair = KeyPair.generate()
    row = Principal(organisation_id=world.school.id, name="Alex", email="alex@example.org")
    with world.db.write() as session:
        session.add(row)
    return Member(row, pair)


def _join(world: World, member: Member, team: MadeTeam, key_id: UUID, secret: TeamSecret) -> UUID:
    membership = new_membership(
        principal_id=member.row.id,
        pair=member.pair,
        team_id=team.row.id,
        key_id=key_id,
        secret=secret,
        added_by=None,
    )
    with world.db.write() as session:
        session.add(membership)
    return membership.id


def _actor(world: World, member: Member) -> Actor:
    with world.db.read() as session:
        principal = session.get_one(Principal, member.row.id)
        return open_actor(session, principal=principal, pair=member.pair, session_id="session")


def test_a_person_opens_every_team_they_are_in_in_the_order_of_the_teams(world: World, alex: Member) -> None:
    transition, safeguarding = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    for team in (safeguarding, transition):
        _join(world, alex, team, team.key_id, team.secret)
    actor = _actor(world, alex)
    assert [team.name for team in actor.teams] == ["Transition team", "Safeguarding team"]
    assert [team.secret for team in actor.teams] == [transition.secret, safeguarding.secret]
    assert (actor.principal_id, actor.organisation_id) == (alex.row.id, world.school.id)
    assert (actor.name, actor.administrator, actor.session_id) == ("Alex", False, "session")


def test_who_is_in_no_team_opens_nothing(world: World, alex: Member) -> None:
    assert _actor(world, alex).teams == ()


def test_the_newest_key_is_the_teams_current_one_and_the_others_open_what_is_old(
    world: World, alex: Member
) -> None:
    team, newer = world.school.teams["Transition team"], TeamSecret.generate()
    with world.db.write() as session:
        newer_id = add_key(session, team.row.id, newer, version=2, signed_by=team.secret).id
    _join(world, alex, team, newer_id, newer)
    _join(world, alex, team, team.key_id, team.secret)
    (opened,) = _actor(world, alex).teams
    assert (opened.key_id, opened.secret) == (newer_id, newer)
    assert opened.older == {team.key_id: team.secret}
    assert opened.secret_of(team.key_id) == team.secret


@pytest.mark.parametrize("how", ["removed", "without a key"])
def test_a_membership_that_ended_or_holds_no_key_opens_nothing(world: World, alex: Member, how: str) -> None:
    team = world.school.teams["Transition team"]
    membership_id = _join(world, alex, team, team.key_id, team.secret)
    with world.db.write() as session:
        row = session.get_one(Membership, membership_id)
        if how == "removed":
            row.removed_at = datetime.now(UTC)
        else:
            row.sealed = None
    assert _actor(world, alex).teams == ()


def test_a_membership_opens_for_the_key_it_was_sealed_for_only(world: World, alex: Member) -> None:
    """Whoever writes to the database cannot pass a team's old secret off as its new one."""
    team = world.school.teams["Transition team"]
    with world.db.write() as session:
        newer_id = add_key(session, team.row.id, TeamSecret.generate(), version=2).id
    membership_id = _join(world, alex, team, team.key_id, team.secret)
    with world.db.write() as session:
        session.get_one(Membership, membership_id).team_key_id = newer_id
    with pytest.raises(Tampered) as caught:
        _actor(world, alex)
    assert caught.value.message == personal.BROKEN_ACCOUNT


def test_the_sealed_membership_does_not_show_the_teams_secret(world: World, alex: Member) -> None:
    team = world.school.teams["Transition team"]
    membership_id = _join(world, alex, team, team.key_id, team.secret)
    with world.db.read() as session:
        sealed = session.get_one(Membership, membership_id).sealed
    assert sealed is not None
    assert team.secret.kem_seed not in sealed
    assert team.secret.signing_seed not in sealed


def test_each_use_names_what_it_is_for_and_is_no_other() -> None:
    one, other = uuid4(), uuid4()
    uses = [
        personal.unlock_use(one),
        personal.second_factor_use(one),
        personal.invitation_use(one),
        personal.membership_use(one, other),
        personal.membership_use(other, one),
        personal.late_save_use(one, other),
    ]
    assert len(set(uses)) == len(uses)
    assert all(str(one) in use for use in uses)
