"""Setting up the authenticator app, and changing to another."""

from __future__ import annotations

import pytest

from tests.exchange.chains import kinds_of
from tests.exchange.people import Accounts, Person, app_of
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.signing_in import second_factor, sessions


def test_a_passphrase_right_once_works_while_the_app_is_not_set_up_yet(
    accounts: Accounts, cora: Person
) -> None:
    """Whoever closed the page before the code comes back to setting up, with the same secret."""
    second_factor.replace(
        db=accounts.db, cookie=cora.cookie, code=cora.app.code_at(accounts.clock.now), now=accounts.clock.now
    )
    half = accounts.give_passphrase(cora)
    assert (half.stage, half.set_up) == ("half", True)
    shown = second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    assert shown == second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    with pytest.raises(NotAllowed):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_once_set_up_the_second_factor_cannot_be_set_up_again_with_the_passphrase_alone(
    accounts: Accounts, cora: Person
) -> None:
    half = accounts.give_passphrase(cora)
    with pytest.raises(NotAllowed):
        second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    with pytest.raises(NotAllowed):
        second_factor.replace(
            db=accounts.db, cookie=half.cookie, code=cora.backup_codes[0], now=accounts.clock.now
        )


def test_a_new_telephone_is_set_up_with_a_code_from_the_old_one(accounts: Accounts, cora: Person) -> None:
    with pytest.raises(Refused):
        second_factor.replace(db=accounts.db, cookie=cora.cookie, code="000000", now=accounts.clock.now)
    second_factor.replace(
        db=accounts.db, cookie=cora.cookie, code=cora.backup_codes[3], now=accounts.clock.now
    )
    shown = second_factor.begin(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    assert shown.backup_codes != cora.backup_codes
    new = app_of(shown.uri)
    for wrong in ("000000", cora.app.code_at(accounts.clock.now)):
        with pytest.raises(Refused):
            second_factor.confirm(db=accounts.db, cookie=cora.cookie, code=wrong, now=accounts.clock.now)
    whole = second_factor.confirm(
        db=accounts.db,
        cookie=cora.cookie,
        code=new.code_at(accounts.clock.now),
        now=accounts.clock.now,
    )
    accounts.clock.wait(minutes=1)
    half = accounts.give_passphrase(cora)
    with pytest.raises(Refused):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))
    assert accounts.give_code(half, new.code_at(accounts.clock.now)).cookie != whole.cookie


def test_what_is_set_up_is_shown_as_a_code_and_to_type(accounts: Accounts) -> None:
    invited = accounts.invite(accounts.school(accounts.found()), "Alex Aide", "SEND and transition")
    half = accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code or "")
    shown = second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    assert shown.uri.startswith("otpauth://totp/")
    assert app_of(shown.uri).typed == shown.typed
    assert len(set(shown.backup_codes)) == 10
    assert not any(code in repr(shown) for code in shown.backup_codes)


def test_there_is_nothing_to_confirm_nor_to_replace_before_it_was_begun(accounts: Accounts) -> None:
    invited = accounts.invite(accounts.school(accounts.found()), "Alex Aide", "SEND and transition")
    half = accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code or "")
    with pytest.raises(NotAllowed):
        second_factor.confirm(db=accounts.db, cookie=half.cookie, code="000000", now=accounts.clock.now)
    with pytest.raises(NotAllowed):
        second_factor.replace(db=accounts.db, cookie=half.cookie, code="000000", now=accounts.clock.now)


def test_changing_the_app_ends_every_other_session_and_forgets_the_devices(
    accounts: Accounts, cora: Person
) -> None:
    device = accounts.sign_in(cora, remember=True).device
    accounts.clock.wait(minutes=1)
    other = accounts.give_code(accounts.give_passphrase(cora), cora.app.code_at(accounts.clock.now))
    second_factor.replace(
        db=accounts.db, cookie=cora.cookie, code=cora.backup_codes[0], now=accounts.clock.now
    )
    assert sessions.resume(db=accounts.db, cookie=other.cookie, now=accounts.clock.now) is None
    assert sessions.resume(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now) is not None
    assert accounts.give_passphrase(cora, device=device).stage == "half"
    assert kinds_of(accounts.db, accounts.actor(cora).organisation_id)[-1] == "second_factor.replaced"
