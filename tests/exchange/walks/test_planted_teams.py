"""A team that somebody planted, who can write to the database and who gets a person to type five words of theirs."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, update

from tests.exchange.people import Accounts, Person
from tests.exchange.planted import (
    OFFICE,
    SAFEGUARDING,
    bundle_of,
    join_as_told,
    planted_team,
    require_second_of,
)
from tests.exchange.team_rows import add_key
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.joining.bundles import bundle_for
from transition_exchange.exchange.keys import confirming, seconding
from transition_exchange.exchange.keys.colleagues import sightings
from transition_exchange.exchange.keys.personal import new_membership
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import Member, PersonKeys
from transition_exchange.store.models import Invitation, Membership, Principal, TeamKey


@pytest.fixture
def dee(accounts: Accounts, sam: Person) -> Person:
    """Somebody of the safeguarding team, whom a member of the office invited."""
    dee = accounts.colleague(sam, "Dee Lead", SAFEGUARDING)
    accounts.sign_in_later(dee)
    return dee


def test_a_team_that_nobody_confirmed_counts_for_nothing_beside_one_that_the_council_has(
    accounts: Accounts, cora: Person, sam: Person, dee: Person
) -> None:
    """It would be sealed what they write, and what its key signs would be believed: colleagues, transfers, vouchers."""
    accounts.confirm(cora, dee)
    planted = planted_team(accounts, sam, "school_safeguarding")
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam, planted), [planted.team.id])
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
    planted = planted_team(accounts, sam, "school_safeguarding")
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam, planted), [planted.team.id])
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
    accounts.sign_in_later(dee)
    assert "Mallory" not in [one.name for one in accounts.actor(dee).address_book.colleagues.values()]


def test_somebody_is_invited_into_a_team_that_is_set_aside_and_its_number_is_read_out(
    accounts: Accounts, cora: Person, sam: Person, dee: Person
) -> None:
    """The council has to ring somebody, and a team waits for a second person."""
    accounts.confirm(cora, dee)
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam))
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


def test_the_teams_of_the_first_invitation_count_before_the_council_has_confirmed_any(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    """Otherwise a new school could write nothing."""
    lee = accounts.colleague(sam, "Lee Lead", OFFICE, SAFEGUARDING)
    assert {team.name for team in accounts.actor(lee).teams} == {SAFEGUARDING, OFFICE}
    accounts.confirm(cora, sam)
    assert {team.name for team in accounts.actor(lee).teams} == {SAFEGUARDING, OFFICE}


def test_a_further_team_counts_for_nothing_where_the_council_has_confirmed_none(
    accounts: Accounts, sam: Person, dee: Person
) -> None:
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam))
    actor = accounts.actor(dee)
    assert [[team.name for team in teams] for teams in (actor.teams, actor.set_aside)] == [
        [SAFEGUARDING],
        [OFFICE],
    ]


@pytest.mark.parametrize("signs_in", [False, True])
def test_once_the_council_has_confirmed_it_a_team_counts_for_good(
    accounts: Accounts, cora: Person, sam: Person, dee: Person, signs_in: bool
) -> None:
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam))
    accounts.confirm(cora, sam)
    if signs_in:
        accounts.sign_in_later(dee)
    with accounts.db.write() as session:
        session.execute(update(TeamKey).values(confirmation=None, confirmation_key_id=None))
    actor = accounts.actor(dee)
    assert (OFFICE in [team.name for team in actor.teams]) == signs_in
    assert (OFFICE in [team.name for team in actor.set_aside]) != signs_in


def test_nothing_that_is_taken_away_makes_a_team_count(
    accounts: Accounts, cora: Person, sam: Person, dee: Person
) -> None:
    """Confirmations, the area and memberships are rows; that the team waits is sealed with its key."""
    accounts.confirm(cora, dee)
    planted = planted_team(accounts, sam, "school_safeguarding")
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam, planted), [planted.team.id])
    with accounts.db.write() as session:
        session.execute(update(TeamKey).values(confirmation=None, confirmation_key_id=None))
    assert [team.name for team in accounts.actor(dee).teams] == [SAFEGUARDING]
    with accounts.db.write() as session:
        others = Membership.team_id != planted.team.id
        session.execute(
            update(Membership)
            .where(Membership.principal_id == accounts.row(dee).id, others)
            .values(removed_at=accounts.clock.now)
        )
    actor = accounts.actor(dee)
    assert (actor.teams, [team.name for team in actor.set_aside]) == ((), ["Records"])
    accounts.sign_in_later(dee)
    assert accounts.actor(dee).teams == ()


@pytest.mark.parametrize("team", ["", SAFEGUARDING])
def test_whoever_has_joined_believes_no_other_council_whether_in_a_team_or_not(
    accounts: Accounts, sam: Person, team: str
) -> None:
    hugh = accounts.colleague(sam, "Hugh Head", *filter(None, [team]), administrator=True)
    false = {uuid4(): RememberedKey(1, TeamSecret.generate().fingerprint.hex(), root=True)}
    with accounts.db.write() as session:
        session.execute(
            update(Membership).where(Membership.principal_id == accounts.row(hugh).id).values(sealed=None)
        )
    with pytest.raises(Tampered, match="another council"):
        join_as_told(accounts, sam, hugh, bundle_of(accounts, sam, councils=false))


def test_an_address_book_that_was_taken_away_is_missed_from_the_first_day(
    accounts: Accounts, sam: Person
) -> None:
    dee = accounts.colleague(sam, "Dee Lead", SAFEGUARDING)
    with accounts.db.write() as session:
        session.get_one(Principal, accounts.row(dee).id).address_book = None
    with pytest.raises(Tampered, match="safety check"):
        accounts.actor(dee)


def _hold(accounts: Accounts, person: Person, held: HeldKey, *, awaits: bool = True) -> None:
    """Give somebody a membership as they would have sealed it on joining, whatever joining refuses."""
    with accounts.db.read() as session:
        current = sessions.open_session(
            session, cookie=person.cookie, now=accounts.clock.now, stages=("full",)
        )
    councils = {id: key for id, key in accounts.actor(person).address_book.team_keys.items() if key.root}
    with accounts.db.write() as session:
        session.add(
            new_membership(
                principal_id=current.principal.id,
                name=person.name,
                pair=current.pair,
                held=replace(held, councils=councils, remembers=True, awaits_council=awaits),
                added_by=None,
                at=accounts.clock.now,
            )
        )


@pytest.mark.parametrize("purposes", [{"transition", "school_safeguarding"}, {"neet_group"}])
def test_a_council_s_id_makes_no_key_the_council_s(
    accounts: Accounts, cora: Person, sam: Person, dee: Person, purposes: set[str]
) -> None:
    """What the key confirms would be believed, and the person would remember it for the council's."""
    accounts.confirm(cora, sam, dee)
    (council,) = accounts.actor(cora).teams
    (own,) = accounts.actor(dee).teams
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        key_id = add_key(session, council.id, secret, version=7).id
    identity = replace(own.identity, id=council.id, name="Second office", purposes=frozenset(purposes))
    planted = HeldKey(identity, key_id, secret, 7)
    with pytest.raises(Tampered, match="another council"):
        join_as_told(accounts, sam, dee, bundle_of(accounts, sam, planted), [council.id])
    _hold(accounts, dee, planted)
    assert [team.name for team in accounts.actor(dee).set_aside] == ["Second office"]
    accounts.sign_in_later(dee)
    actor = accounts.actor(dee)
    remembered = (*actor.address_book.team_keys.values(), *actor.teams[0].councils.values())
    assert secret.fingerprint.hex() not in {key.fingerprint for key in remembered}


@pytest.mark.parametrize("removed", [False, True])
def test_a_member_gives_their_team_no_other_work_in_somebody_else_s_session(
    accounts: Accounts, cora: Person, sam: Person, dee: Person, removed: bool
) -> None:
    """They hold the team's key, and can sign a next one, for which somebody has left or not."""
    accounts.confirm(cora, sam, dee)
    (office,) = accounts.actor(sam).teams
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        leavers = [uuid4()] if removed else []
        key_id = add_key(session, office.id, secret, version=2, signed_by=office.secret, removed=leavers).id
    for purposes in ({"transition", "school_safeguarding"}, {"transition"}):
        identity = replace(office.identity, purposes=frozenset(purposes))
        _hold(accounts, dee, HeldKey(identity, key_id, secret, 2))
        actor = accounts.actor(dee)
        counts = purposes == {"transition"} and not removed
        assert (OFFICE in [team.name for team in actor.teams]) == counts
        assert (OFFICE in [team.name for team in actor.set_aside]) != counts
        with accounts.db.write() as session:
            session.execute(delete(Membership).where(Membership.team_key_id == key_id))


def test_a_newcomer_s_team_does_what_the_council_confirmed_or_the_session_stops(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    accounts.confirm(cora, sam)
    (office,) = accounts.actor(sam).teams
    lee = accounts.colleague(sam, "Lee Lead", OFFICE)
    secret = TeamSecret.generate()
    with accounts.db.write() as session:
        key_id = add_key(session, office.id, secret, version=2, signed_by=office.secret, removed=[uuid4()]).id
        session.execute(delete(Membership).where(Membership.principal_id == accounts.row(lee).id))
    identity = replace(office.identity, purposes=frozenset({"transition", "school_safeguarding"}))
    _hold(accounts, lee, HeldKey(identity, key_id, secret, 2), awaits=False)
    with pytest.raises(Tampered, match="for other work"):
        accounts.actor(lee)


@pytest.mark.parametrize("signs_in", [False, True])
def test_a_further_key_of_a_team_that_waits_waits_too(
    accounts: Accounts, cora: Person, sam: Person, dee: Person, signs_in: bool
) -> None:
    """Otherwise a second invitation would make it count, once the membership of the first key is gone."""
    accounts.confirm(cora, dee)
    first = planted_team(accounts, sam, "school_safeguarding")
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam, first), [first.team.id])
    accounts.sign_in_later(dee)
    second = TeamSecret.generate()
    with accounts.db.write() as session:
        key_id = add_key(session, first.team.id, second, version=2, signed_by=first.secret).id
        session.execute(delete(Invitation))
    again = HeldKey(first.team, key_id, second, 2)
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam, again), [first.team.id])
    if signs_in:
        accounts.sign_in_later(dee)
    with accounts.db.write() as session:
        session.execute(delete(Membership).where(Membership.team_key_id == first.key_id))
    for _ in range(2):
        actor = accounts.actor(dee)
        assert first.team.id not in {team.id for team in actor.teams}
        assert first.team.id in {team.id for team in actor.set_aside}
        accounts.sign_in_later(dee)


def test_a_team_that_the_council_alone_confirmed_counts_for_nothing_where_a_second_confirmer_is_needed(
    accounts: Accounts, cora: Person, sam: Person, dee: Person
) -> None:
    """The area names a team of the college. Without its confirmation the planted team would be sealed drafts."""
    nia = accounts.college(cora)
    accounts.confirm(cora, sam, dee, nia)
    require_second_of(accounts, cora, nia)
    accounts.sign_in_later(dee)
    planted = planted_team(accounts, sam, "school_safeguarding")
    join_as_told(accounts, sam, dee, bundle_of(accounts, sam, planted), [planted.team.id])
    council = accounts.actor(cora)
    shown = confirming.number_of(db=accounts.db, actor=council, team_id=planted.team.id)
    confirming.confirm(
        db=accounts.db,
        actor=council,
        team_id=planted.team.id,
        seen=shown.seen,
        now=accounts.clock.now,
    )
    actor = accounts.actor(dee)
    assert "Records" in {team.name for team in actor.set_aside}
    with accounts.db.read() as session:
        trust = trust_of(session, actor)
        owners = owner_teams(session, actor=actor, trust=trust, owner="school_safeguarding")
    assert "Records" not in {team.name for team in owners}
    seconded(accounts, nia, planted.team.id)
    assert "Records" in {team.name for team in accounts.actor(dee).teams}, "once both have confirmed it"


def seconded(accounts: Accounts, nia: Person, team_id: UUID) -> None:
    """Confirm a team as the second confirmer."""
    actor = accounts.proven(nia)
    shown = seconding.number_of(db=accounts.db, actor=actor, team_id=team_id)
    seconding.confirm(db=accounts.db, actor=actor, team_id=team_id, seen=shown.seen, now=accounts.clock.now)
