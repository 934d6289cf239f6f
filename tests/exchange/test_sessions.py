"""Sessions: for how long they last, what ends them, and what is kept of a form that came too late."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, NotFound, Tampered
from transition_exchange.exchange.signing_in import late_saves, sessions
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.database import Database
from transition_exchange.store.models import LateSave, Principal, SignInSession

FORM = {"learner.preferred_name": ["Sam"], "sen.needs": ["asd", "slcn"]}


@pytest.fixture
def accounts(db: Database) -> Accounts:
    return Accounts(db)


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


def test_signing_out_ends_it_at_once(accounts: Accounts, cora: Person) -> None:
    sessions.sign_out(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    sessions.sign_out(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    assert stage(accounts, cora.cookie) is None


@pytest.mark.parametrize("cookie", ["", "nonsense", "é", SessionToken(bytes(32)).cookie])
def test_a_cookie_that_is_none_of_ours_is_nobody(accounts: Accounts, cookie: str) -> None:
    assert stage(accounts, cookie) is None
    sessions.sign_out(db=accounts.db, cookie=cookie)


def test_neither_the_cookie_nor_the_key_lies_in_the_database(accounts: Accounts, cora: Person) -> None:
    with accounts.db.read() as session:
        row = session.scalars(select(SignInSession).where(SignInSession.stage == "full")).one()
    assert cora.cookie not in row.id
    assert row.wrapped_key is not None
    with accounts.db.read() as session:
        current = sessions.open_session(session, cookie=cora.cookie, now=accounts.clock.now, stages=("full",))
    assert current.pair.seed not in row.wrapped_key


def test_sweeping_wipes_the_keys_of_ended_sessions_and_later_the_sessions(
    accounts: Accounts, cora: Person
) -> None:
    accounts.clock.wait(hours=1)
    sessions.sweep(db=accounts.db, now=accounts.clock.now)
    with accounts.db.read() as session:
        assert [row.wrapped_key for row in session.scalars(select(SignInSession))] == [None]
    accounts.clock.wait(hours=37)
    sessions.sweep(db=accounts.db, now=accounts.clock.now)
    with accounts.db.read() as session:
        assert session.scalars(select(SignInSession)).all() == []


def keep(accounts: Accounts, cookie: str) -> bool:
    return late_saves.keep(
        db=accounts.db, cookie=cookie, path="/learners/1/support", form=FORM, now=accounts.clock.now
    )


def test_what_came_too_late_is_offered_after_the_next_sign_in(accounts: Accounts, cora: Person) -> None:
    late = cora.cookie
    accounts.clock.wait(minutes=45)
    assert keep(accounts, late)
    accounts.sign_in(cora)
    (waiting,) = late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now)
    opened = late_saves.open_late_save(
        db=accounts.db, cookie=cora.cookie, late_save_id=waiting.id, now=accounts.clock.now
    )
    assert (opened.path, opened.form) == ("/learners/1/support", FORM)
    late_saves.drop(db=accounts.db, actor=accounts.actor(cora), late_save_id=waiting.id)
    assert late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now) == ()


def test_what_came_too_late_is_sealed(accounts: Accounts, cora: Person) -> None:
    accounts.clock.wait(minutes=45)
    keep(accounts, cora.cookie)
    with accounts.db.read() as session:
        row = session.scalars(select(LateSave)).one()
    assert b"Sam" not in row.sealed
    assert b"preferred" not in row.sealed


def test_what_came_too_late_is_gone_after_a_day(accounts: Accounts, cora: Person) -> None:
    accounts.clock.wait(minutes=45)
    keep(accounts, cora.cookie)
    accounts.clock.wait(hours=24)
    accounts.sign_in(cora)
    assert late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now) == ()
    sessions.sweep(db=accounts.db, now=accounts.clock.now)
    with accounts.db.read() as session:
        assert session.scalars(select(LateSave)).all() == []


def test_nobody_else_opens_what_came_too_late(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    late = cora.cookie
    accounts.clock.wait(minutes=45)
    keep(accounts, late)
    accounts.sign_in(sam)
    with accounts.db.read() as session:
        row = session.scalars(select(LateSave)).one()
    for id in (row.id, uuid4()):
        with pytest.raises(NotFound):
            late_saves.open_late_save(
                db=accounts.db, cookie=sam.cookie, late_save_id=id, now=accounts.clock.now
            )
    late_saves.drop(db=accounts.db, actor=accounts.actor(sam), late_save_id=row.id)
    accounts.sign_in(cora)
    assert late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now)


def test_where_a_late_save_was_sent_and_how_long_it_is_stand_in_no_column(
    accounts: Accounts, cora: Person
) -> None:
    """A thief would learn on which page of which learner's form there was something to write."""
    accounts.clock.wait(minutes=45)
    path = "/learners/1/pages/ehc-plan?from=zebrafinch"
    for form in ({"short": ["x"]}, {"short": ["x" * 200]}):
        assert late_saves.keep(
            db=accounts.db, cookie=cora.cookie, path=path, form=form, now=accounts.clock.now
        )
    with accounts.db.read() as session:
        rows = session.execute(select(LateSave.__table__)).mappings().all()
    assert not [value for row in rows for value in row.values() if "ehc-plan" in str(value)]
    assert len({len(row["sealed"]) for row in rows}) == 1


def test_one_late_save_cannot_stand_in_for_another(accounts: Accounts, cora: Person) -> None:
    accounts.clock.wait(minutes=45)
    keep(accounts, cora.cookie)
    keep(accounts, cora.cookie)
    with accounts.db.write() as session:
        one, other = session.scalars(select(LateSave))
        one.sealed = other.sealed
        swapped = one.id
    accounts.sign_in(cora)
    with pytest.raises(Tampered):
        late_saves.open_late_save(
            db=accounts.db, cookie=cora.cookie, late_save_id=swapped, now=accounts.clock.now
        )


def test_nothing_is_kept_for_whoever_signed_out_or_was_never_in(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    sessions.sign_out(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    for cookie in (cora.cookie, half.cookie, SessionToken.new().cookie, "nonsense"):
        assert not keep(accounts, cookie)


def test_no_more_is_kept_than_a_person_could_have_typed(accounts: Accounts, cora: Person) -> None:
    large = {"field": ["x" * late_saves.LARGEST]}
    assert not late_saves.keep(
        db=accounts.db, cookie=cora.cookie, path="/", form=large, now=accounts.clock.now
    )
    kept = [keep(accounts, cora.cookie) for _ in range(late_saves.MOST_OF_ONE_PERSON + 1)]
    assert kept == [True] * late_saves.MOST_OF_ONE_PERSON + [False]


def test_a_removed_person_s_session_ends_at_the_next_request(accounts: Accounts, cora: Person) -> None:
    with accounts.db.write() as session:
        session.scalars(select(Principal)).one().removed_at = accounts.clock.now
    assert stage(accounts, cora.cookie) is None
    with accounts.db.read() as session, pytest.raises(NotAllowed):
        sessions.open_session(session, cookie=cora.cookie, now=accounts.clock.now, stages=("full",))
