"""Setting up the authenticator app, and changing to another."""

from __future__ import annotations

from unittest.mock import ANY

import pytest

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.signing_in import second_factor


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
    with pytest.raises(Refused):
        second_factor.confirm(db=accounts.db, cookie=cora.cookie, code="000000", now=accounts.clock.now)
    assert shown.uri == ANY
