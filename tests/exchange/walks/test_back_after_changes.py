"""Somebody who was away while the council's key changed, and their team's name and key, gets back in by ordinary steps.

Their team's key before is not the newest, so they have no open team until they have taken the new one.
"""

from __future__ import annotations

import pytest

from tests.exchange.claims import OFFICE
from tests.exchange.people import Accounts, Person
from tests.exchange.planted import bundle_of, join_as_told
from tests.exchange.walks.changes_of_keys import NEW_NAME, Area
from transition_exchange.exchange.errors import NotReady, Refused
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.organisations import second_confirmer, teams
from transition_exchange.exchange.renewing.duties import duties


@pytest.fixture
def area(accounts: Accounts, cora: Person, sam: Person) -> Area:
    return Area.build(accounts, cora, sam)


def _away(area: Area) -> Person:
    """Kim, who has signed in and is away from then on."""
    kim = area.accounts.colleague(area.sam, "Kim Fox", OFFICE)
    area.accounts.sign_in_later(area.sam, kim)
    return kim


def _headline(area: Area, person: Person) -> str:
    return duties(db=area.accounts.db, actor=area.accounts.actor(person)).headline


@pytest.mark.parametrize("required", [False, True], ids=["council alone", "second confirmer"])
@pytest.mark.parametrize("steps", ["crk", "rck", "rkc"])
def test_the_key_waits_for_the_councils_number_and_is_taken_then(
    area: Area, steps: str, required: bool
) -> None:
    if required:
        area.require_second_of_a_college()
    kim = _away(area)
    area.happens(steps)
    area.accounts.sign_in_later(kim)
    offer = area.offer(kim)
    assert (offer.waits_for, offer.team_name) == ("council", OFFICE)
    assert _headline(area, kim) == (
        f"{OFFICE} has a new key, which you do not have yet. Compare the council’s new security number first."
    )
    with pytest.raises(Refused, match="Compare the council’s new number first"):
        area.take(kim)
    area.compare(kim)
    offer = area.offer(kim)
    assert (offer.waits_for, offer.team_name) == (None, NEW_NAME)
    area.accounts.sign_in_later(kim)
    area.take(kim)
    assert area.teams(kim) == [(NEW_NAME, 2, True)]
    assert _headline(area, kim) == ""


def test_a_key_changed_twice_since_waits_and_is_taken_whole(area: Area) -> None:
    kim = _away(area)
    area.happens("crkk")
    area.accounts.sign_in_later(kim)
    assert area.offer(kim).waits_for == "council", (
        "also the last, which names the team as the one before does"
    )
    area.compare(kim)
    area.take(kim)
    assert area.teams(kim) == [(NEW_NAME, 3, True)]


def test_the_key_waits_for_the_decision_about_the_second_confirmer(area: Area) -> None:
    """The council has given it up, and everybody else has accepted that."""
    area.require_second_of_a_college()
    kim = _away(area)
    area.drop_second()
    area.accept(area.sam)
    area.happens("rk")
    area.accounts.sign_in_later(kim)
    assert area.offer(kim).waits_for == "rules"
    with pytest.raises(Refused, match="Decide first whether you accept it"):
        area.take(kim)
    area.accept(kim)
    assert not second_confirmer.standing(db=area.accounts.db, actor=area.accounts.actor(kim)).differs
    assert area.offer(kim).waits_for is None
    area.take(kim)
    assert area.teams(kim) == [(NEW_NAME, 2, True)]
    assert area.accounts.actor(kim).second is None, "and no membership brings back what was given up"


def test_of_both_each_is_named_in_its_turn(area: Area) -> None:
    area.require_second_of_a_college()
    kim = _away(area)
    area.drop_second()
    area.accept(area.sam)
    area.happens("crk")
    area.accounts.sign_in_later(kim)
    assert area.offer(kim).waits_for == "council"
    area.compare(kim)
    assert area.offer(kim).waits_for == "rules"
    area.accept(kim)
    area.take(kim)
    assert area.teams(kim) == [(NEW_NAME, 2, True)]


def test_what_nobody_else_has_confirmed_waits_for_that(area: Area) -> None:
    """The council had given the second confirmer up and names it again, and it has not confirmed the new name yet."""
    area.require_second_of_a_college()
    nia, kim = area.nia, _away(area)
    area.drop_second()
    area.accept(area.sam)
    area.happens("rk")
    assert nia is not None
    area.accounts.sign_in_later(nia)
    area.require_second(nia)
    area.accounts.sign_in_later(kim)
    assert area.offer(kim).waits_for == "confirmation"
    with pytest.raises(Refused, match="not everybody who has to confirm"):
        area.take(kim)
    area.second_all()
    area.take(kim)
    assert area.teams(kim) == [(NEW_NAME, 2, True)]


def test_whoever_is_invited_again_before_comparing_is_told_to_compare_first(area: Area) -> None:
    accounts, kim = area.accounts, _away(area)
    area.happens("crk")
    accounts.sign_in_later(kim)
    (office,) = accounts.actor(area.sam).teams
    bundle = bundle_of(accounts, area.sam, held=[key.for_others() for key in office.held_keys])
    with pytest.raises(NotReady, match="Compare the council’s new number first"):
        join_as_told(accounts, area.sam, kim, bundle, office=NEW_NAME)
    area.compare(kim)
    join_as_told(accounts, area.sam, kim, bundle, office=NEW_NAME)
    assert area.teams(kim) == [(NEW_NAME, 2, True)]


def test_whoever_was_removed_and_is_invited_again_has_the_team_once_they_have_compared(area: Area) -> None:
    accounts, kim = area.accounts, _away(area)
    area.happens("crk")
    teams.remove_from_team(
        db=accounts.db,
        actor=accounts.proven(area.sam),
        principal_id=accounts.row(kim).id,
        team_id=area.office_id,
        now=accounts.clock.wait(minutes=1),
    )
    invited = accounts.invite(area.sam, "Kim Fox", NEW_NAME)
    assert invited.spoken_code is not None
    accounts.sign_in_later(kim)
    accepting.join_more(
        db=accounts.db,
        cookie=kim.cookie,
        token=accounts.link(invited.invitation_id),
        spoken_code=invited.spoken_code,
        now=accounts.clock.now,
    )
    actor = accounts.actor(kim)
    assert [team.name for team in actor.set_aside] == [NEW_NAME]
    assert duties(db=accounts.db, actor=actor).aside_for == "council"
    area.compare(kim)
    assert area.teams(kim) == [(NEW_NAME, 2, True)]
