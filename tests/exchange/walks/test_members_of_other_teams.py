"""An ordinary member of another team who can also change any row, where a team's key is changed, taken or confirmed."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.claims import OFFICE, SAFEGUARDING, School, claimed, own_keys
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.renewing import changing
from transition_exchange.exchange.renewing.confirmers import who_confirms
from transition_exchange.sealing.handovers import hand_over
from transition_exchange.sealing.people import Member
from transition_exchange.store.models import Handover, Membership, Principal, TeamKey


@pytest.fixture
def school(accounts: Accounts, cora: Person, sam: Person) -> School:
    return School.with_two_teams(accounts, cora, sam)


def _row_in(school: School, team: OpenTeam, person: UUID) -> None:
    """Put somebody into a team with a row, as anybody can who writes rows."""
    with school.accounts.db.write() as session:
        session.add(Membership(principal_id=person, team_id=team.id, team_key_id=team.key_id))


def test_nobody_is_given_a_key_whom_only_another_team_names(school: School) -> None:
    """Jo names keys of their own for Lee with the office's key. Ada, who has not met Lee yet, remembers these."""
    office, leads = school.team(school.jo, OFFICE), school.team(school.ada, SAFEGUARDING)
    with claimed(
        school.accounts, team=office, person=school.id(school.lee), keys=school.made, name="Lee Lead"
    ):
        school.sign_in(school.ada)
        (change,) = changing.changes(db=school.accounts.db, actor=school.accounts.actor(school.ada))
        (lee,) = change.staying
        assert (lee.name, lee.remembered, lee.public, lee.doubtful) == ("Lee Lead", False, None, False)
    (change,) = changing.changes(db=school.accounts.db, actor=school.accounts.actor(school.ada))
    (lee,) = change.staying
    assert (lee.remembered, lee.public, lee.doubtful) == (False, None, True)
    school.accounts.change_key(school.ada, leads.id)
    with school.accounts.db.read() as session:
        assert session.scalars(select(Handover)).all() == []


def test_whom_another_team_has_named_before_is_not_ticked_when_they_come_into_this_one(
    school: School,
) -> None:
    """Sam, whom Ada knows from the office, has joined her team since she signed in last."""
    school.sign_in(school.ada)
    leads = school.team(school.ada, SAFEGUARDING)
    sam = own_keys(school.accounts, school.sam)
    joined = Member.of(
        team=leads.id,
        principal=school.id(school.sam),
        name="Sam School",
        public=sam.public,
        joined_at=school.accounts.clock.now,
    )
    _row_in(school, leads, school.id(school.sam))
    with school.accounts.db.write() as session:
        row = session.scalars(
            select(Membership).where(
                Membership.principal_id == school.id(school.sam), Membership.team_id == leads.id
            )
        ).one()
        row.statement, row.signature = joined.text(), joined.sign(leads.secret.signing)

    def staying() -> changing.Staying:
        (change,) = changing.changes(db=school.accounts.db, actor=school.accounts.actor(school.ada))
        return next(member for member in change.staying if member.name == "Sam School")

    assert (staying().remembered, staying().public) == (False, sam.public)
    school.sign_in(school.ada)
    assert staying().remembered


def test_a_key_that_only_a_member_of_another_team_hands_over_is_not_offered(school: School) -> None:
    """Ada remembers Jo's keys as Lee's. Jo does not know the safeguarding team's key, so no key of Jo's follows it."""
    office, leads = school.team(school.jo, OFFICE), school.team(school.ada, SAFEGUARDING)
    with claimed(
        school.accounts, team=office, person=school.id(school.lee), keys=school.made, name="Lee Lead"
    ):
        school.sign_in(school.ada)
    false = leads.held.for_others()
    with school.accounts.db.write() as session:
        key = TeamKey(
            team_id=leads.id,
            version=2,
            kem_public=office.secret.kem.public,
            signing_public=office.secret.signing.public,
            created_by=school.id(school.lee),
        )
        session.add(key)
        session.flush()
        held = type(false)(leads.identity, key.id, office.secret, 2)
        sealed = hand_over(
            held,
            giver=school.made,
            giver_id=school.id(school.lee),
            taker=own_keys(school.accounts, school.ada).public,
            taker_id=school.id(school.ada),
            at=school.accounts.clock.now,
        )
        session.add(
            Handover(
                team_key_id=key.id,
                taker_id=school.id(school.ada),
                giver_id=school.id(school.lee),
                sealed=sealed,
            )
        )
    assert school.accounts.actor(school.ada).offers == ()


def test_who_confirms_a_key_is_named_as_their_team_signed(school: School) -> None:
    """And nobody is among them whom a row, or another team's key, puts there."""
    with school.accounts.db.write() as session:
        session.get_one(Principal, school.id(school.ada)).name = "Jo Marsh"
    leads, office = school.team(school.ada, SAFEGUARDING), school.team(school.sam, OFFICE)
    _row_in(school, leads, school.id(school.jo))
    with school.accounts.db.write() as session:
        row = session.scalars(
            select(Membership).where(
                Membership.principal_id == school.id(school.jo), Membership.team_id == leads.id
            )
        ).one()
        claim = Member.of(
            team=leads.id,
            principal=school.id(school.jo),
            name="Jo Marsh",
            public=own_keys(school.accounts, school.jo).public,
            joined_at=school.accounts.clock.now,
        )
        row.statement, row.signature = claim.text(), claim.sign(office.secret.signing)
    with school.accounts.db.read() as session:
        found = who_confirms(
            session,
            actor=school.accounts.actor(school.sam),
            team_id=office.id,
            name=OFFICE,
            removed=[UUID(int=9)],
        )
    (confirmers,) = found.confirmers
    assert confirmers.people == ("Ada Aide", "Lee Lead")


def test_a_next_key_is_signed_with_the_name_that_one_remembers_of_oneself(school: School) -> None:
    """Somebody renames Ada in her row and in her team's statement before she changes the key."""
    school.sign_in(school.ada)
    leads = school.team(school.ada, SAFEGUARDING)
    renamed = Member.of(
        team=leads.id,
        principal=school.id(school.ada),
        name="Helena Quarmby",
        public=own_keys(school.accounts, school.ada).public,
        joined_at=school.accounts.clock.now,
    )
    with school.accounts.db.write() as session:
        session.get_one(Principal, school.id(school.ada)).name = "Helena Quarmby"
        row = session.scalars(
            select(Membership).where(Membership.principal_id == school.id(school.ada))
        ).one()
        row.statement, row.signature = renamed.text(), renamed.sign(leads.secret.signing)
    school.accounts.change_key(school.ada, leads.id)
    after = school.team(school.ada, SAFEGUARDING)
    with school.accounts.db.read() as session:
        row = session.scalars(
            select(Membership).where(
                Membership.principal_id == school.id(school.ada), Membership.team_key_id == after.key_id
            )
        ).one()
    signed = Member.verify(row.statement or "", row.signature or b"", after.known.signing_public)
    assert signed.name == "Ada Aide"
