"""Invitations in the name of a colleague, by an ordinary member of another team who can also change any row."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest

from tests.exchange.claims import claimed, invitation_in_the_name_of, own_keys, team_named
from tests.exchange.people import MEMORY_KIB, Accounts, Person
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import invitations, inviting
from transition_exchange.exchange.joining.inviting import NOT_CERTAIN, Invited
from transition_exchange.exchange.joining.made_by import Maker, makers
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import leaving
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys, PersonPublic
from transition_exchange.store.models import Invitation, Principal

OFFICE, SAFEGUARDING = "SEND and transition", "Safeguarding"


@dataclass
class School:
    """A school whose teams are confirmed.

    Sam, an administrator, and Wes are in the office; Wes writes rows. Ada and Lee are administrators in the
    safeguarding team. Lee has joined since Ada signed in last.
    """

    accounts: Accounts
    sam: Person
    wes: Person
    lee: Person
    ada: Person
    mine: PersonKeys
    asked_at: datetime

    def id(self, person: Person) -> UUID:
        return self.accounts.row(person).id

    def sign_in(self, *people: Person) -> None:
        self.accounts.sign_in_later(*people)

    def claimed(self, person: Person) -> AbstractContextManager[None]:
        """Wes says with the office's key that somebody has the keys that Wes made."""
        return claimed(
            self.accounts,
            team=team_named(self.accounts, self.wes, OFFICE),
            person=self.id(person),
            keys=self.mine,
            name=person.name,
        )

    def forged(self, maker: Person, *, keys: PersonKeys | None = None) -> UUID:
        """An invitation of Mallory into the safeguarding team, signed with the keys that Wes made."""
        into = team_named(self.accounts, self.ada, SAFEGUARDING)
        return invitation_in_the_name_of(self.accounts, self.id(maker), keys=keys or self.mine, into=into)

    def seen_by_ada(self, invitation_id: UUID) -> Maker | None:
        with self.accounts.db.read() as session:
            row = session.get_one(Invitation, invitation_id)
            return makers(session, self.accounts.actor(self.ada), [row]).get(invitation_id)

    def remembered_by_ada(self, person: Person) -> PersonPublic | None:
        return self.accounts.actor(self.ada).address_book.public_of(self.id(person))

    def complete(self, invitation_id: UUID, *, asked: bool = False) -> Invited:
        """Make the five words as Ada."""
        return inviting.complete(
            db=self.accounts.db,
            actor=self.accounts.proven(self.ada),
            invitation_id=invitation_id,
            seen=self.accounts.seen(invitation_id),
            asked=asked,
            now=self.accounts.clock.now,
            memory_kib=MEMORY_KIB,
        )


@pytest.fixture
def school(accounts: Accounts, cora: Person, sam: Person) -> School:
    wes = accounts.colleague(sam, "Wes Writer", OFFICE)
    ada = accounts.colleague(sam, "Ada Aide", SAFEGUARDING, administrator=True)
    lee = accounts.colleague(ada, "Lee Lead", SAFEGUARDING, administrator=True)
    accounts.confirm(cora, sam, ada)
    return School(accounts, sam, wes, lee, ada, PersonKeys(KeyPair.generate()), accounts.clock.now)


def test_a_false_colleague_is_doubtful_as_soon_as_the_true_statement_is_back(school: School) -> None:
    """Lee has joined Ada's team since she signed in last. Wes, of another team, names keys of his own for Lee."""
    with school.claimed(school.lee):
        school.sign_in(school.ada)
    assert school.remembered_by_ada(school.lee) == school.mine.public
    forged = school.forged(school.lee)
    assert school.seen_by_ada(forged) == Maker("", school.accounts.clock.now, "doubtful")
    for asked in (False, True):
        with pytest.raises(Refused) as refused:
            school.complete(forged, asked=asked)
        assert refused.value.message == NOT_CERTAIN
    genuine = school.accounts.invite(school.lee, "Bea Clerk", SAFEGUARDING).invitation_id
    found = school.seen_by_ada(genuine)
    assert found is not None
    assert found.doubt == "doubtful", "nor is the true Lee chosen: Ada cannot tell them apart"


def test_an_older_address_book_put_back_makes_nobody_certain(school: School) -> None:
    with school.accounts.db.read() as session:
        older = session.get_one(Principal, school.id(school.ada)).address_book
    school.sign_in(school.ada)
    assert school.remembered_by_ada(school.lee) == own_keys(school.accounts, school.lee).public
    with school.accounts.db.write() as session:
        session.get_one(Principal, school.id(school.ada)).address_book = older
    with school.claimed(school.lee):
        school.sign_in(school.ada)
    forged = school.forged(school.lee)
    found = school.seen_by_ada(forged)
    assert found is not None
    assert found.doubt == "doubtful"
    with pytest.raises(Refused):
        school.complete(forged, asked=True)


def test_while_only_the_other_team_speaks_ada_has_to_ask_first(school: School) -> None:
    """The true statement stays away. The page says who says so; nothing is made until she says that she has asked."""
    forged = school.forged(school.lee)
    with school.claimed(school.lee):
        school.sign_in(school.ada)
        assert school.seen_by_ada(forged) == Maker("Lee Lead", school.asked_at, "told", (OFFICE,))
        (listed,) = invitations.open_invitations(
            db=school.accounts.db, actor=school.accounts.actor(school.ada), now=school.accounts.clock.now
        )
        assert (listed.certain, listed.ask, listed.can_complete) == (False, True, True)
        with pytest.raises(Refused) as refused:
            school.complete(forged)
        assert refused.value.fields == {
            "asked": "Ask Lee Lead whether they invited Mallory, and tick the box if they did"
        }
        with school.accounts.db.read() as session:
            assert session.get_one(Invitation, forged).bundle is None


def test_whom_one_has_met_in_the_own_team_no_other_team_replaces(school: School) -> None:
    """While Wes's claim stands, nobody can tell; once it is away Ada knows Lee as before."""
    school.sign_in(school.ada)
    forged = school.forged(school.lee)
    made_at = school.accounts.clock.now
    genuine = school.accounts.invite(school.lee, "Bea Clerk", SAFEGUARDING).invitation_id
    with school.claimed(school.lee):
        school.sign_in(school.ada)
        for invitation_id in (forged, genuine):
            found = school.seen_by_ada(invitation_id)
            assert found is not None
            assert found.doubt == "doubtful"
    assert school.seen_by_ada(forged) is None
    assert school.seen_by_ada(genuine) == Maker("Lee Lead", made_at)
    assert school.complete(genuine).spoken_code


def test_an_administrator_elsewhere_is_asked_in_person_and_then_the_words_let_the_person_in(
    school: School,
) -> None:
    """Sam is in the office alone. Ada knows Sam from what the office says."""
    invited = school.accounts.invite(school.sam, "Eve Deputy", SAFEGUARDING)
    assert school.seen_by_ada(invited.invitation_id) == Maker(
        "Sam School", school.accounts.clock.now, "told", (OFFICE,)
    )
    with pytest.raises(Refused, match="Ask Sam School whether they invited Eve Deputy"):
        school.complete(invited.invitation_id)
    code = school.complete(invited.invitation_id, asked=True).spoken_code
    assert code is not None
    eve = school.accounts.join(school.accounts.link(invited.invitation_id), code, "Eve Deputy")
    assert [team.name for team in school.accounts.actor(eve).teams] == [SAFEGUARDING]


def test_a_row_gives_nobody_a_colleagues_name(school: School) -> None:
    """Wes is called Lee Lead in his row while Ada signs in. He signs as himself."""
    with school.accounts.db.write() as session:
        session.get_one(Principal, school.id(school.wes)).name = "Lee Lead"
    school.sign_in(school.ada)
    wes = own_keys(school.accounts, school.wes)
    forged = school.forged(school.wes, keys=wes)
    assert school.seen_by_ada(forged) == Maker("Wes Writer", school.accounts.clock.now, "told", (OFFICE,))
    actor = school.accounts.proven(school.ada)
    people = {
        colleague.principal_id: colleague
        for colleague in teams.colleagues(db=school.accounts.db, actor=actor)
    }
    assert people[school.id(school.wes)].name == "Wes Writer"
    follows = leaving.what_follows(db=school.accounts.db, actor=actor, principal_id=school.id(school.wes))
    assert follows.name == "Wes Writer"


def test_a_name_that_a_team_signed_for_one_of_its_own_is_still_only_what_that_team_says(
    school: School,
) -> None:
    """Wes signs with the office's key that he is called Lee Lead."""
    wes = own_keys(school.accounts, school.wes)
    forged = school.forged(school.wes, keys=wes)
    office = team_named(school.accounts, school.wes, OFFICE)
    with claimed(school.accounts, team=office, person=school.id(school.wes), keys=wes, name="Lee Lead"):
        school.sign_in(school.ada)
    found = school.seen_by_ada(forged)
    assert found is not None
    assert (found.name, found.doubt) == ("Lee Lead", "told")


def test_two_people_of_one_name_in_the_own_team_are_asked_too(school: School) -> None:
    """A new member signs with the team's key that they are called as a colleague is."""
    joined = school.accounts.invite(school.ada, "Lea Lead", SAFEGUARDING, administrator=True)
    link = school.accounts.link(joined.invitation_id)
    false = school.accounts.join(link, joined.spoken_code or "", "Lee Lead")
    school.sign_in(school.ada)
    invited = school.forged(false, keys=own_keys(school.accounts, false))
    found = school.seen_by_ada(invited)
    assert found is not None
    assert (found.name, found.doubt, found.ask) == ("Lee Lead", "namesake", True)
    with pytest.raises(Refused):
        school.complete(invited)


def test_pages_name_somebody_doubtful_and_somebody_whom_nobody_signed(school: School) -> None:
    actor = school.accounts.actor(school.ada)
    with school.claimed(school.lee):
        school.sign_in(school.ada)
    with school.accounts.db.write() as session:
        session.add(Principal(organisation_id=actor.organisation_id, name="Nobody", email="n@school.example"))
    found = {
        colleague.name: (colleague.checked, colleague.doubtful)
        for colleague in teams.colleagues(db=school.accounts.db, actor=school.accounts.actor(school.ada))
    }
    assert found == {
        "Ada Aide": (True, False),
        "Lee Lead": (False, True),
        "Nobody": (False, False),
        "Sam School": (True, False),
        "Wes Writer": (True, False),
    }
