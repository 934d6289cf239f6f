"""What a person remembers: colleagues as they were first seen, and newer keys."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from tests.exchange.members import Member, actor_of, add_member, join
from tests.exchange.team_rows import add_key, held_council
from tests.exchange.world import World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.personal import address_book_of
from transition_exchange.exchange.keys.remembering import remember, remember_councils
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import Member as Statement
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.models import Membership, Principal, TeamKey

SCHOOL, TEAM = "Ashdown School", "Transition team"


@pytest.fixture
def alex(world: World) -> Member:
    member = add_member(world, "Alex")
    join(world, member, world.school.teams[TEAM].held)
    return member


@pytest.fixture
def robin(world: World) -> Member:
    member = add_member(world, "Robin")
    join(world, member, world.school.teams[TEAM].held)
    return member


def sign_in(world: World, member: Member) -> None:
    with world.db.write() as session:
        principal = session.get_one(Principal, member.row.id)
        remember(session, principal=principal, pair=member.pair, now=datetime.now(UTC))


def test_a_colleague_is_remembered_as_they_were_first_seen(world: World, alex: Member, robin: Member) -> None:
    sign_in(world, alex)
    first = PersonKeys(robin.pair).public
    assert actor_of(world, alex).address_book.public_of(robin.row.id) == first
    with world.db.write() as session:
        row = session.scalars(select(Membership).where(Membership.principal_id == robin.row.id)).one()
        statement = Statement.of(
            team=row.team_id,
            principal=robin.row.id,
            name="Robin",
            public=PersonKeys(KeyPair.generate()).public,
            joined_at=datetime.now(UTC),
        )
        row.statement = statement.text()
        row.signature = statement.sign(world.school.teams[TEAM].secret.signing)
        session.get_one(Principal, robin.row.id).name = "Somebody Else"
    sign_in(world, alex)
    colleague = actor_of(world, alex).address_book.colleagues[robin.row.id]
    assert (colleague.public, colleague.name) == (first, "Robin")


def test_whoever_joins_remembers_their_second_confirmer_also_in_no_team(world: World) -> None:
    pair, principal = KeyPair.generate(), Principal(id=uuid4())
    team = world.college.teams["Admissions"]
    second = SecondConfirmer(team.identity, team.secret.fingerprint.hex(), world.today)
    remember_councils(principal, pair, {}, second)
    assert address_book_of(principal, pair).second == second


def test_whoever_the_team_did_not_sign_for_is_no_colleague(world: World, alex: Member, robin: Member) -> None:
    with world.db.write() as session:
        row = session.scalars(select(Membership).where(Membership.principal_id == robin.row.id)).one()
        row.signature = b"x" * 64
    sign_in(world, alex)
    assert actor_of(world, alex).address_book.public_of(robin.row.id) is None


def test_what_a_former_member_signs_with_the_key_before_makes_nobody_a_colleague(
    world: World, alex: Member
) -> None:
    team = world.school.teams[TEAM]
    before = team.held
    world.new_key(SCHOOL, TEAM)
    join(world, alex, team.held)
    planted = add_member(world, "Planted")
    join(world, planted, before)
    sign_in(world, alex)
    assert actor_of(world, alex).address_book.public_of(planted.row.id) is None


def test_newer_keys_and_the_neet_group_are_remembered(world: World, alex: Member) -> None:
    world.new_key("Northway College", "Admissions")
    sign_in(world, alex)
    assert world.root is not None
    keys = actor_of(world, alex).address_book.team_keys
    admissions = world.college.teams["Admissions"]
    assert set(keys) == {world.root.row.id, admissions.row.id}
    assert keys[world.root.row.id].root
    assert keys[admissions.row.id].fingerprint == admissions.secret.fingerprint.hex()


def test_a_book_that_somebody_else_sealed_stops_the_session(
    world: World, alex: Member, robin: Member
) -> None:
    for member in (alex, robin):
        sign_in(world, member)
    with world.db.write() as session:
        theirs = session.get_one(Principal, robin.row.id).address_book
        session.get_one(Principal, alex.row.id).address_book = theirs
    with pytest.raises(Tampered):
        actor_of(world, alex)
    sign_in(world, alex)


@pytest.mark.parametrize("left", [None, b""], ids=["none", "empty"])
def test_a_book_that_was_taken_away_stops_the_session(
    world: World, alex: Member, robin: Member, left: bytes | None
) -> None:
    """Its place would otherwise be as before the first sign-in, and an older key of another team would do."""
    assert actor_of(world, alex).teams, "before they have signed in there is none"
    sign_in(world, alex)
    with world.db.write() as session:
        session.get_one(Principal, alex.row.id).address_book = left
    with pytest.raises(Tampered, match="invite you again"):
        actor_of(world, alex)
    sign_in(world, alex)
    with world.db.read() as session:
        assert session.get_one(Principal, alex.row.id).address_book == left, "nothing is put in its place"
    assert actor_of(world, robin).teams


def test_a_membership_holds_the_neet_groups_newest_key_that_its_owner_has_seen(
    world: World, alex: Member
) -> None:
    assert world.root is not None
    sign_in(world, alex)
    first = held_council(world.root)
    assert [team.councils for team in actor_of(world, alex).teams] == [{world.root.row.id: first}]
    world.new_key("Ashdown Council", "NEET group")
    sign_in(world, alex)
    (team,) = actor_of(world, alex).teams
    assert team.councils == {world.root.row.id: held_council(world.root)}
    assert team.remembers


def test_a_copy_of_the_own_key_with_a_higher_number_is_not_remembered(world: World, alex: Member) -> None:
    """Else the person would wait for a newer key that nobody made, also after the copy is gone."""
    team = world.school.teams[TEAM]
    with world.db.write() as session:
        add_key(session, team.row.id, team.secret, version=2)
    sign_in(world, alex)
    assert actor_of(world, alex).address_book.team_keys[team.row.id].version == 1
    with world.db.write() as session:
        session.execute(delete(TeamKey).where(TeamKey.team_id == team.row.id, TeamKey.version == 2))
    actor = actor_of(world, alex)
    assert [opened.id for opened in actor.teams] == [team.row.id]
    assert actor.without_key == ()


def test_a_copy_of_a_confirmed_key_with_a_higher_number_is_not_remembered(world: World, alex: Member) -> None:
    """Else the team's real next key would be refused as another one, also after the copy is gone."""
    team = world.college.teams["Learning support"]
    with world.db.write() as session:
        confirmed = session.get_one(TeamKey, team.key_id)
        copy = add_key(session, team.row.id, team.secret, version=2)
        for column in ("confirmation", "confirmation_signature", "confirmation_key_id"):
            setattr(copy, column, getattr(confirmed, column))
    sign_in(world, alex)
    actor = actor_of(world, alex)
    assert actor.address_book.team_keys[team.row.id].version == 1
    with world.db.write() as session:
        session.execute(delete(TeamKey).where(TeamKey.team_id == team.row.id, TeamKey.version == 2))
    world.new_key("Northway College", "Learning support")
    with world.db.read() as session:
        newest = trust_of(session, actor).current(session, [team.row.id])[team.row.id]
    assert newest.key_id == team.key_id
