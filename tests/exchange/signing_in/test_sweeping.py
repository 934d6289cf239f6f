"""Cleaning up: keys of ended sessions at once, the sessions themselves a day later."""

from __future__ import annotations

from sqlalchemy import select

from tests.exchange.people import Accounts, Person, nobody
from transition_exchange.exchange.signing_in import sweeping
from transition_exchange.store.models import AddressSlowdown, SignInSession


def test_sweeping_wipes_the_keys_of_ended_sessions_and_later_the_sessions(
    accounts: Accounts, cora: Person
) -> None:
    accounts.clock.wait(hours=1)
    sweeping.sweep(db=accounts.db, now=accounts.clock.now)
    with accounts.db.read() as session:
        assert [row.wrapped_key for row in session.scalars(select(SignInSession))] == [None]
    accounts.clock.wait(hours=37)
    sweeping.sweep(db=accounts.db, now=accounts.clock.now)
    with accounts.db.read() as session:
        assert session.scalars(select(SignInSession)).all() == []


def test_counts_of_wrong_tries_are_deleted_after_a_day(accounts: Accounts, cora: Person) -> None:
    accounts.refusal(nobody())
    accounts.clock.wait(hours=25)
    sweeping.sweep(db=accounts.db, now=accounts.clock.now)
    with accounts.db.read() as session:
        assert session.scalars(select(AddressSlowdown)).all() == []
