"""Somebody who can write to the database changes what a session takes for its own team: it stops, or stays as it was.

A walk: it goes from a person's row over memberships to keys and confirmations.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.members import Member, actor_of, add_member, join
from tests.exchange.people import Accounts
from tests.exchange.team_rows import MadeTeam, add_key
from tests.exchange.walks.tampering import swap_key
from tests.exchange.world import World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys import opening
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Membership, Organisation, Principal, Team, TeamKey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


@pytest.fixture
def alex(world: World) -> Member:
    """Somebody at the school who is in no team yet."""
    return add_member(world, "Alex")


@pytest.mark.parametrize("halves", [("kem_public", "signing_public"), ("kem_public",), ("signing_public",)])
def test_a_published_key_that_is_not_the_teams_stops_the_session(
    world: World, alex: Member, halves: tuple[str, ...]
) -> None:
    """The first line: whoever swaps a team's own row is found out before anything is opened or sealed."""
    team = world.school.teams["Transition team"]
    join(world, alex, team.held)
    swap_key(world, team.key_id, *halves)
    with pytest.raises(Tampered) as caught:
        actor_of(world, alex)
    assert caught.value.message == opening.SWAPPED_KEY


def test_a_published_key_given_to_another_team_stops_the_session(world: World, alex: Member) -> None:
    team, other = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    join(world, alex, team.held)
    with world.db.write() as session:
        session.get_one(TeamKey, other.key_id).version = 2
        session.get_one(TeamKey, team.key_id).team_id = other.row.id
    with pytest.raises(Tampered) as caught:
        actor_of(world, alex)
    assert caught.value.message == opening.SWAPPED_KEY


def test_who_the_own_team_is_comes_from_the_membership_and_from_no_row(world: World, alex: Member) -> None:
    """Swapped purposes would seal a safeguarding draft to the office, or make any team a NEET group."""
    team = world.school.teams["Transition team"]
    join(world, alex, team.held)
    with world.db.write() as session:
        row = session.get_one(Team, team.row.id)
        row.name, row.purposes = "NEET group", ["neet_group", "school_safeguarding"]
        row.organisation_id = world.college.id
        session.get_one(Organisation, world.school.id).name = "Southway School"
    (opened,) = actor_of(world, alex).teams
    assert opened.identity == team.identity
    assert opened.known == team.opened.known


@pytest.mark.parametrize("place", ["Northway College", "Beech Lane School"])
def test_somebody_moved_to_another_organisation_opens_nothing(world: World, alex: Member, place: str) -> None:
    join(world, alex, world.school.teams["Transition team"].held)
    with world.db.write() as session:
        session.get_one(Principal, alex.row.id).organisation_id = world.places[place].id
    with pytest.raises(Tampered) as caught:
        actor_of(world, alex)
    assert caught.value.message == opening.BROKEN_ACCOUNT


def test_a_membership_moved_to_another_team_opens_nothing(world: World, alex: Member) -> None:
    transition, safeguarding = (world.school.teams[name] for name in ("Transition team", "Safeguarding team"))
    membership_id = join(world, alex, transition.held)
    with world.db.write() as session:
        session.get_one(Membership, membership_id).team_id = safeguarding.row.id
    with pytest.raises(Tampered) as caught:
        actor_of(world, alex)
    assert caught.value.message == opening.BROKEN_ACCOUNT


def test_a_membership_moved_to_another_person_opens_nothing(world: World, alex: Member) -> None:
    ben = add_member(world, "Ben")
    membership_id = join(world, ben, world.school.teams["Safeguarding team"].held)
    with world.db.write() as session:
        session.get_one(Membership, membership_id).principal_id = alex.row.id
    with pytest.raises(Tampered) as caught:
        actor_of(world, alex)
    assert caught.value.message == opening.BROKEN_ACCOUNT
    assert actor_of(world, ben).teams == ()


def test_a_membership_opens_for_the_key_it_was_sealed_for_only(world: World, alex: Member) -> None:
    """Whoever writes to the database cannot pass a team's old secret off as its new one."""
    team = world.school.teams["Transition team"]
    with world.db.write() as session:
        newer_id = add_key(session, team.row.id, TeamSecret.generate(), version=2).id
    membership_id = join(world, alex, team.held)
    with world.db.write() as session:
        session.get_one(Membership, membership_id).team_key_id = newer_id
    with pytest.raises(Tampered) as caught:
        actor_of(world, alex)
    assert caught.value.message == opening.BROKEN_ACCOUNT


@pytest.mark.parametrize(
    "said",
    [
        {"purposes": frozenset({"transition", "school_safeguarding"})},
        {"purposes": frozenset({"neet_group"})},
        {"name": "Office"},
        {"organisation_id": uuid4()},
        {"organisation_name": "Southway School"},
    ],
    ids=lambda said: " ".join(said),
)
def test_a_confirmation_of_the_own_team_as_another_stops_the_session(
    world: World, alex: Member, said: dict[str, Any]
) -> None:
    """The NEET group was led to sign something else; everybody else would believe that."""
    team = world.school.teams["Transition team"]
    assert world.root is not None
    join(world, alex, team.held)
    _confirm_as(world, replace(team.identity, **said), team, world.root)
    with pytest.raises(Tampered) as caught:
        actor_of(world, alex)
    assert caught.value.message == opening.ANOTHER_TEAM


def _confirm_as(world: World, identity: TeamIdentity, team: MadeTeam, by: MadeTeam) -> None:
    statement = Confirmation(
        area=world.area_id,
        team=identity.plain(),
        version=team.version,
        fingerprint=team.secret.fingerprint.hex(),
        confirmed_at=datetime.now(UTC),
    )
    with world.db.write() as session:
        key = session.get_one(TeamKey, team.key_id)
        key.confirmation, key.confirmation_key_id = statement.text(), by.key_id
        key.confirmation_signature = statement.sign(by.secret.signing)


def test_a_confirmation_that_no_neet_group_signed_neither_confirms_nor_stops(
    world: World, alex: Member
) -> None:
    """Otherwise anybody in a confirmed team could stop the school's work."""
    team = world.school.teams["Transition team"]
    join(world, alex, team.held)
    assert [opened.confirmed for opened in actor_of(world, alex).teams] == [True]
    for identity in (team.identity, replace(team.identity, name="Office")):
        _confirm_as(world, identity, team, world.college.teams["Admissions"])
        assert [opened.confirmed for opened in actor_of(world, alex).teams] == [False]


def test_the_confirmation_of_another_key_or_team_does_not_confirm(world: World, alex: Member) -> None:
    late = world.team("Ashdown School", "Second office", "transition", confirmed=False)
    join(world, alex, late.held)
    for name in ("Transition team", "Safeguarding team"):
        with world.db.write() as session:
            other = session.get_one(TeamKey, world.school.teams[name].key_id)
            key = session.get_one(TeamKey, late.key_id)
            key.confirmation, key.confirmation_key_id = other.confirmation, other.confirmation_key_id
            key.confirmation_signature, key.confirmed_at = other.confirmation_signature, other.confirmed_at
        assert [opened.confirmed for opened in actor_of(world, alex).teams] == [False]


def test_the_neet_group_stands_on_its_own_key(world: World) -> None:
    assert world.root is not None
    member = add_member(world, "Cora", "Ashdown Council")
    join(world, member, world.root.held)
    assert [team.confirmed for team in actor_of(world, member).teams] == [True]
    swap_key(world, world.root.key_id, "kem_public")
    with pytest.raises(Tampered):
        actor_of(world, member)


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
