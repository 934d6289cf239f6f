"""What an invitation to a further team cannot do to somebody who has an account, whoever made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.people import MEMORY_KIB, Accounts, Person
from tests.exchange.team_rows import add_key
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.joining.bundles import Bundle, bundle_for
from transition_exchange.exchange.joining.invitations import wrap_bundle
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.colleagues import sightings
from transition_exchange.exchange.keys.held_keys import keys_of_memberships
from transition_exchange.exchange.keys.key_rows import identity_in_rows
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import Member, PersonKeys
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.models import Invitation, Membership, Organisation, Principal, Team, TeamKey

OFFICE, SAFEGUARDING = "SEND and transition", "Safeguarding"


@pytest.fixture
def dee(accounts: Accounts, sam: Person) -> Person:
    """Somebody of the safeguarding team, whom a member of the office invites."""
    dee = accounts.colleague(sam, "Dee Lead", SAFEGUARDING)
    accounts.clock.wait(minutes=1)
    accounts.sign_in(dee)
    return dee


def _council() -> dict[UUID, RememberedKey]:
    return {uuid4(): RememberedKey(1, TeamSecret.generate().fingerprint.hex(), root=True)}


def _join(accounts: Accounts, by: Person, who: Person, bundle: Bundle, shown: Sequence[UUID] = ()) -> None:
    """Let somebody accept an invitation into which its maker put what they liked.

    Args:
        shown: the teams besides the office that its row names.
    """
    invited = accounts.invite(by, who.name, OFFICE)
    with accounts.db.write() as session:
        invitation = session.get_one(Invitation, invited.invitation_id)
        invitation.team_ids = [*invitation.team_ids, *map(str, shown)]
        code = wrap_bundle(
            invitation=invitation,
            bundle=bundle,
            by=accounts.row(by).id,
            now=accounts.clock.now,
            memory_kib=MEMORY_KIB,
        )
    accepting.join_more(
        db=accounts.db,
        cookie=who.cookie,
        token=accounts.link(invited.invitation_id),
        spoken_code=code,
        now=accounts.clock.now,
    )


def _bundle(accounts: Accounts, by: Person, *more: HeldKey, **what: object) -> Bundle:
    (team,) = accounts.actor(by).teams
    held = [team.held.for_others(), *more]
    return replace(
        Bundle(organisation_id=team.organisation_id, held=held, councils=team.councils),
        **what,  # type: ignore[arg-type]
    )


def _held(accounts: Accounts, person: Person) -> list[HeldKey]:
    actor = accounts.actor(person)
    assert actor.person is not None
    with accounts.db.read() as session:
        return keys_of_memberships(session, principal_id=actor.principal_id, pair=actor.person.pair)


def test_they_are_given_no_other_council(accounts: Accounts, sam: Person, dee: Person) -> None:
    """It would count for all their teams, and whoever it confirms would be sent what they write."""
    before = accounts.actor(dee).teams
    with pytest.raises(Tampered, match="another council"):
        _join(accounts, sam, dee, _bundle(accounts, sam, councils=_council()))
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
    bundle = replace(_bundle(accounts, sam, *more), keyless=[identity] if keyless else [])
    with pytest.raises(Tampered, match="another council"):
        _join(accounts, sam, dee, bundle, [evenings])
    assert accounts.actor(dee).team(evenings) is None


def test_a_key_of_their_own_team_that_it_has_not_signed_is_refused(
    accounts: Accounts, sam: Person, dee: Person
) -> None:
    (team,) = accounts.actor(dee).teams
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        key_id = add_key(session, team.id, secret, version=2).id
    with pytest.raises(Tampered, match="has not signed"):
        _join(
            accounts,
            sam,
            dee,
            _bundle(accounts, sam, HeldKey(team.identity, key_id, secret, 2)),
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
    _join(accounts, sam, dee, _bundle(accounts, sam, newer, older), [team.id])
    held = [key for key in _held(accounts, dee) if key.team.id == team.id]
    assert sorted(key.version for key in held) == [1, 2]
    assert {opened.name: opened.version for opened in accounts.actor(dee).teams} == {
        OFFICE: 1,
        SAFEGUARDING: 2,
    }


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
    bundle = _bundle(accounts, sam)
    bundle = replace(bundle, held=[replace(key, second=planted) for key in bundle.held], second=planted)
    _join(accounts, sam, dee, bundle)
    opened = accounts.actor(dee).team(team.id)
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
    _join(accounts, sam, dee, _bundle(accounts, sam, councils=theirs))
    assert [team.name for team in accounts.actor(dee).teams] == [OFFICE]
    with accounts.db.write() as session:
        session.get_one(Principal, accounts.row(dee).id).address_book = book
        for membership_id, before in sealed.items():
            session.get_one(Membership, membership_id).sealed = before
    with pytest.raises(Tampered, match="safety check"):
        accounts.actor(dee)


def _planted(accounts: Accounts, sam: Person, purpose: str) -> HeldKey:
    """A team in the person's organisation that somebody made who can write to the database, with a key of theirs."""
    (office,) = accounts.actor(sam).teams
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        row = Team(organisation_id=office.organisation_id, name="Records", purposes=[purpose])
        session.add(row)
        session.flush()
        identity = identity_in_rows(row, session.get_one(Organisation, office.organisation_id))
        return HeldKey(identity, add_key(session, row.id, secret).id, secret)


def test_a_team_that_nobody_confirmed_counts_for_nothing_beside_one_that_the_council_has(
    accounts: Accounts, cora: Person, sam: Person, dee: Person
) -> None:
    """It would be sealed what they write, and what its key signs would be believed: colleagues, transfers, vouchers."""
    accounts.confirm(cora, dee)
    planted = _planted(accounts, sam, "school_safeguarding")
    _join(accounts, sam, dee, _bundle(accounts, sam, planted), [planted.team.id])
    actor = accounts.actor(dee)
    assert [team.name for team in actor.teams] == [SAFEGUARDING]
    assert {team.name for team in actor.set_aside} == {"Records", OFFICE}
    with accounts.db.read() as session:
        trust = trust_of(session, actor)
        assert trust.known(session, session.get_one(TeamKey, planted.key_id)) is None
        owners = owner_teams(session, actor=actor, trust=trust, owner="school_safeguarding")
        assert [team.name for team in owners] == [SAFEGUARDING]
    accounts.confirm(cora, sam)
    assert {team.name for team in accounts.actor(dee).teams} == {SAFEGUARDING, OFFICE}, "once it is confirmed"


def test_whoever_a_team_that_is_set_aside_calls_its_member_is_no_colleague(
    accounts: Accounts, cora: Person, sam: Person, dee: Person
) -> None:
    """They could sign an invitation otherwise, as somebody of the person's own team, for whom words are then made."""
    accounts.confirm(cora, dee)
    planted = _planted(accounts, sam, "school_safeguarding")
    _join(accounts, sam, dee, _bundle(accounts, sam, planted), [planted.team.id])
    mallory = PersonKeys(KeyPair.generate()).public
    with accounts.db.write() as session:
        row = Principal(
            organisation_id=planted.team.organisation_id, name="Mallory", email="m@school.example"
        )
        session.add(row)
        session.flush()
        member = Member.of(
            team=planted.team.id,
            principal=row.id,
            name="Mallory",
            public=mallory,
            joined_at=accounts.clock.now,
        )
        session.add(
            Membership(
                principal_id=row.id,
                team_id=planted.team.id,
                team_key_id=planted.key_id,
                statement=member.text(),
                signature=member.sign(planted.secret.signing),
            )
        )
    actor = accounts.actor(dee)
    with accounts.db.read() as session:
        assert set(sightings(session, actor=actor, trust=trust_of(session, actor))) == {actor.principal_id}
    accounts.clock.wait(minutes=1)
    accounts.sign_in(dee)
    assert "Mallory" not in [one.name for one in accounts.actor(dee).address_book.colleagues.values()]


def test_somebody_is_invited_into_a_team_that_is_set_aside_and_its_number_is_read_out(
    accounts: Accounts, cora: Person, sam: Person, dee: Person
) -> None:
    """The council has to ring somebody, and a team waits for a second person."""
    accounts.confirm(cora, dee)
    _join(accounts, sam, dee, _bundle(accounts, sam))
    (office,) = accounts.actor(dee).set_aside
    assert confirming.own_number(actor=accounts.actor(dee), team_id=office.id) == confirming.own_number(
        actor=accounts.actor(sam), team_id=office.id
    )
    with accounts.db.read() as session:
        bundle = bundle_for(
            session,
            actor=accounts.actor(dee),
            organisation_id=office.organisation_id,
            teams=[office.identity],
        )
    assert bundle is not None
    assert [key.key_id for key in bundle.held] == [office.key_id]


def test_while_the_council_has_confirmed_none_all_count(accounts: Accounts, sam: Person, dee: Person) -> None:
    """Otherwise a new school could write nothing."""
    _join(accounts, sam, dee, _bundle(accounts, sam))
    assert {team.name for team in accounts.actor(dee).teams} == {SAFEGUARDING, OFFICE}
    assert accounts.actor(dee).set_aside == ()


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
    _join(accounts, sam, dee, _bundle(accounts, sam, planted), [team.id])
    with accounts.db.write() as session:
        for membership_id, before in sealed.items():
            session.get_one(Membership, membership_id).sealed = before
    with pytest.raises(Tampered, match="is not the one your team made"):
        accounts.actor(dee)
