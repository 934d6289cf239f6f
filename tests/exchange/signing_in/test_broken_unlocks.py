"""A damaged unlock is called damaged, but never to somebody who may be guessing addresses."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts, Person, nobody
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.signing_in import step_up
from transition_exchange.exchange.signing_in.broken_unlocks import BROKEN_UNLOCK
from transition_exchange.sealing.encoding import to_base64
from transition_exchange.store.models import Unlock

LONG = (
    f'{{"format":1,"iterations":64,"kdf":"argon2id","lanes":1,"memory_kib":262144,'
    f'"salt":"{to_base64(bytes(16))}","sealed":"{to_base64(bytes(61))}"}}'
)
"""One that would hold a page for a quarter of a minute."""


@pytest.fixture(params=["", "{}", '{"format":2}', "[1]", LONG])
def broken(request: pytest.FixtureRequest, accounts: Accounts, cora: Person) -> Person:
    """Somebody whose passphrase is right, and whose stored key is damaged."""
    accounts.sign_in(cora)
    with accounts.db.write() as session:
        for unlock in session.scalars(select(Unlock)):
            unlock.wrapped = request.param
    return cora


def test_a_stranger_learns_nothing_from_it(accounts: Accounts, broken: Person) -> None:
    unknown, known = accounts.refusal(nobody()), accounts.refusal(broken)
    assert unknown == known
    assert "tell your administrator" in known


def test_on_a_browser_that_is_known_it_says_what_is_wrong(accounts: Accounts, broken: Person) -> None:
    assert accounts.refusal(broken, browser=broken.browser) == BROKEN_UNLOCK


def test_who_is_signed_in_is_told_too(accounts: Accounts, broken: Person) -> None:
    with pytest.raises(Refused) as refused:
        step_up.give_again(
            db=accounts.db,
            cookie=broken.cookie,
            proof="a passphrase that is right",
            by_code=False,
            now=accounts.clock.now,
            memory_kib=64,
        )
    assert refused.value.message == BROKEN_UNLOCK
