"""Guessing is slowed: an account waits and is then locked, an address is delayed and never locked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.people import MEMORY_KIB, PASSPHRASE, Accounts, Person, nobody
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.signing_in import credentials, throttling
from transition_exchange.store import events
from transition_exchange.store.models import AddressSlowdown, Event


def test_failures_slow_an_account_and_then_lock_it_for_a_while(accounts: Accounts, cora: Person) -> None:
    for _ in range(throttling.FREE_TRIES + 1):
        assert "not right" in accounts.refusal(cora, passphrase="wrong")
    assert "Wait 2 seconds" in accounts.refusal(cora)
    for _ in range(throttling.LOCK_AFTER - throttling.FREE_TRIES - 1):
        accounts.clock.wait(seconds=64)
        assert "not right" in accounts.refusal(cora, passphrase="wrong")
    accounts.clock.wait(minutes=14)
    assert "Wait 60 seconds" in accounts.refusal(cora)
    assert accounts.row(cora).locked_until is not None
    accounts.clock.wait(minutes=1)
    accounts.sign_in(cora)
    assert accounts.row(cora).failures == 0


def test_a_lock_is_an_event(accounts: Accounts, cora: Person) -> None:
    for _ in range(throttling.LOCK_AFTER):
        accounts.clock.wait(seconds=64)
        accounts.refusal(cora, passphrase="wrong")
    with accounts.db.read() as session:
        kinds = [events.read(row).kind for row in session.scalars(select(Event))]
    assert kinds.count("account.locked") == 1


def test_a_lock_keeps_no_known_device_out(accounts: Accounts, cora: Person) -> None:
    device = accounts.sign_in(cora, remember=True).device
    for _ in range(throttling.LOCK_AFTER):
        accounts.clock.wait(seconds=64)
        accounts.refusal(cora, passphrase="wrong")
    assert "Wait" in accounts.refusal(cora)
    assert accounts.give_passphrase(cora, device=device).stage == "full"


def test_wrong_codes_count_like_wrong_passphrases(accounts: Accounts, cora: Person) -> None:
    """Knowing the passphrase gives no more tries at codes: giving it again takes nothing back."""
    for _ in range(throttling.FREE_TRIES + 1):
        half = accounts.give_passphrase(cora)
        with pytest.raises(Refused, match="code is not right"):
            accounts.give_code(half, "000000")
    assert "Wait" in accounts.refusal(cora)
    accounts.clock.wait(seconds=3)
    half = accounts.give_passphrase(cora)
    with pytest.raises(Refused, match="code is not right"):
        accounts.give_code(half, "000000")
    with pytest.raises(Refused, match="Wait 4 seconds"):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_an_address_is_slowed_by_moments_and_never_locked(accounts: Accounts, cora: Person) -> None:
    """A college sits behind one address: whoever guesses there delays the others a little."""
    delays: list[float] = []

    def attempt(email: str, passphrase: str) -> None:
        credentials.give_passphrase(
            db=accounts.db,
            email=email,
            passphrase=passphrase,
            address="198.51.100.7",
            now=accounts.clock.now,
            memory_kib=MEMORY_KIB,
            sleep=delays.append,
        )

    for number in range(60):
        with pytest.raises(Refused):
            attempt(f"guess{number}@council.example", "wrong")
    attempt(cora.email, PASSPHRASE)
    assert delays[-1] == throttling.LONGEST_DELAY == max(delays)
    accounts.clock.wait(minutes=16)
    delays.clear()
    attempt(cora.email, PASSPHRASE)
    assert delays == []


def test_addresses_are_kept_as_digests_only(accounts: Accounts, cora: Person) -> None:
    accounts.refusal(nobody(), address="198.51.100.7")
    with accounts.db.read() as session:
        digests = session.scalars(select(AddressSlowdown.address_digest)).all()
    assert digests
    assert all(len(digest) == 64 for digest in digests)
