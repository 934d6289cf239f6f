"""Setting up the authenticator app, and changing to another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.exchange.chains import kinds_of
from tests.exchange.people import PASSPHRASE, Accounts, Person, app_of
from transition_exchange.exchange.errors import NotAllowed, ProofNeeded, Refused, Tampered
from transition_exchange.exchange.signing_in import second_factor, sessions, step_up
from transition_exchange.exchange.signing_in.second_factor import SetUp
from transition_exchange.sealing.second_factor import Secret
from transition_exchange.store.models import Principal


def begin_another(accounts: Accounts, person: Person, by: str | None = None) -> SetUp:
    """Begin to set up another app, after giving a code of the present one again."""
    person.cookie = step_up.give_again(
        db=accounts.db,
        cookie=person.cookie,
        proof=by or person.app.code_at(accounts.clock.now),
        by_code=True,
        now=accounts.clock.now,
    )
    second_factor.begin_another(db=accounts.db, cookie=person.cookie, now=accounts.clock.now)
    return second_factor.another(db=accounts.db, cookie=person.cookie, now=accounts.clock.now)


def confirm_another(accounts: Accounts, person: Person, code: str) -> None:
    second_factor.confirm_another(db=accounts.db, cookie=person.cookie, code=code, now=accounts.clock.now)


def test_the_same_secret_is_shown_until_a_code_confirms_it(accounts: Accounts) -> None:
    """Whoever closed the page before the code comes back to setting up."""
    invited = accounts.invite(accounts.school(accounts.found()), "Alex Aide", "SEND and transition")
    accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code or "")
    alex = Person("Alex Aide", "alex@school.example", "", Secret(b""))
    half = accounts.give_passphrase(alex)
    assert (half.stage, half.set_up) == ("half", True)
    shown = second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    assert shown == second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)


def test_once_set_up_the_second_factor_cannot_be_set_up_again_with_the_passphrase_alone(
    accounts: Accounts, cora: Person
) -> None:
    half = accounts.give_passphrase(cora)
    with pytest.raises(NotAllowed):
        second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    with pytest.raises(NotAllowed):
        second_factor.begin_another(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)


def test_another_app_takes_a_code_of_the_present_one_and_no_passphrase(
    accounts: Accounts, cora: Person
) -> None:
    accounts.sign_in(cora)
    with pytest.raises(ProofNeeded) as needed:
        second_factor.begin_another(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    assert needed.value.by_code
    cora.cookie = step_up.give_again(
        db=accounts.db, cookie=cora.cookie, proof=PASSPHRASE, now=accounts.clock.now
    )
    for act in (second_factor.begin_another, second_factor.another):
        with pytest.raises(ProofNeeded):
            act(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    with pytest.raises(ProofNeeded):
        confirm_another(accounts, cora, "000000")


def test_the_present_app_works_until_the_other_one_is_confirmed(accounts: Accounts, cora: Person) -> None:
    shown = begin_another(accounts, cora, by=cora.backup_codes[3])
    assert shown.backup_codes != cora.backup_codes
    assert shown == second_factor.another(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    new = app_of(shown.uri)
    accounts.clock.wait(minutes=1)
    for wrong in ("000000", cora.app.code_at(accounts.clock.now)):
        with pytest.raises(Refused):
            confirm_another(accounts, cora, wrong)
    accounts.give_code(accounts.give_passphrase(cora), cora.app.code_at(accounts.clock.now))
    confirm_another(accounts, cora, new.code_at(accounts.clock.now))
    accounts.clock.wait(minutes=1)
    half = accounts.give_passphrase(cora)
    for old in (cora.app.code_at(accounts.clock.now), cora.backup_codes[0]):
        with pytest.raises(Refused):
            accounts.give_code(half, old)
    assert accounts.give_code(half, new.code_at(accounts.clock.now)).stage == "full"


def test_an_app_that_was_begun_and_never_confirmed_changes_nothing(accounts: Accounts, cora: Person) -> None:
    begin_another(accounts, cora)
    accounts.clock.wait(days=1)
    accounts.sign_in(cora)
    first = begin_another(accounts, cora, by=cora.backup_codes[0])
    again = begin_another(accounts, cora, by=cora.backup_codes[1])
    assert first.uri != again.uri, "whoever begins anew scans anew"


def test_the_secret_of_another_app_works_nowhere_else(accounts: Accounts, cora: Person) -> None:
    """A writer who makes the unconfirmed secret the present one locks the person out, and lets nobody in."""
    begin_another(accounts, cora)
    with accounts.db.write() as session:
        row = session.scalars(select(Principal)).one()
        row.second_factor = row.second_factor_next
    half = accounts.give_passphrase(cora)
    with pytest.raises(NotAllowed):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_what_is_set_up_is_shown_as_a_code_and_to_type(accounts: Accounts) -> None:
    invited = accounts.invite(accounts.school(accounts.found()), "Alex Aide", "SEND and transition")
    half = accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code or "")
    shown = second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    assert shown.uri.startswith("otpauth://totp/")
    assert app_of(shown.uri).typed == shown.typed
    assert len(set(shown.backup_codes)) == 10
    assert not any(code in repr(shown) for code in shown.backup_codes)


def test_there_is_nothing_to_confirm_before_it_was_begun(accounts: Accounts) -> None:
    cora = accounts.found()
    invited = accounts.invite(accounts.school(cora), "Alex Aide", "SEND and transition")
    half = accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code or "")
    with pytest.raises(NotAllowed):
        second_factor.confirm(db=accounts.db, cookie=half.cookie, code="000000", now=accounts.clock.now)
    for act in (second_factor.another, second_factor.begin_another):
        with pytest.raises(NotAllowed):
            act(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    with pytest.raises(NotAllowed, match="no other app"):
        second_factor.another(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)


def test_changing_the_app_ends_every_other_session_and_forgets_the_browsers(
    accounts: Accounts, cora: Person
) -> None:
    accounts.sign_in(cora, remember=True)
    accounts.clock.wait(minutes=1)
    other = accounts.give_code(accounts.give_passphrase(cora), cora.app.code_at(accounts.clock.now))
    shown = begin_another(accounts, cora, by=cora.backup_codes[0])
    assert sessions.resume(db=accounts.db, cookie=other.cookie, now=accounts.clock.now) is not None
    confirm_another(accounts, cora, app_of(shown.uri).code_at(accounts.clock.now))
    assert sessions.resume(db=accounts.db, cookie=other.cookie, now=accounts.clock.now) is None
    assert sessions.resume(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now) is not None
    assert accounts.give_passphrase(cora, browser=replace(cora.browser, session="")).stage == "half"
    assert kinds_of(accounts.db, accounts.actor(cora).organisation_id)[-1] == "second_factor.replaced"


@pytest.mark.parametrize(
    "emptied", [("second_factor_confirmed_at",), ("second_factor_confirmed_at", "second_factor")]
)
def test_nobody_sets_up_a_second_factor_in_the_place_of_one_that_was_emptied(
    accounts: Accounts, emptied: tuple[str, ...]
) -> None:
    """With a stolen passphrase and write access somebody would have an app of their own at the account."""
    cora = accounts.found()
    accounts.clock.wait(minutes=1)
    with accounts.db.write() as session:
        row = session.get_one(Principal, accounts.row(cora).id)
        for column in emptied:
            setattr(row, column, None)
    half = accounts.give_passphrase(cora)
    now = accounts.clock.now
    with pytest.raises(Tampered):
        second_factor.begin(db=accounts.db, cookie=half.cookie, now=now)
    with pytest.raises((Tampered, NotAllowed)):
        second_factor.confirm(db=accounts.db, cookie=half.cookie, code=cora.app.code_at(now), now=now)
