"""People whose keys or teams wait for something else that they have to do first."""

from __future__ import annotations

from datetime import timedelta

from tests.exchange.claims import OFFICE
from tests.exchange.people import Accounts, Clock, Person
from tests.exchange.walks.changes_of_keys import Area
from transition_exchange.exchange.joining import accepting
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database


def area_on(db: Database) -> Area:
    """An area that began an hour ago, so that whoever signs in last is signed in now."""
    accounts = Accounts(db, Clock(utc_now() - timedelta(minutes=60)))
    cora = accounts.found()
    return Area.build(accounts, cora, accounts.school(cora))


def is_here(area: Area, person: Person) -> None:
    """Somebody signs in now."""
    area.accounts.clock.now = utc_now()
    area.accounts.sign_in(person)


def away(area: Area) -> Person:
    """Kim of the office, who has signed in and is away from then on."""
    kim = area.accounts.colleague(area.sam, "Kim Fox", OFFICE)
    area.accounts.sign_in_later(area.sam, kim)
    return kim


def administrator(area: Area) -> Person:
    """Adi, who is in no team."""
    adi = area.accounts.colleague(area.sam, "Adi Admin", administrator=True)
    area.accounts.sign_in_later(adi)
    return adi


def join_office(area: Area, person: Person, name: str = OFFICE) -> None:
    """Somebody who has an account types the five words of an invitation into the office."""
    accounts = area.accounts
    invited = accounts.invite(area.sam, person.name, name)
    accepting.join_more(
        db=accounts.db,
        cookie=person.cookie,
        token=accounts.link(invited.invitation_id),
        spoken_code=invited.spoken_code or "",
        now=accounts.clock.now,
    )
