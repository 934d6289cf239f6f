"""Wrong tries inside a session: counted before they are checked, and few."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, SessionEnded
from transition_exchange.exchange.signing_in import tries
from transition_exchange.exchange.signing_in.sessions import OpenSession, open_session
from transition_exchange.store.models import SignInSession


def opened(accounts: Accounts, person: Person) -> OpenSession:
    with accounts.db.read() as session:
        return open_session(session, cookie=person.cookie, now=accounts.clock.now, stages=("full",))


def row(accounts: Accounts, current: OpenSession) -> SignInSession:
    with accounts.db.read() as session:
        return session.scalars(select(SignInSession).where(SignInSession.id == current.id)).one()


def test_a_try_counts_before_it_is_checked(accounts: Accounts, cora: Person) -> None:
    current = opened(accounts, cora)
    tries.charge(db=accounts.db, current=current, now=accounts.clock.now)
    assert row(accounts, current).failures == 1
    with accounts.db.write() as session:
        tries.clear(session, session_id=current.id)
    assert row(accounts, current).failures == 0


def test_one_try_too_many_wipes_the_session_s_key(accounts: Accounts, cora: Person) -> None:
    current = opened(accounts, cora)
    for _ in range(tries.MOST_OF_A_SESSION):
        tries.charge(db=accounts.db, current=current, now=accounts.clock.now)
    with pytest.raises(SessionEnded):
        tries.charge(db=accounts.db, current=current, now=accounts.clock.now)
    assert row(accounts, current).wrapped_key is None
    with pytest.raises(NotAllowed, match="Sign in again"):
        tries.charge(db=accounts.db, current=current, now=accounts.clock.now)
