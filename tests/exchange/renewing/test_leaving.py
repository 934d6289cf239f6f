"""Before somebody is removed: which teams need a new key, who changes it, and who confirms it. Nothing is changed."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import delete

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.leavers import JOINED
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing.confirmers import Confirmer, WhoConfirms
from transition_exchange.exchange.renewing.leaving import TeamLeft, what_follows
from transition_exchange.store.models import Event, Membership

TRANSITION, SAFEGUARDING = "SEND and transition", "Safeguarding"


@pytest.fixture
def lee(accounts: Accounts, cora: Person, sam: Person) -> Person:
    """An administrator in both teams of a confirmed school; Sam and Jo are in the transition team, Ada in the other."""
    accounts.colleague(sam, "Jo Marsh", TRANSITION)
    lee = accounts.colleague(sam, "Lee Lead", TRANSITION, SAFEGUARDING, administrator=True)
    accounts.colleague(lee, "Ada Aide", SAFEGUARDING)
    council = accounts.actor(cora)
    for team in accounts.actor(lee).teams:
        seen = confirming.number_of(db=accounts.db, actor=council, team_id=team.id).seen
        confirming.confirm(db=accounts.db, actor=council, team_id=team.id, seen=seen)
    return lee


def _follows(accounts: Accounts, by: Person, name: str, team: str = "") -> tuple[TeamLeft, ...]:
    actor = accounts.actor(by)
    people = {person.name: person for person in teams.colleagues(db=accounts.db, actor=actor)}
    ids = {own.team_name: own.team_id for own in teams.own_teams(db=accounts.db, actor=actor)}
    follows = what_follows(
        db=accounts.db,
        actor=actor,
        principal_id=people[name].principal_id,
        team_id=ids[team] if team else None,
    )
    assert follows.name == name
    return follows.teams


def test_people_of_another_team_are_named_who_confirm_the_new_key(
    accounts: Accounts, sam: Person, lee: Person
) -> None:
    (team,) = _follows(accounts, sam, "Jo Marsh")
    assert (team.name, team.theirs, team.root) == (TRANSITION, True, False)
    assert team.by == WhoConfirms(TRANSITION, confirmers=(Confirmer(SAFEGUARDING, ("Ada Aide",)),))


def test_an_administrator_who_is_in_no_team_reads_the_same_names(
    accounts: Accounts, sam: Person, lee: Person
) -> None:
    head = accounts.colleague(sam, "Hetty Head", administrator=True)
    (team,) = _follows(accounts, head, "Jo Marsh")
    (same,) = _follows(accounts, sam, "Jo Marsh")
    assert not team.theirs
    assert team.by == same.by


def test_whoever_is_in_both_teams_confirms_it_at_once(accounts: Accounts, lee: Person) -> None:
    (team,) = _follows(accounts, lee, "Jo Marsh")
    assert (team.theirs, team.by) == (True, WhoConfirms(TRANSITION, at_once=SAFEGUARDING))


def test_whoever_leaves_both_teams_leaves_it_to_the_council(
    accounts: Accounts, sam: Person, lee: Person
) -> None:
    both = {team.name: team for team in _follows(accounts, sam, "Lee Lead")}
    assert {name: team.theirs for name, team in both.items()} == {TRANSITION: True, SAFEGUARDING: False}
    assert {team.by for team in both.values()} == {WhoConfirms(TRANSITION), WhoConfirms(SAFEGUARDING)}
    (only,) = _follows(accounts, sam, "Lee Lead", SAFEGUARDING)
    assert only == both[SAFEGUARDING]


def test_whoever_left_before_and_still_knows_the_key_counts_too(
    accounts: Accounts, sam: Person, lee: Person
) -> None:
    teams.remove_person(
        db=accounts.db,
        actor=accounts.proven(sam),
        principal_id=accounts.row(lee).id,
        now=accounts.clock.now,
    )
    (team,) = _follows(accounts, sam, "Jo Marsh")
    assert team.by == WhoConfirms(TRANSITION)


def test_whoever_removes_themselves_changes_no_key(accounts: Accounts, lee: Person) -> None:
    assert [team.theirs for team in _follows(accounts, lee, "Lee Lead")] == [False, False]


def test_every_team_compares_a_new_number_of_the_neet_group(accounts: Accounts, cora: Person) -> None:
    accounts.colleague(cora, "Kit Council", "NEET group")
    (team,) = _follows(accounts, cora, "Kit Council")
    assert team.root


def test_only_an_administrator_asks_and_only_of_their_own_people(
    accounts: Accounts, cora: Person, sam: Person, lee: Person
) -> None:
    lees = accounts.row(lee).id
    plain = replace(accounts.actor(sam), administrator=False)
    with pytest.raises(NotAllowed):
        what_follows(db=accounts.db, actor=plain, principal_id=lees)
    for person, team_id in ((cora, None), (lee, uuid4())):
        with pytest.raises(NotFound):
            what_follows(
                db=accounts.db,
                actor=accounts.actor(sam),
                principal_id=accounts.row(person).id,
                team_id=team_id,
            )


def test_a_team_whose_membership_somebody_took_away_stands_there_by_the_log(
    accounts: Accounts, sam: Person, lee: Person
) -> None:
    """Nobody of the team has signed in since they joined, so nobody remembers them."""
    amy = accounts.colleague(sam, "Amy Whit", TRANSITION)
    with accounts.db.write() as session:
        session.execute(delete(Membership).where(Membership.principal_id == accounts.row(amy).id))
    (team,) = _follows(accounts, sam, "Amy Whit")
    assert team.name == TRANSITION
    with accounts.db.write() as session:
        session.execute(delete(Event).where(Event.body.contains(JOINED)))
    assert _follows(accounts, sam, "Amy Whit") == ()
