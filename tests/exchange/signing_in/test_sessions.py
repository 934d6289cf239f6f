"""Sessions: how long they last, and what ends them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.signing_in import ending, sessions
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.models import Principal, SignInSession


@pytest.fixture
def cora(accounts: Accounts) -> Person:
    return accounts.found()


def stage(accounts: Accounts, cookie: str) -> str | None:
    resumed = sessions.resume(db=accounts.db, cookie=cookie, now=accounts.clock.now)
    return resumed.stage if resumed else None


def test_a_session_ends_after_half_an_hour_without_a_request(accounts: Accounts, cora: Person) -> None:
    for _ in range(3):
        accounts.clock.wait(minutes=29)
        assert stage(accounts, cora.cookie) == "full"
    accounts.clock.wait(minutes=31)
    assert stage(accounts, cora.cookie) is None


def test_a_session_ends_after_twelve_hours_whatever_happens(accounts: Accounts, cora: Person) -> None:
    for _ in range(36):
        accounts.clock.wait(minutes=19.9)
        assert stage(accounts, cora.cookie) == "full"
    accounts.clock.wait(minutes=5)
    assert stage(accounts, cora.cookie) is None


def test_a_page_can_tell_when_the_session_will_end(accounts: Accounts, cora: Person) -> None:
    began = accounts.clock.now
    now = accounts.clock.wait(minutes=10)
    resumed = sessions.resume(db=accounts.db, cookie=cora.cookie, now=now)
    assert resumed is not None
    assert resumed.ends_at == now + sessions.IDLE
    assert resumed.ends_at_latest == began + sessions.LONGEST


@pytest.mark.parametrize("cookie", ["", "nonsense", "é", SessionToken(bytes(32)).cookie])
def test_a_cookie_that_is_none_of_ours_is_nobody(accounts: Accounts, cookie: str) -> None:
    assert stage(accounts, cookie) is None
    ending.sign_out(db=accounts.db, cookie=cookie)


def test_neither_the_cookie_nor_the_key_lies_in_the_database(accounts: Accounts, cora: Person) -> None:
    with accounts.db.read() as session:
        row = session.scalars(select(SignInSession).where(SignInSession.stage == "full")).one()
    assert cora.cookie not in row.id
    assert row.wrapped_key is not None
    with accounts.db.read() as session:
        current = sessions.open_session(session, cookie=cora.cookie, now=accounts.clock.now, stages=("full",))
    assert current.pair.seed not in row.wrapped_key


def test_a_removed_person_s_session_ends_at_the_next_request(accounts: Accounts, cora: Person) -> None:
    with accounts.db.write() as session:
        session.scalars(select(Principal)).one().removed_at = accounts.clock.now
    assert stage(accounts, cora.cookie) is None
    with accounts.db.read() as session, pytest.raises(NotAllowed):
        sessions.open_session(session, cookie=cora.cookie, now=accounts.clock.now, stages=("full",))


@pytest.mark.parametrize("columns", [("last_seen_at",), ("created_at",), ("created_at", "last_seen_at")])
@pytest.mark.parametrize("ahead", [timedelta(days=26_000), timedelta(hours=6)])
def test_no_row_makes_a_session_last_longer(
    accounts: Accounts, cora: Person, columns: tuple[str, ...], ahead: timedelta
) -> None:
    with accounts.db.write() as session:
        row = session.scalars(select(SignInSession)).one()
        for column in columns:
            setattr(row, column, accounts.clock.now + ahead)
    assert stage(accounts, cora.cookie) is None
    accounts.clock.wait(hours=13)
    assert stage(accounts, cora.cookie) is None


def test_what_was_proven_in_the_future_proves_nothing(accounts: Accounts, cora: Person) -> None:
    with accounts.db.write() as session:
        row = session.scalars(select(SignInSession)).one()
        row.proven_at, row.proven_by = accounts.clock.now + timedelta(days=9), "code"
    assert accounts.actor(cora).proven_until is None


def test_a_session_does_not_begin_anew_by_its_row(accounts: Accounts, cora: Person) -> None:
    accounts.clock.wait(hours=12, minutes=5)
    with accounts.db.write() as session:
        row = session.scalars(select(SignInSession)).one()
        row.created_at = row.last_seen_at = accounts.clock.now
    assert stage(accounts, cora.cookie) is None
