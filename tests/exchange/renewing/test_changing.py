"""Changing a team's key: the members who stay get the new one, and whoever left gets nothing by the old one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from tests.exchange.people import Accounts, Person
from tests.exchange.team_rows import add_key
from transition_exchange.exchange.actor import Actor, KnownTeam, OlderKey, OpenTeam
from transition_exchange.exchange.errors import NotAllowed, NotFound, ProofNeeded, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import changing, taking
from transition_exchange.sealing.address_book import Sighting
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Handover, Invitation, Membership, TeamKey

TEAM = "SEND and transition"


@pytest.fixture
def robin(accounts: Accounts, sam: Person) -> Person:
    return accounts.colleague(sam, "Robin Reed", TEAM)


@pytest.fixture
def jo(accounts: Accounts, sam: Person, robin: Person) -> Person:
    """Who will leave."""
    jo = accounts.colleague(sam, "Jo Marsh", TEAM)
    for person in (sam, robin, jo):
        accounts.clock.wait(minutes=1)
        accounts.sign_in(person)
    return jo


def team_of(actor: Actor) -> OpenTeam:
    return next(team for team in actor.teams if team.name == TEAM)


def remove(accounts: Accounts, by: Person, leaver: Person) -> None:
    teams.remove_person(
        db=accounts.db,
        actor=accounts.proven(by),
        principal_id=accounts.row(leaver).id,
        now=accounts.clock.now,
    )


def change(accounts: Accounts, by: Person) -> changing.Change:
    return accounts.change_key(by, team_of(accounts.actor(by)).id)


def shown(accounts: Accounts, actor: Actor) -> changing.Change:
    """What the page of the change shows somebody."""
    return next(
        change
        for change in changing.changes(db=accounts.db, actor=actor)
        if change.team.id == team_of(actor).id
    )


def seen_by(accounts: Accounts, person: Person, team: OpenTeam) -> KnownTeam | None:
    """The team as somebody of another organisation would seal to it."""
    with accounts.db.read() as session:
        return trust_of(session, accounts.actor(person)).current(session, [team.id]).get(team.id)


def test_whoever_stays_gets_the_new_key_and_whoever_left_knows_only_the_old_one(
    accounts: Accounts, sam: Person, robin: Person, jo: Person
) -> None:
    before = team_of(accounts.actor(jo))
    remove(accounts, sam, jo)
    done = change(accounts, sam)
    assert done.left == ("Jo Marsh",)
    assert [(member.name, member.remembered) for member in done.staying] == [("Robin Reed", True)]
    after = team_of(accounts.actor(sam))
    assert after.version == 2
    assert after.secret != before.secret
    assert after.older == {before.key_id: OlderKey(1, before.secret)}
    (offer,) = accounts.actor(robin).offers
    assert offer.giver_name == "Sam School"
    taking.take(
        db=accounts.db,
        actor=accounts.actor(robin),
        offer_id=offer.id,
        seen=offer.seen,
        now=accounts.clock.now,
    )
    taken = team_of(accounts.actor(robin))
    assert (taken.secret, taken.version, taken.older) == (after.secret, 2, after.older)
    assert accounts.actor(robin).offers == ()


def test_nothing_is_due_while_nobody_has_left_and_a_change_may_be_asked_for(
    accounts: Accounts, sam: Person, robin: Person, jo: Person
) -> None:
    (mine, *_) = changing.changes(db=accounts.db, actor=accounts.actor(robin))
    assert not mine.due
    assert change(accounts, robin).left == ()
    assert team_of(accounts.actor(robin)).version == 2


def test_a_member_who_was_not_given_the_new_key_seals_nothing_with_the_old_one(
    accounts: Accounts, sam: Person, robin: Person, jo: Person
) -> None:
    remove(accounts, sam, jo)
    accounts.change_key(sam, team_of(accounts.actor(sam)).id, hand_to=())
    robins = accounts.actor(robin)
    assert [team.name for team in robins.without_key] == [TEAM]
    assert TEAM not in {team.name for team in robins.teams}
    with pytest.raises(NotFound):
        taking.take(db=accounts.db, actor=robins, offer_id=robins.principal_id, seen="")


def test_a_key_that_the_leaver_hands_over_waits_for_somebody_who_knows_better(
    accounts: Accounts, sam: Person, robin: Person, jo: Person
) -> None:
    """They know the old key, are remembered, and can write to the database: their removal is undone in it."""
    change(accounts, jo)
    for person in (sam, robin):
        accounts.sign_in(person)
        actor = accounts.actor(person)
        assert [offer.giver_name for offer in actor.offers] == ["Jo Marsh"]
        assert TEAM not in {team.name for team in actor.teams}, "nothing is sealed to it, nor to the old one"


def test_others_seal_to_the_new_key_only_once_somebody_else_vouches_for_it(
    accounts: Accounts, cora: Person, sam: Person, robin: Person, jo: Person
) -> None:
    old = team_of(accounts.actor(sam))
    remove(accounts, sam, jo)
    change(accounts, sam)
    assert not team_of(accounts.actor(sam)).confirmed
    assert seen_by(accounts, cora, old) is None


def test_the_words_of_open_invitations_stop_working(
    accounts: Accounts, sam: Person, robin: Person, jo: Person
) -> None:
    invited = accounts.invite(sam, "New Member", TEAM)
    change(accounts, sam)
    with accounts.db.read() as session:
        row = session.get_one(Invitation, invited.invitation_id)
        assert (row.bundle, row.completed_by) == (None, None)


def test_of_two_who_change_it_at_once_one_is_told(
    accounts: Accounts, sam: Person, robin: Person, jo: Person
) -> None:
    late = accounts.proven(robin)
    team_id, seen = team_of(late).id, shown(accounts, late).seen
    change(accounts, sam)
    with pytest.raises(Refused, match="has already been changed"):
        changing.change_key(db=accounts.db, actor=late, team_id=team_id, seen=seen, now=accounts.clock.now)
    with accounts.db.read() as session:
        assert len(session.scalars(select(TeamKey).where(TeamKey.version == 2)).all()) == 1
        assert session.scalars(select(Handover)).all() != []


def test_a_key_that_somebody_put_in_the_next_place_is_named_and_the_own_one_stays(
    accounts: Accounts, sam: Person
) -> None:
    team = team_of(accounts.actor(sam))
    with accounts.db.write() as session:
        add_key(session, team.id, TeamSecret.generate(), version=2)
    with pytest.raises(Refused, match="one that nobody in this team signed"):
        change(accounts, sam)
    accounts.clock.wait(minutes=1)
    accounts.sign_in(sam)
    assert team_of(accounts.actor(sam)).key_id == team.key_id


def test_only_a_member_changes_it(accounts: Accounts, cora: Person, sam: Person, jo: Person) -> None:
    with pytest.raises(NotFound):
        changing.change_key(
            db=accounts.db, actor=accounts.proven(cora), team_id=team_of(accounts.actor(sam)).id, seen=""
        )
    nobody = replace(accounts.proven(sam), person=None)
    with pytest.raises(NotAllowed):
        changing.change_key(
            db=accounts.db, actor=nobody, team_id=team_of(nobody).id, seen=shown(accounts, nobody).seen
        )


def test_whoever_was_first_seen_after_somebody_left_gets_the_key_only_if_they_are_ticked(
    accounts: Accounts, sam: Person, robin: Person, jo: Person
) -> None:
    """Whoever left knows the key, and could have signed a member whom they made up."""
    remove(accounts, sam, jo)
    accounts.clock.wait(minutes=1)
    new = accounts.colleague(sam, "New Nora", TEAM)
    accounts.sign_in(sam)
    mine = changing.changes(db=accounts.db, actor=accounts.actor(sam))[0]
    nora, robins = sorted(mine.staying, key=lambda member: member.name)
    assert (nora.remembered, nora.seen_first) == (False, accounts.clock.now)
    assert (robins.remembered, robins.seen_first) == (True, None)
    change(accounts, sam)
    assert not accounts.actor(new).offers
    assert accounts.actor(robin).offers


@pytest.mark.parametrize("who", ["the maker", "a colleague who took it"])
def test_a_key_taken_out_of_the_database_again_is_missed_at_once(
    accounts: Accounts, sam: Person, robin: Person, jo: Person, who: str
) -> None:
    """Nobody has signed in since. They do not go on with the key before, which whoever left knows."""
    remove(accounts, sam, jo)
    change(accounts, sam)
    (offer,) = accounts.actor(robin).offers
    if who != "the maker":
        actor = accounts.actor(robin)
        taking.take(db=accounts.db, actor=actor, offer_id=offer.id, seen=offer.seen, now=accounts.clock.now)
    key_id = team_of(accounts.actor(sam)).key_id
    with accounts.db.write() as session:
        session.execute(delete(Handover))
        session.execute(delete(Membership).where(Membership.team_key_id == key_id))
        session.execute(delete(TeamKey).where(TeamKey.id == key_id))
    actor = accounts.actor(sam if who == "the maker" else robin)
    assert [team.name for team in actor.without_key] == [TEAM]


def test_nobody_leaves_with_the_only_copy_of_a_new_key(
    accounts: Accounts, sam: Person, robin: Person, jo: Person
) -> None:
    lee = accounts.colleague(sam, "Lee Lead", TEAM, administrator=True)
    accounts.change_key(sam, team_of(accounts.actor(sam)).id, hand_to=())
    with pytest.raises(Refused, match="Nobody else could open"):
        remove(accounts, lee, sam)


def test_a_colleague_of_another_team_whom_a_row_puts_into_this_one_is_given_nothing(
    accounts: Accounts, sam: Person, robin: Person
) -> None:
    """Colleagues of all teams are remembered, and anybody who can write to the database can write such a row."""
    lee = accounts.actor(accounts.colleague(sam, "Lee Lead", "Safeguarding"))
    actor = accounts.proven(sam)
    team = team_of(actor)
    assert lee.person is not None
    known = {lee.principal_id: [Sighting(lee.teams[0].id, False, lee.person.public, lee.name)]}
    actor = replace(actor, address_book=actor.address_book.with_colleagues(known, now=accounts.clock.now))
    with accounts.db.write() as session:
        session.add(Membership(principal_id=lee.principal_id, team_id=team.id, team_key_id=team.key_id))
    mine = changing.changes(db=accounts.db, actor=actor)[0]
    listed = {member.name: (member.remembered, member.public) for member in mine.staying}
    assert listed["Lee Lead"] == (False, None)
    assert listed["Robin Reed"][1] is not None
    with pytest.raises(Refused, match="Choose only people"):
        changing.change_key(
            db=accounts.db,
            actor=actor,
            team_id=team.id,
            hand_to=[lee.principal_id],
            seen=mine.seen,
            now=accounts.clock.now,
        )


@pytest.mark.parametrize("seen", ["as the page showed it", "", "of the key before"])
def test_one_page_changes_one_key(
    accounts: Accounts, sam: Person, robin: Person, jo: Person, seen: str
) -> None:
    first = shown(accounts, accounts.actor(sam))
    change(accounts, sam)
    actor = accounts.proven(sam)
    sent = {"as the page showed it": first.seen, "of the key before": first.seen[:64]}.get(seen, "")
    with pytest.raises(Refused, match="Nothing was changed a second time"):
        changing.change_key(db=accounts.db, actor=actor, team_id=first.team.id, seen=sent)
    assert team_of(accounts.actor(sam)).version == 2


@pytest.mark.parametrize("what", ["leaves", "joins"])
def test_a_page_that_shows_other_people_is_looked_at_again(
    accounts: Accounts, sam: Person, robin: Person, jo: Person, what: str
) -> None:
    before = shown(accounts, accounts.actor(sam))
    if what == "leaves":
        remove(accounts, sam, jo)
    else:
        accounts.colleague(sam, "New Nora", TEAM)
    actor = accounts.proven(sam)
    with pytest.raises(Refused, match="has joined or left"):
        changing.change_key(db=accounts.db, actor=actor, team_id=before.team.id, seen=before.seen)
    change(accounts, sam)
    assert team_of(accounts.actor(sam)).version == 2


def test_a_key_is_changed_only_by_somebody_who_has_just_proved_who_they_are(
    accounts: Accounts, sam: Person, robin: Person, jo: Person
) -> None:
    unproven = replace(accounts.actor(sam), proven_until=None)
    page = shown(accounts, unproven)
    with pytest.raises(ProofNeeded):
        changing.change_key(db=accounts.db, actor=unproven, team_id=page.team.id, seen=page.seen)
    assert team_of(accounts.actor(sam)).version == 1


@pytest.mark.parametrize("got_key", [True, False])
def test_a_newcomer_who_takes_their_membership_away_has_left_once_they_are_removed(
    accounts: Accounts, sam: Person, got_key: bool
) -> None:
    """Sam has not signed in since Amy joined, and may have ticked her for the new key. Her row is gone then."""
    accounts.clock.wait(minutes=1)
    amy = accounts.colleague(sam, "Amy Whit", TEAM)
    if got_key:
        team = team_of(accounts.actor(sam))
        accounts.change_key(sam, team.id, hand_to=[accounts.row(amy).id])
    with accounts.db.write() as session:
        session.execute(delete(Membership).where(Membership.principal_id == accounts.row(amy).id))
    remove(accounts, sam, amy)
    assert shown(accounts, accounts.actor(sam)).due
    headline = changing.changes(db=accounts.db, actor=accounts.actor(sam), staying=False)
    assert [change.due for change in headline] == [got_key], (
        "without the log only what is remembered tells it"
    )
