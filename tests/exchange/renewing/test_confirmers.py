"""Whoever changed a key is told who can confirm it: nobody who was in a team with whoever left, else the council."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import changing, progress, vouching
from transition_exchange.exchange.renewing.changing import Change
from transition_exchange.exchange.renewing.confirmers import (
    Awaiting,
    Confirmer,
    WhoConfirms,
    awaiting,
)
from transition_exchange.exchange.renewing.duties import duties
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.store.models import Membership, Principal, TeamKey

TRANSITION, SAFEGUARDING = "SEND and transition", "Safeguarding"
LEADS = Confirmer(SAFEGUARDING, ("Ada Aide",))


@dataclass
class School:
    """Sam, Jo and Lee are in the transition team, Lee and Ada in the safeguarding team. Both are confirmed."""

    accounts: Accounts
    cora: Person
    sam: Person
    jo: Person
    lee: Person
    ada: Person

    def actor(self, person: Person) -> Actor:
        return self.accounts.actor(person)

    def confirm(self, person: Person) -> None:
        """Confirm somebody's teams as the council."""
        council = self.actor(self.cora)
        for team in self.actor(person).teams:
            seen = confirming.number_of(db=self.accounts.db, actor=council, team_id=team.id).seen
            confirming.confirm(db=self.accounts.db, actor=council, team_id=team.id, seen=seen)

    def leave(self, leaver: Person) -> None:
        """Remove somebody from the school."""
        principal_id, now = self.accounts.row(leaver).id, self.accounts.clock.now
        teams.remove_person(
            db=self.accounts.db, actor=self.accounts.proven(self.sam), principal_id=principal_id, now=now
        )

    def change(self, by: Person) -> Change:
        """What changing the key of the transition team would do."""
        changes = changing.changes(db=self.accounts.db, actor=self.actor(by))
        return next(change for change in changes if change.team.name == TRANSITION)

    def change_key(self) -> None:
        self.accounts.change_key(self.sam, self.actor(self.sam).teams[0].id)

    def awaiting(self, person: Person) -> tuple[Awaiting, ...]:
        return awaiting(db=self.accounts.db, actor=self.actor(person))


@pytest.fixture
def school(accounts: Accounts, cora: Person, sam: Person) -> School:
    jo = accounts.colleague(sam, "Jo Marsh", TRANSITION)
    lee = accounts.colleague(sam, "Lee Lead", TRANSITION, SAFEGUARDING, administrator=True)
    ada = accounts.colleague(lee, "Ada Aide", SAFEGUARDING)
    made = School(accounts, cora, sam, jo, lee, ada)
    made.confirm(lee)
    for person in (sam, jo, lee, ada):
        accounts.clock.wait(minutes=1)
        accounts.sign_in(person)
    return made


def test_the_people_of_another_team_are_named_before_and_after_the_change(school: School) -> None:
    """Lee, who is in the team itself too, is not: somebody outside it can do it."""
    assert school.change(school.sam).by == WhoConfirms()
    school.leave(school.jo)
    by = school.change(school.sam).by
    assert by == WhoConfirms(TRANSITION, confirmers=(LEADS,))
    assert by.words == (
        "The new key of SEND and transition can be confirmed by Ada Aide in Safeguarding, on the page "
        "“Your teams’ keys”, or by the council’s NEET group by phone."
    )
    assert school.awaiting(school.sam) == ()
    school.change_key()
    (team,) = school.actor(school.sam).teams
    number, team_id = spoken_fingerprint(team.secret.fingerprint), team.id
    assert school.awaiting(school.sam) == (Awaiting(team_id, TRANSITION, number, by),)
    assert school.awaiting(school.ada) == ()
    (waiting,) = vouching.waiting_keys(db=school.accounts.db, actor=school.actor(school.ada))
    assert waiting.spoken == number, "what both compare"


@pytest.mark.parametrize("key", ["of the team", "none"])
def test_nobody_is_named_whom_only_a_row_puts_into_the_other_team(school: School, key: str) -> None:
    """They could confirm nothing: the key of that team has not signed whose keys theirs are."""
    with school.accounts.db.write() as session:
        (team,) = school.actor(school.ada).teams
        made_up = Principal(
            organisation_id=team.organisation_id, name="Made Up", email="made.up@school.example"
        )
        session.add(made_up)
        session.flush()
        signed = session.scalars(select(Membership).where(Membership.team_id == team.id)).first()
        assert signed is not None
        copied = {"team_key_id": team.key_id, "statement": signed.statement, "signature": signed.signature}
        session.add(
            Membership(principal_id=made_up.id, team_id=team.id, **(copied if key == "of the team" else {}))
        )
    school.leave(school.jo)
    assert school.change(school.sam).by.confirmers == (LEADS,)


def test_a_confirmer_is_named_as_the_person_knows_them(school: School) -> None:
    school.leave(school.jo)
    with school.accounts.db.write() as session:
        session.get_one(Principal, school.actor(school.ada).principal_id).name = "Jo Marsh"
    assert school.change(school.sam).by.confirmers == (LEADS,)


def test_whoever_is_in_the_other_team_too_confirms_it_at_once(school: School) -> None:
    school.leave(school.jo)
    by = school.change(school.lee).by
    assert by == WhoConfirms(TRANSITION, at_once=SAFEGUARDING)
    assert "can be confirmed by you, because you are in Safeguarding, or by" in by.words


def test_it_is_said_on_every_page_until_somebody_has_confirmed_it(school: School) -> None:
    school.leave(school.jo)
    school.change_key()

    def headline() -> str:
        return duties(db=school.accounts.db, actor=school.actor(school.sam)).headline

    assert headline() == "The change of a key is not finished."
    for _ in range(20):
        if not progress.carry_on(db=school.accounts.db, actor=school.actor(school.sam)).left:
            break
    assert headline() == (
        f"The new key of {TRANSITION} is not confirmed yet. Until then, nothing is sent or received."
    )
    school.confirm(school.sam)
    assert school.awaiting(school.sam) == ()
    assert headline() == ""


def test_no_team_is_named_that_whoever_left_was_ever_in(school: School) -> None:
    with school.accounts.db.write() as session:
        (team,) = school.actor(school.ada).teams
        was_in = {"principal_id": school.accounts.row(school.jo).id, "team_id": team.id}
        session.add(Membership(**was_in, removed_at=school.accounts.clock.now))
    school.leave(school.jo)
    for person in (school.sam, school.lee):
        change = school.change(person)
        assert change.due
        assert change.by == WhoConfirms(TRANSITION)
    school.change_key()
    (waiting,) = school.awaiting(school.sam)
    assert waiting.by.words == (
        "The new key of SEND and transition can be confirmed only by the council’s NEET group by phone."
    )


def test_no_team_is_named_in_which_whoever_left_is_remembered(school: School) -> None:
    """Kim was in both teams, and has removed the row that says so of the team that could confirm."""
    accounts = school.accounts
    kim = accounts.colleague(school.lee, "Kim Both", TRANSITION, SAFEGUARDING)
    accounts.sign_in_later(school.sam)
    (team,) = school.actor(school.ada).teams
    kims = accounts.row(kim).id
    school.leave(kim)
    with accounts.db.write() as session:
        session.execute(
            delete(Membership).where(Membership.principal_id == kims, Membership.team_id == team.id)
        )
    assert school.change(school.sam).by == WhoConfirms(TRANSITION)


def test_who_left_before_an_earlier_key_that_nobody_confirmed_counts_too(school: School) -> None:
    with school.accounts.db.write() as session:
        (team,) = school.actor(school.ada).teams
        was_in = {"principal_id": school.accounts.row(school.jo).id, "team_id": team.id}
        session.add(Membership(**was_in, removed_at=school.accounts.clock.now))
    school.leave(school.jo)
    school.change_key()
    school.leave(school.lee)
    assert school.change(school.sam).by == WhoConfirms(TRANSITION)


def test_whoever_is_in_the_team_itself_is_named_where_nobody_outside_it_can_confirm(school: School) -> None:
    school.leave(school.jo)
    school.leave(school.ada)
    assert school.change(school.sam).by.confirmers == (Confirmer(SAFEGUARDING, ("Lee Lead",)),)


def test_nobody_is_named_of_a_team_of_ones_own_that_nobody_has_confirmed(school: School) -> None:
    """Its key counts in the sessions of those who are in it, and makes no other key count for anybody."""
    accounts = school.accounts
    with accounts.db.write() as session:
        session.execute(
            update(TeamKey)
            .where(TeamKey.team_id == school.actor(school.ada).teams[0].id)
            .values(confirmation=None, confirmation_signature=None, confirmation_key_id=None)
        )
    school.leave(school.jo)
    for person in (school.sam, school.lee):
        assert school.change(person).by == WhoConfirms(TRANSITION)


def test_several_teams_are_named_in_one_order_and_the_neet_group_of_the_own_council_once() -> None:
    exams = Confirmer("Exams", ("Bez Kaur", "Neelam Rai", "Zoe Ash"))
    assert WhoConfirms("Admissions", confirmers=(LEADS, exams)).words == (
        "The new key of Admissions can be confirmed by Ada Aide in Safeguarding, or by Bez Kaur, Neelam Rai or Zoe Ash "
        "in Exams, on the page “Your teams’ keys”, or by the council’s NEET group by phone."
    )
    council = Confirmer("NEET group", ("Cora Council",), council=True)
    assert WhoConfirms("Home education", confirmers=(council,)).words == (
        "The new key of Home education can be confirmed by Cora Council in NEET group, on the page “Your teams’ keys”."
    )
