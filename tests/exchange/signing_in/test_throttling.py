"""Guessing is slowed: an account waits and is then locked, an address waits a little, and nobody sleeps."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.exchange.chains import kinds_of
from tests.exchange.people import MEMORY_KIB, PASSPHRASE, Accounts, Person, nobody
from transition_exchange import security_log
from transition_exchange.exchange.errors import Refused, TooManyTries
from transition_exchange.exchange.signing_in import credentials, throttling
from transition_exchange.store.models import AddressSlowdown


def locked(accounts: Accounts, person: Person) -> None:
    """Strangers guess until the account is locked."""
    for number in range(throttling.LOCK_AFTER):
        accounts.clock.wait(seconds=64)
        accounts.refusal(person, passphrase="wrong", address=f"192.0.2.{number}")


def test_failures_slow_an_account_and_then_lock_it_for_a_while(accounts: Accounts, cora: Person) -> None:
    for _ in range(throttling.FREE_TRIES + 1):
        assert "not right" in accounts.refusal(cora, passphrase="wrong")
    assert "Wait 2 seconds" in accounts.refusal(cora)
    for _ in range(throttling.LOCK_AFTER - throttling.FREE_TRIES - 1):
        accounts.clock.wait(seconds=64)
        assert "not right" in accounts.refusal(cora, passphrase="wrong")
    accounts.clock.wait(minutes=14)
    assert "Wait 60 seconds" in accounts.refusal(cora)
    accounts.clock.wait(minutes=1)
    accounts.sign_in(cora)
    assert accounts.failures(cora) == 0


def test_one_wrong_try_in_15_minutes_keeps_no_lock_up(accounts: Accounts, cora: Person) -> None:
    locked(accounts, cora)
    assert "Wait 15 minutes" in accounts.refusal(cora)
    for _ in range(12):
        accounts.clock.wait(minutes=15)
        assert "not right" in accounts.refusal(cora, passphrase="wrong")
        accounts.clock.wait(seconds=5)
        assert accounts.give_passphrase(cora).stage == "half"
    accounts.clock.wait(minutes=15)
    accounts.sign_in(cora)


def test_a_right_passphrase_without_a_code_forgives_nothing(accounts: Accounts, cora: Person) -> None:
    locked(accounts, cora)
    accounts.clock.wait(minutes=16)
    for _ in range(8):
        accounts.give_passphrase(cora)
    assert accounts.failures(cora) == throttling.LOCK_AFTER // 2


def test_a_wait_says_how_many_seconds_and_nobody_sleeps(
    accounts: Accounts, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = threading.current_thread()
    sleep = time.sleep

    def awake(seconds: float) -> None:
        if threading.current_thread() is mine:  # a library's own thread may sleep
            pytest.fail("somebody sleeps")
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", awake)
    locked(accounts, cora)
    with pytest.raises(TooManyTries) as refused:
        accounts.give_passphrase(cora)
    assert refused.value.retry_after == 15 * 60


def test_a_lock_is_an_event(accounts: Accounts, cora: Person) -> None:
    locked(accounts, cora)
    assert kinds_of(accounts.db, accounts.row(cora).organisation_id).count("account.locked") == 1


def test_strangers_slow_no_known_browser_down_neither_at_the_passphrase_nor_at_the_code(
    accounts: Accounts, cora: Person
) -> None:
    accounts.sign_in(cora)
    locked(accounts, cora)
    assert "Wait" in accounts.refusal(cora)
    half = accounts.give_passphrase(cora, browser=cora.browser)
    assert half.stage == "half", "being known is not being remembered"
    accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_a_known_browser_counts_its_own_failures(accounts: Accounts, cora: Person) -> None:
    """A stolen laptop gives no more tries than any other browser, and locks nobody else out."""
    accounts.sign_in(cora)
    for _ in range(throttling.LOCK_AFTER):
        accounts.clock.wait(seconds=64)
        accounts.refusal(cora, passphrase="wrong", browser=cora.browser)
    assert "Wait 15 minutes" in accounts.refusal(cora, browser=cora.browser)
    assert accounts.failures(cora) == 0
    assert accounts.give_passphrase(cora).stage == "half"


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
    with pytest.raises(TooManyTries, match="Wait 4 seconds"):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_an_address_waits_a_moment_and_is_never_locked(accounts: Accounts, cora: Person) -> None:
    """A college sits behind one address: whoever guesses there shuts the others out for moments only."""

    def attempt(email: str, passphrase: str) -> None:
        credentials.give_passphrase(
            db=accounts.db,
            email=email,
            passphrase=passphrase,
            address="198.51.100.7",
            now=accounts.clock.now,
            memory_kib=MEMORY_KIB,
        )

    for number in range(60):
        accounts.clock.wait(seconds=3)
        with pytest.raises(Refused, match="not right"):
            attempt(f"guess{number}@council.example", "wrong")
    with pytest.raises(TooManyTries) as refused:
        attempt(cora.email, PASSPHRASE)
    assert refused.value.retry_after == throttling.LONGEST_WAIT_OF_AN_ADDRESS.total_seconds()
    accounts.clock.wait(seconds=3)
    attempt(cora.email, PASSPHRASE)
    accounts.clock.wait(minutes=16)
    for number in range(20):
        with pytest.raises(Refused, match="not right"):
            attempt(f"guess{number}@council.example", "wrong")
    attempt(cora.email, PASSPHRASE)


def test_a_known_browser_does_not_wait_for_its_address(accounts: Accounts, cora: Person) -> None:
    accounts.sign_in(cora)
    for number in range(30):
        accounts.clock.wait(seconds=3)
        accounts.refusal(replace(nobody(), email=f"guess{number}@x.example"), address="198.51.100.7")
    assert "Wait" in accounts.refusal(cora, address="198.51.100.7")
    assert accounts.give_passphrase(cora, browser=cora.browser, address="198.51.100.7").stage == "half"


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_network_is_one_source(address: str, source: str) -> None:
    """Whoever has one IPv6 address has 18 quintillion, so single ones are not counted."""
    assert throttling.source_of(address) == source


def test_whoever_copies_the_database_can_guess_neither_address_nor_account(
    accounts: Accounts, cora: Person
) -> None:
    """All IPv4 addresses are tried in minutes. What stands there would tell who signed in from where, and when."""
    accounts.sign_in(cora)
    accounts.refusal(nobody(), address="198.51.100.7")
    with accounts.db.read() as session:
        stored = set(session.scalars(select(AddressSlowdown.address_digest)))
    assert len(stored) >= 4
    guesses = [
        "address 192.0.2.1",
        "address 198.51.100.7",
        f"account {cora.email}",
        f"account {nobody().email}",
    ]
    for guess in guesses:
        assert hashlib.sha256(guess.encode()).hexdigest() not in stored


def test_who_comes_too_early_is_logged_once_a_minute_and_without_their_address(
    accounts: Accounts, cora: Person, caplog: pytest.LogCaptureFixture
) -> None:
    locked(accounts, cora)
    caplog.clear()
    security_log._flood.forget()
    for _ in range(20):
        accounts.refusal(cora, address="192.0.2.77")
    assert caplog.messages == [
        "event=sign_in.refused reason=throttled route=- principal=- organisation=- times=1"
    ]
