"""What an invitation to a further team cannot do to somebody who has an account, whoever made it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.people import Accounts, Person
from tests.exchange.planted import OFFICE, SAFEGUARDING, bundle_of, join_as_told, require_second_of
from tests.exchange.team_rows import add_key
from transition_exchange.exchange.errors import NotReady, Tampered
from transition_exchange.exchange.keys.held_keys import keys_of_memberships
from transition_exchange.exchange.organisations import proposing
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.models import Membership, Principal, Team, TeamChange, TeamKey


@pytest.fixture
def dee(accounts: Accounts, sam: Person) -> Person:
    """Somebody of the safeguarding team, whom a member of the office invites."""
    dee = accounts.colleague(sam, "Dee Lead", SAFEGUARDING)
    accounts.clock.wait(minutes=1)
    accounts.sign_in(dee)
    return dee


def _council() -> dict[UUID, RememberedKey]:
    return {uuid4(): RememberedKey(1, TeamSecret.generate().fingerprint.hex(), root=True)}


def _held(accounts: Accounts, person: Person) -> list[HeldKey]:
    actor = accounts.actor(person)
    assert actor.person is not None
    with accounts.db.read() as session:
        return keys_of_memberships(session, principal_id=actor.principal_id, pair=actor.person.pair)


def test_they_are_given_no_other_council(accounts: Accounts, sam: Person, dee: Person) -> None:
    """It would count for all their teams, and whoever it confirms would be sent what they write."""
    before = accounts.actor(dee).teams
    with pytest.raises(Tampered, match="another council"):
        join_as_told(accounts, sam, dee, bundle_of(accounts, sam, councils=_council()))
    assert accounts.actor(dee).teams == before


@pytest.mark.parametrize("keyless", [True, False])
def test_no_other_team_becomes_a_neet_group_for_them(
    accounts: Accounts, sam: Person, dee: Person, keyless: bool
) -> None:
    (team,) = accounts.actor(sam).teams
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        row = Team(organisation_id=team.organisation_id, name="Evenings", purposes=["transition"])
        session.add(row)
        session.flush()
        evenings, key_id = row.id, uuid4() if keyless else add_key(session, row.id, secret).id
    identity = TeamIdentity(
        id=evenings,
        name="Evenings",
        organisation_id=team.organisation_id,
        organisation_name=team.organisation_name,
        purposes=frozenset({"neet_group"}),
    )
    more = () if keyless else (HeldKey(identity, key_id, secret),)
    bundle = replace(bundle_of(accounts, sam, *more), keyless=[identity] if keyless else [])
    with pytest.raises(Tampered, match="another council"):
        join_as_told(accounts, sam, dee, bundle, [evenings])
    assert accounts.actor(dee).team(evenings) is None


def test_a_key_of_their_own_team_that_it_has_not_signed_is_refused(
    accounts: Accounts, sam: Person, dee: Person
) -> None:
    (team,) = accounts.actor(dee).teams
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        key_id = add_key(session, team.id, secret, version=2).id
    with pytest.raises(Tampered, match="has not signed"):
        join_as_told(
            accounts,
            sam,
            dee,
            bundle_of(accounts, sam, HeldKey(team.identity, key_id, secret, 2)),
            [team.id],
        )
    assert {key.secret for key in _held(accounts, dee)} == {team.secret}


def test_a_key_that_their_own_has_signed_is_taken_and_older_ones_are_left_out(
    accounts: Accounts, sam: Person, dee: Person
) -> None:
    """So somebody to whom nobody handed a new key over is invited again."""
    (team,) = accounts.actor(dee).teams
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        key_id = add_key(session, team.id, secret, version=2, signed_by=team.secret).id
    newer = HeldKey(team.identity, key_id, secret, 2)
    older = HeldKey(team.identity, team.key_id, team.secret)
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam, newer, older), [team.id])
    held = [key for key in _held(accounts, dee) if key.team.id == team.id]
    assert sorted(key.version for key in held) == [1, 2]
    assert {opened.name: opened.version for opened in accounts.actor(dee).teams} == {SAFEGUARDING: 2}


def test_they_keep_the_second_confirmer_that_they_hold_to(
    accounts: Accounts, sam: Person, dee: Person
) -> None:
    (team,) = accounts.actor(sam).teams
    audit = TeamIdentity(
        id=uuid4(),
        name="Audit office",
        organisation_id=uuid4(),
        organisation_name="Elsewhere",
        purposes=frozenset({"admissions"}),
    )
    planted = SecondConfirmer(audit, TeamSecret.generate().fingerprint.hex(), date(2020, 1, 1))
    bundle = bundle_of(accounts, sam)
    bundle = replace(bundle, held=[replace(key, second=planted) for key in bundle.held], second=planted)
    join_as_told(accounts, sam, dee, bundle)
    opened = accounts.actor(dee).held_team(team.id)
    assert opened is not None
    assert opened.second is None


def test_a_council_that_came_while_all_memberships_were_gone_stops_the_session_once_they_are_back(
    accounts: Accounts, sam: Person, dee: Person
) -> None:
    """Somebody takes every row away that names the council, invites the person, and puts the rows back."""
    (council_id,) = accounts.actor(dee).teams[0].councils
    of_dee = Membership.principal_id == accounts.row(dee).id
    with accounts.db.write() as session:
        principal = session.get_one(Principal, accounts.row(dee).id)
        book, principal.address_book = principal.address_book, None
        sealed = {row.id: row.sealed for row in session.scalars(select(Membership).where(of_dee))}
        session.execute(update(Membership).where(of_dee).values(sealed=None))
    theirs = {council_id: RememberedKey(99, TeamSecret.generate().fingerprint.hex(), root=True)}
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam, councils=theirs))
    assert [team.name for team in accounts.actor(dee).set_aside] == [OFFICE]
    with accounts.db.write() as session:
        session.get_one(Principal, accounts.row(dee).id).address_book = book
        for membership_id, before in sealed.items():
            session.get_one(Membership, membership_id).sealed = before
    with pytest.raises(Tampered, match="safety check"):
        accounts.actor(dee)


def test_a_key_of_a_real_team_that_came_while_the_others_were_gone_stops_the_session_once_they_are_back(
    accounts: Accounts, sam: Person, dee: Person
) -> None:
    (team,) = accounts.actor(dee).teams
    of_dee = Membership.principal_id == accounts.row(dee).id
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        sealed = {row.id: row.sealed for row in session.scalars(select(Membership).where(of_dee))}
        session.execute(update(Membership).where(of_dee).values(sealed=None))
        key_id = add_key(session, team.id, secret, version=2).id
    planted = HeldKey(team.identity, key_id, secret, 2)
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam, planted), [team.id])
    with accounts.db.write() as session:
        for membership_id, before in sealed.items():
            session.get_one(Membership, membership_id).sealed = before
    with pytest.raises(Tampered, match="is not the one your team made"):
        accounts.actor(dee)


def test_their_own_team_gets_no_other_work_that_the_council_alone_confirmed(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    """A second confirmer is needed in the area. The new key came while Kim was away; the new work came after it."""
    kim, nia = accounts.colleague(sam, "Kim Fox", OFFICE), accounts.college(cora)
    accounts.confirm(cora, sam, nia)
    require_second_of(accounts, cora, nia)
    accounts.sign_in_later(sam, kim)
    office = accounts.actor(sam).teams[0].identity
    accounts.change_key(sam, office.id, hand_to=[])
    proposing.propose(
        db=accounts.db,
        actor=accounts.proven(sam),
        team_id=office.id,
        name=office.name,
        purposes=["transition", "school_safeguarding"],
        now=accounts.clock.now,
    )
    accounts.confirm(cora, sam)
    bundle = bundle_of(accounts, sam)
    with accounts.db.write() as session:  # somebody puts the council's half beside the key already
        half = session.scalars(select(TeamChange)).one()
        key = session.scalars(select(TeamKey).where(TeamKey.team_id == office.id, TeamKey.version == 2)).one()
        key.confirmation, key.confirmation_key_id = half.confirmation, half.confirmation_key_id
        key.confirmation_signature = half.confirmation_signature
    more = office.changed(
        name=office.name,
        organisation_name=office.organisation_name,
        purposes=["transition", "school_safeguarding"],
    )
    with pytest.raises(NotReady, match="not everybody who has to confirm"):
        join_as_told(
            accounts, sam, kim, replace(bundle, held=[replace(key, team=more) for key in bundle.held])
        )
    assert not accounts.actor(kim).teams
