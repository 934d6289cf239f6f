"""Giving the passphrase or a code again: in this session, for ten minutes, and with few wrong tries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.exchange.chains import kinds_of
from tests.exchange.people import PASSPHRASE, Accounts, Person
from tests.sealing.few_places import few_places
from transition_exchange.exchange.errors import Busy, NotAllowed, ProofNeeded, Refused, SessionEnded
from transition_exchange.exchange.signing_in import sessions, step_up, tries
from transition_exchange.store.models import SignInSession


@pytest.fixture
def cora(accounts: Accounts) -> Person:
    """Somebody who has signed in again after joining, a minute ago."""
    person = accounts.found()
    accounts.clock.wait(minutes=1)
    accounts.sign_in(person)
    accounts.clock.wait(minutes=1)
    return person


def give(accounts: Accounts, person: Person, proof: str, *, by_code: bool = False) -> None:
    person.cookie = step_up.give_again(
        db=accounts.db, cookie=person.cookie, proof=proof, by_code=by_code, now=accounts.clock.now
    )


def require(accounts: Accounts, person: Person, *, by_code: bool = False) -> None:
    """Ask as the actions do, by the actor and by the session."""
    now = accounts.clock.now
    with accounts.db.read() as session:
        current = sessions.open_session(session, cookie=person.cookie, now=now, stages=("full",))
    current.require_proof(now, by_code=by_code)
    accounts.actor(person).require_proof(now)


def test_signing_in_does_not_count_and_joining_does(accounts: Accounts, cora: Person) -> None:
    with pytest.raises(ProofNeeded):
        require(accounts, cora)
    with pytest.raises(ProofNeeded):
        accounts.actor(cora).require_proof(accounts.clock.now)
    require(accounts, accounts.school(cora), by_code=True)


@pytest.mark.parametrize("by", ["passphrase", "code"])
def test_either_counts_for_ten_minutes_in_this_session_only(
    accounts: Accounts, cora: Person, by: str
) -> None:
    other = accounts.give_code(accounts.give_passphrase(cora), cora.backup_codes[0])
    give(accounts, cora, PASSPHRASE if by == "passphrase" else cora.app.code_at(accounts.clock.now))
    require(accounts, cora)
    accounts.clock.wait(minutes=9, seconds=59)
    require(accounts, cora)
    cora.cookie, mine = other.cookie, cora.cookie
    with pytest.raises(ProofNeeded):
        require(accounts, cora)
    cora.cookie = mine
    accounts.clock.wait(seconds=1)
    with pytest.raises(ProofNeeded):
        require(accounts, cora)
    assert "session.confirmed" in kinds_of(accounts.db, accounts.row(cora).organisation_id)


def test_a_passphrase_does_not_count_where_a_code_is_asked_for(accounts: Accounts, cora: Person) -> None:
    give(accounts, cora, PASSPHRASE)
    with pytest.raises(ProofNeeded):
        require(accounts, cora, by_code=True)
    with pytest.raises(Refused):
        give(accounts, cora, PASSPHRASE, by_code=True)
    give(accounts, cora, cora.backup_codes[0], by_code=True)
    require(accounts, cora, by_code=True)
    with pytest.raises(Refused):
        give(accounts, cora, cora.backup_codes[0], by_code=True)


def test_no_code_works_twice(accounts: Accounts, cora: Person) -> None:
    code = cora.app.code_at(accounts.clock.now)
    give(accounts, cora, code)
    with pytest.raises(Refused):
        give(accounts, cora, code)


def test_the_session_goes_on_under_a_new_cookie_and_ends_when_it_would_have(
    accounts: Accounts, cora: Person
) -> None:
    old = cora.cookie
    before = sessions.resume(db=accounts.db, cookie=old, now=accounts.clock.now)
    accounts.clock.wait(minutes=1)
    give(accounts, cora, PASSPHRASE)
    after = sessions.resume(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    assert before is not None
    assert after is not None
    assert before.ends_at_latest == after.ends_at_latest
    assert sessions.resume(db=accounts.db, cookie=old, now=accounts.clock.now) is None
    with pytest.raises(NotAllowed):
        step_up.give_again(db=accounts.db, cookie=old, proof=PASSPHRASE, now=accounts.clock.now)


def test_no_session_gets_longer_by_a_row_that_changes_while_the_passphrase_is_checked(
    accounts: Accounts, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trigger in the database could do it when the try is counted."""
    began = accounts.clock.now

    def right_and_changed(**what: Any) -> bool:
        with accounts.db.write() as session:
            session.execute(update(SignInSession).values(created_at=accounts.clock.now))
        return True

    accounts.clock.wait(minutes=20)
    monkeypatch.setattr(tries, "right_passphrase", right_and_changed)
    with pytest.raises(NotAllowed, match="Your session has ended"):
        give(accounts, cora, PASSPHRASE)
    assert sessions.resume(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now) is None
    with accounts.db.write() as session:
        session.execute(update(SignInSession).values(created_at=began - timedelta(minutes=1)))
    resumed = sessions.resume(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    assert resumed is not None, "put right, it goes on"
    assert resumed.ends_at_latest == began - timedelta(minutes=1) + sessions.LONGEST


def test_too_many_wrong_tries_end_the_session_and_a_right_one_starts_the_count_again(
    accounts: Accounts, cora: Person
) -> None:
    for _ in range(2):
        for wrong in ["wrong", "000000", "wrong", "000 000"]:
            with pytest.raises(Refused):
                give(accounts, cora, wrong)
        give(accounts, cora, PASSPHRASE)
    for _ in range(tries.MOST_OF_A_SESSION):
        with pytest.raises(Refused):
            give(accounts, cora, "wrong")
    with pytest.raises(SessionEnded):
        give(accounts, cora, PASSPHRASE)
    assert sessions.resume(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now) is None
    assert accounts.give_passphrase(cora).stage == "half", "the account is not locked by it"


def test_without_an_app_only_the_passphrase_counts(accounts: Accounts) -> None:
    sample = accounts.found(sample=True)
    accounts.clock.wait(minutes=11)
    sample.cookie = accounts.give_passphrase(sample, demo=True).cookie
    assert not step_up.has_second_factor(db=accounts.db, cookie=sample.cookie, now=accounts.clock.now)
    with pytest.raises(Refused):
        give(accounts, sample, "000000")
    with pytest.raises(NotAllowed):
        give(accounts, sample, "000000", by_code=True)
    give(accounts, sample, PASSPHRASE)
    require(accounts, sample)


def test_whoever_is_signed_in_has_a_place_while_strangers_hold_theirs(
    accounts: Accounts, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with few_places(monkeypatch) as places, places.hold(pool="strangers", source="198.51.100.1"):
        give(accounts, cora, PASSPHRASE)
        with places.hold(pool="own", source="somebody else"), pytest.raises(Busy):
            give(accounts, cora, PASSPHRASE)


def test_a_half_session_gives_nothing_again(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    with pytest.raises(NotAllowed):
        step_up.give_again(db=accounts.db, cookie=half.cookie, proof=PASSPHRASE, now=accounts.clock.now)
    assert step_up.has_second_factor(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)


def test_wrong_tries_are_logged_by_the_person_s_id_alone(
    accounts: Accounts, cora: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for wrong in ("harvest copper", "000000"):
        with pytest.raises(Refused):
            give(accounts, cora, wrong)
    person_id = accounts.row(cora).id
    assert [record.getMessage() for record in caplog.records] == [
        f"event=sign_in.refused reason=wrong_passphrase route=- principal={person_id} organisation=-",
        f"event=sign_in.refused reason=wrong_code route=- principal={person_id} organisation=-",
    ]
