"""The code after the passphrase: right once, from the app or from the backup codes, and only from one's own."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, Refused, SessionEnded
from transition_exchange.exchange.signing_in import sessions, tries
from transition_exchange.store.models import Principal


def test_the_code_completes_it_under_a_new_cookie(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    whole = accounts.give_code(half, cora.app.code_at(accounts.clock.now))
    assert whole.stage == "full"
    assert whole.cookie != half.cookie
    assert sessions.resume(db=accounts.db, cookie=half.cookie, now=accounts.clock.now) is None
    resumed = sessions.resume(db=accounts.db, cookie=whole.cookie, now=accounts.clock.now)
    assert resumed is not None
    assert resumed.actor is not None
    assert resumed.actor.team_for("neet_group") is not None


def test_a_half_session_ends_after_five_minutes(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    accounts.clock.wait(minutes=5)
    with pytest.raises(NotAllowed):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_no_code_works_twice(accounts: Accounts, cora: Person) -> None:
    code = cora.app.code_at(accounts.clock.now)
    accounts.give_code(accounts.give_passphrase(cora), code)
    again = accounts.give_passphrase(cora)
    with pytest.raises(Refused):
        accounts.give_code(again, code)


def test_each_backup_code_works_once(accounts: Accounts, cora: Person) -> None:
    code = cora.backup_codes[0]
    assert accounts.give_code(accounts.give_passphrase(cora), code).stage == "full"
    again = accounts.give_passphrase(cora)
    with pytest.raises(Refused):
        accounts.give_code(again, code)
    assert accounts.give_code(again, cora.backup_codes[1]).stage == "full"


def test_too_many_wrong_codes_end_the_half_session(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    for _ in range(tries.MOST_OF_A_SESSION):
        accounts.clock.wait(seconds=10)
        with pytest.raises(Refused, match="code is not right"):
            accounts.give_code(half, "000000")
    with pytest.raises(SessionEnded):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))
    with pytest.raises(NotAllowed):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_a_wrong_code_is_logged_by_the_person_s_id_alone(
    accounts: Accounts, cora: Person, caplog: pytest.LogCaptureFixture
) -> None:
    half = accounts.give_passphrase(cora)
    with pytest.raises(Refused):
        accounts.give_code(half, "000000")
    assert [record.getMessage() for record in caplog.records] == [
        f"event=sign_in.refused reason=wrong_code route=- principal={accounts.row(cora).id} organisation=-"
    ]


def test_a_second_factor_put_into_the_database_by_somebody_else_is_refused(
    accounts: Accounts, cora: Person
) -> None:
    sam = accounts.school(cora)
    accounts.clock.wait(minutes=1)
    with accounts.db.write() as session:
        rows = {
            row.email: row
            for row in session.scalars(select(Principal).where(Principal.email.in_([cora.email, sam.email])))
        }
        rows[cora.email].second_factor = rows[sam.email].second_factor
    with pytest.raises(NotAllowed):
        accounts.give_code(accounts.give_passphrase(cora), sam.app.code_at(accounts.clock.now))
