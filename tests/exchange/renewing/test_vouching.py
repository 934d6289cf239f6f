"""A key after a removal counts for others once a team vouches for it that the leaver was not in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.chains import events_of
from tests.exchange.people import Accounts, Person
from tests.exchange.team_rows import add_key
from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import vouching
from transition_exchange.sealing.address_book import Sighting
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.people import Member, PersonKeys
from transition_exchange.sealing.succession import Succession, Voucher
from transition_exchange.store.models import Membership, Principal, TeamKey

TRANSITION, SAFEGUARDING = "SEND and transition", "Safeguarding"


@dataclass
class School:
    """A school: Sam and Jo in the transition team, Ada in the safeguarding team, Lee in both."""

    accounts: Accounts
    council: Person
    sam: Person
    jo: Person
    lee: Person
    ada: Person

    def actor(self, person: Person) -> Actor:
        return self.accounts.actor(person)

    def team(self, person: Person, name: str = TRANSITION) -> OpenTeam:
        return next(team for team in self.actor(person).teams if team.name == name)

    def leave(self, leaver: Person, team: str = TRANSITION) -> None:
        teams.remove_from_team(
            db=self.accounts.db,
            actor=self.accounts.proven(self.sam),
            principal_id=self.accounts.row(leaver).id,
            team_id=self.team(self.lee, team).id,
            now=self.accounts.clock.now,
        )

    def change(self, by: Person) -> None:
        self.accounts.change_key(by, self.team(by).id)

    def seen_by_the_council(self, team: OpenTeam) -> KnownTeam | None:
        with self.accounts.db.read() as session:
            trust = trust_of(session, self.actor(self.council))
            return trust.current(session, [team.id]).get(team.id)


@pytest.fixture
def school(accounts: Accounts, cora: Person, sam: Person) -> School:
    jo = accounts.colleague(sam, "Jo Marsh", TRANSITION)
    lee = accounts.colleague(sam, "Lee Lead", TRANSITION, SAFEGUARDING, administrator=True)
    ada = accounts.colleague(lee, "Ada Aide", SAFEGUARDING)
    made = School(accounts, cora, sam, jo, lee, ada)
    for team in accounts.actor(lee).teams:
        confirm(made, team)
    for person in (sam, jo, lee, ada):
        accounts.clock.wait(minutes=1)
        accounts.sign_in(person)
    return made


def confirm(school: School, team: OpenTeam) -> None:
    """Confirm a team's newest key as the council."""
    council = school.actor(school.council)
    number = confirming.number_of(db=school.accounts.db, actor=council, team_id=team.id)
    confirming.confirm(
        db=school.accounts.db,
        actor=council,
        team_id=team.id,
        seen=number.seen,
        now=school.accounts.clock.now,
    )


def test_a_member_of_both_teams_vouches_in_the_same_step(school: School) -> None:
    school.leave(school.jo)
    school.change(school.lee)
    after = school.team(school.lee)
    assert after.confirmed
    seen = school.seen_by_the_council(after)
    assert seen is not None
    assert seen.key_id == after.key_id
    assert school.team(school.sam).secret == after.secret, "others of the team take it without being asked"


def test_packs_wait_until_the_other_team_has_signed_what_its_page_showed(school: School) -> None:
    school.leave(school.jo)
    school.change(school.sam)
    after = school.team(school.sam)
    assert not after.confirmed
    assert school.seen_by_the_council(after) is None
    db = school.accounts.db
    (waiting,) = vouching.waiting_keys(db=db, actor=school.actor(school.ada))
    assert (waiting.team.name, waiting.maker, waiting.left) == (TRANSITION, "Sam School", ("Jo Marsh",))
    assert waiting.spoken == confirming.own_number(actor=school.actor(school.sam), team_id=after.id)
    with pytest.raises(Refused):
        vouching.vouch(db=db, actor=school.actor(school.ada), team_id=after.id, seen="0" * 64)
    vouching.vouch(db=db, actor=school.actor(school.ada), team_id=after.id, seen=waiting.seen)
    assert vouching.waiting_keys(db=db, actor=school.actor(school.ada)) == ()
    assert school.team(school.sam).confirmed
    assert school.seen_by_the_council(after) is not None
    assert school.team(school.lee).secret == after.secret


@pytest.mark.parametrize("gap", [1, 40])
def test_rows_that_somebody_puts_above_the_new_key_hide_it_from_nobody(school: School, gap: int) -> None:
    school.leave(school.jo)
    school.change(school.sam)
    team = school.team(school.sam)
    planted, next_planted = TeamSecret.generate(), TeamSecret.generate()
    with school.accounts.db.write() as session:
        add_key(session, team.id, planted, version=team.version + gap)
        add_key(session, team.id, next_planted, version=team.version + gap + 1, signed_by=planted)
    (waiting,) = vouching.waiting_keys(db=school.accounts.db, actor=school.actor(school.ada))
    assert waiting.spoken == confirming.own_number(actor=school.actor(school.sam), team_id=team.id)


def test_a_leaver_of_both_teams_needs_a_third_or_the_council(school: School) -> None:
    accounts = school.accounts
    kim = accounts.colleague(school.lee, "Kim Both", TRANSITION, SAFEGUARDING)
    school.leave(kim)
    school.leave(kim, SAFEGUARDING)
    school.change(school.sam)
    after = school.team(school.sam)
    assert vouching.waiting_keys(db=accounts.db, actor=school.actor(school.ada)) == ()
    with pytest.raises(NotFound):
        vouching.vouch(db=accounts.db, actor=school.actor(school.ada), team_id=after.id, seen="")
    assert not after.confirmed
    confirm(school, after)
    assert school.team(school.sam).confirmed
    assert school.seen_by_the_council(after) is not None


def test_a_leaver_of_both_teams_is_remembered_though_their_row_is_gone(school: School) -> None:
    accounts = school.accounts
    kim = accounts.colleague(school.lee, "Kim Both", TRANSITION, SAFEGUARDING)
    accounts.clock.wait(minutes=1)
    accounts.sign_in(school.ada)
    safeguarding, kim_id = school.team(school.lee, SAFEGUARDING), accounts.row(kim).id
    school.leave(kim)
    school.leave(kim, SAFEGUARDING)
    with accounts.db.write() as session:
        session.execute(
            delete(Membership).where(Membership.team_id == safeguarding.id, Membership.principal_id == kim_id)
        )
    school.change(school.sam)
    assert vouching.waiting_keys(db=accounts.db, actor=school.actor(school.ada)) == ()


@pytest.mark.parametrize("how", ["somebody unknown", "another hand", "a leaver"])
def test_nobody_is_asked_to_vouch_for_a_key_that_no_colleague_made(school: School, how: str) -> None:
    school.leave(school.jo)
    school.change(school.sam)
    with school.accounts.db.write() as session:
        key = session.get_one(TeamKey, school.team(school.sam).key_id)
        if how == "somebody unknown":
            key.created_by = school.accounts.row(school.council).id
        elif how == "another hand":
            key.maker_signature = key.succession_signature
        else:
            key.created_by = school.accounts.row(school.jo).id
    assert vouching.waiting_keys(db=school.accounts.db, actor=school.actor(school.ada)) == ()


def test_a_voucher_for_another_key_or_by_a_strange_team_counts_nothing(school: School) -> None:
    school.leave(school.jo)
    school.change(school.lee)
    after = school.team(school.lee)
    with school.accounts.db.write() as session:
        key = session.get_one(TeamKey, after.key_id)
        key.voucher_key_id = after.key_id
    assert school.seen_by_the_council(after) is None


@pytest.mark.parametrize("leaves", [True, False])
def test_of_two_changes_in_a_row_one_voucher_is_enough(school: School, leaves: bool) -> None:
    """Nobody has vouched for the first when the second is made. Both leavers are named."""
    kim = school.accounts.colleague(school.lee, "Kim Keen", TRANSITION)
    school.leave(school.jo)
    school.change(school.sam)
    first = school.team(school.sam)
    if leaves:
        teams.remove_person(
            db=school.accounts.db,
            actor=school.accounts.proven(school.sam),
            principal_id=school.accounts.row(kim).id,
            now=school.accounts.clock.now,
        )
    school.change(school.sam)
    after = school.team(school.sam)
    assert (after.version, after.confirmed, school.seen_by_the_council(after)) == (3, False, None)
    db = school.accounts.db
    (waiting,) = vouching.waiting_keys(db=db, actor=school.actor(school.ada))
    assert waiting.left == (("Jo Marsh", "Kim Keen") if leaves else ("Jo Marsh",))
    vouching.vouch(db=db, actor=school.actor(school.ada), team_id=after.id, seen=waiting.seen)
    assert school.team(school.sam).confirmed
    seen = school.seen_by_the_council(after)
    assert seen is not None
    assert seen.key_id == after.key_id
    with db.read() as session:
        trust = trust_of(session, school.actor(school.council))
        assert trust.known(session, session.get_one(TeamKey, first.key_id)) is None, "nobody vouched for it"


def test_a_voucher_that_leaves_out_an_earlier_leaver_counts_nothing(school: School) -> None:
    """The second change names nobody, but the key before it was made because somebody left."""
    school.leave(school.jo)
    school.change(school.sam)
    school.change(school.sam)
    after, ada = school.team(school.sam), school.actor(school.ada)
    with school.accounts.db.write() as session:
        key = session.get_one(TeamKey, after.key_id)
        vouching._sign(key, ada.teams[0], [], school.accounts.clock.now)
    assert school.seen_by_the_council(after) is None


def test_the_maker_is_shown_by_the_name_that_the_person_remembers(school: School) -> None:
    """Their row can be given the name of somebody whom the person would ask."""
    school.leave(school.jo)
    school.change(school.sam)
    with school.accounts.db.write() as session:
        session.get_one(Principal, school.actor(school.sam).principal_id).name = "Ada Aide"
    (waiting,) = vouching.waiting_keys(db=school.accounts.db, actor=school.actor(school.ada))
    assert waiting.maker == "Sam School"


def test_nobody_is_asked_to_vouch_for_a_key_of_somebody_who_has_left(school: School) -> None:
    school.leave(school.jo)
    school.change(school.sam)
    with school.accounts.db.write() as session:
        session.execute(
            update(Membership)
            .where(Membership.principal_id == school.actor(school.sam).principal_id)
            .values(removed_at=school.accounts.clock.now)
        )
    assert vouching.waiting_keys(db=school.accounts.db, actor=school.actor(school.ada)) == ()


@pytest.mark.parametrize("made_by_a_colleague", [True, False])
def test_a_voucher_that_is_taken_away_is_done_and_stands_in_the_events(
    school: School, made_by_a_colleague: bool
) -> None:
    """Lee vouched with the safeguarding team's key, which is changed afterwards."""
    school.leave(school.jo)
    school.change(school.lee)
    db, key_id = school.accounts.db, school.team(school.lee).key_id
    school.accounts.change_key(school.lee, school.team(school.lee, SAFEGUARDING).id)
    if not made_by_a_colleague:
        with db.write() as session:
            session.get_one(TeamKey, key_id).created_by = school.accounts.row(school.council).id
    lee = school.actor(school.lee)
    with db.read() as session:
        due = vouching.due(session, actor=lee, trust=trust_of(session, lee))
    assert due == [key_id]
    assert vouching.renew(db=db, actor=lee, ids=due, now=school.accounts.clock.now) == 0
    with db.read() as session:
        assert not vouching.due(session, actor=lee, trust=trust_of(session, lee))
        assert (session.get_one(TeamKey, key_id).voucher is not None) == made_by_a_colleague
    event = events_of(db, lee.organisation_id)[-1]
    what = "vouchers" if made_by_a_colleague else "vouchers_taken_away"
    assert (event.kind, event.about) == ("key.renewed", {"what": what, "count": 1})


def _met_late(school: School) -> Person:
    """Megan has joined since Ada last signed in. She removes Jo, who invited her, and changes the key."""
    accounts = school.accounts
    megan = accounts.colleague(school.sam, "Megan Frith", TRANSITION, administrator=True)
    accounts.clock.wait(minutes=1)
    school.leave(school.jo)
    school.change(megan)
    return megan


def test_whoever_has_not_met_the_maker_can_confirm_the_key_and_is_told_so(school: School) -> None:
    """The number that both compare is the check. Signing in afterwards does not make them know each other."""
    megan, db = _met_late(school), school.accounts.db
    team = school.team(megan)
    school.accounts.clock.wait(minutes=1)
    school.accounts.sign_in(school.ada)
    (waiting,) = vouching.waiting_keys(db=db, actor=school.actor(school.ada))
    assert (waiting.maker, waiting.met, waiting.left) == ("Megan Frith", False, ("Jo Marsh",))
    assert waiting.spoken == confirming.own_number(actor=school.actor(megan), team_id=team.id)
    assert school.accounts.row(megan).id not in school.actor(school.ada).address_book.colleagues
    vouching.vouch(db=db, actor=school.actor(school.ada), team_id=team.id, seen=waiting.seen)
    assert school.team(megan).confirmed
    assert school.seen_by_the_council(team) is not None
    known = school.actor(school.ada).address_book.colleagues[school.accounts.row(megan).id]
    assert known.name == "Megan Frith", "from now on"


@pytest.mark.parametrize("how", ["no statement", "of another", "another hand"])
def test_a_maker_whom_nobody_knows_is_one_whose_keys_the_key_before_signed(school: School, how: str) -> None:
    megan, db = _met_late(school), school.accounts.db
    before = list(school.team(megan).older)[-1]
    with db.write() as session:
        key = session.get_one(TeamKey, school.team(megan).key_id)
        of = {
            name: session.scalars(
                select(Membership).where(
                    Membership.principal_id == school.accounts.row(person).id,
                    Membership.team_key_id == before,
                )
            ).one()
            for name, person in (("megan", megan), ("lee", school.lee))
        }
        if how == "no statement":
            of["megan"].statement = None
        elif how == "of another":
            of["megan"].statement, of["megan"].signature = of["lee"].statement, of["lee"].signature
        else:
            key.maker_signature = key.succession_signature
    assert vouching.waiting_keys(db=db, actor=school.actor(school.ada)) == ()


def test_a_remembered_maker_is_known_by_what_is_remembered_alone(school: School) -> None:
    """Whoever left knows the key before, and can sign with it that a colleague's keys are others."""
    school.leave(school.jo)
    before = school.team(school.sam)
    school.change(school.sam)
    leaver = PersonKeys(KeyPair.generate())
    with school.accounts.db.write() as session:
        key = session.get_one(TeamKey, school.team(school.sam).key_id)
        forged = Member.of(
            team=before.id,
            principal=school.accounts.row(school.sam).id,
            name="Sam School",
            public=leaver.public,
            joined_at=school.accounts.clock.now,
        )
        row = session.scalars(
            select(Membership).where(
                Membership.principal_id == school.accounts.row(school.sam).id,
                Membership.team_key_id == before.key_id,
            )
        ).one()
        row.statement, row.signature = forged.text(), forged.sign(before.secret.signing)
        statement = Succession.verify(
            key.succession or "", key.succession_signature or b"", before.known.signing_public
        )
        key.maker_signature = statement.sign(leaver.signing)
    assert vouching.waiting_keys(db=school.accounts.db, actor=school.actor(school.ada)) == ()


def test_a_voucher_of_an_older_key_is_not_signed_anew_for_a_maker_whom_nobody_has_met(school: School) -> None:
    """Nobody compares a number then. Whoever has left both teams could have written it."""
    megan, db = _met_late(school), school.accounts.db
    key_id = school.team(megan).key_id
    with db.read() as session:
        key = session.get_one(TeamKey, key_id)
        own = school.actor(school.ada).teams[0]
        vouching._sign(key, own, [str(school.accounts.row(school.jo).id)], school.accounts.clock.now)

        def signed(actor: Actor) -> Voucher | None:
            return vouching._voucher_by(
                session, actor, key, team=own, signing_public=own.known.signing_public
            )

        assert signed(school.actor(school.ada)) is None
        person = school.actor(megan).person
        assert person is not None
        ada = school.actor(school.ada)
        met = {school.accounts.row(megan).id: [Sighting(ada.teams[0].id, True, person.public, "Megan Frith")]}
        knows = replace(
            ada, address_book=ada.address_book.with_colleagues(met, now=school.accounts.clock.now)
        )
        voucher = signed(knows)
        assert voucher is not None
        others = (
            replace(voucher, fingerprint="0" * 64),
            replace(voucher, removed=[]),
            replace(voucher, by_team=key.team_id),
        )
        for about_another in others:
            key.voucher = about_another.text()
            key.voucher_signature = about_another.sign(own.secret.signing)
            assert signed(knows) is None, "nor one that says something else than it should"
