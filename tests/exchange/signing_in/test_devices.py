"""Remembered devices: no code for 14 days, and only for their own person."""

from __future__ import annotations

from tests.exchange.people import Accounts, Person


def test_a_remembered_device_needs_no_code_for_14_days(accounts: Accounts, cora: Person) -> None:
    device = accounts.sign_in(cora, remember=True).device
    assert device is not None
    accounts.clock.wait(days=13)
    assert accounts.give_passphrase(cora, device=device).stage == "full"
    accounts.clock.wait(days=1)
    assert accounts.give_passphrase(cora, device=device).stage == "half"


def test_somebody_else_s_device_counts_for_nothing(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    accounts.clock.wait(minutes=1)
    device = accounts.sign_in(sam, remember=True).device
    assert accounts.give_passphrase(cora, device=device).stage == "half"
