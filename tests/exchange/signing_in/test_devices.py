"""Remembered devices: no code for 14 days, and only for their own person."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.signing_in import devices
from transition_exchange.store.models import RememberedDevice


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


def test_only_a_digest_of_the_cookie_is_stored(accounts: Accounts, cora: Person) -> None:
    principal_id = accounts.row(cora).id
    with accounts.db.write() as session:
        tokens = [
            devices.remember(session, principal_id=principal_id, now=accounts.clock.now) for _ in range(2)
        ]
    assert tokens[0] != tokens[1]
    with accounts.db.read() as session:
        rows = session.execute(select(RememberedDevice.__table__)).mappings().all()
    assert len(rows) == 2
    assert not [row for row in rows for token in tokens if token in str(dict(row))]


@pytest.mark.parametrize("device", [None, "", "nonsense"])
def test_what_is_no_remembered_devices_cookie_is_known_to_nobody(
    accounts: Accounts, cora: Person, device: str | None
) -> None:
    accounts.sign_in(cora, remember=True)
    principal_id = accounts.row(cora).id
    with accounts.db.read() as session:
        assert not devices.is_known(session, principal_id=principal_id, device=device, now=accounts.clock.now)


def test_it_is_known_up_to_its_last_moment_and_to_its_own_person_only(
    accounts: Accounts, cora: Person
) -> None:
    principal_id, now = accounts.row(cora).id, accounts.clock.now
    with accounts.db.write() as session:
        token = devices.remember(session, principal_id=principal_id, now=now)
        end = now + devices.REMEMBERED_FOR
        known = [
            devices.is_known(session, principal_id=who, device=token, now=when)
            for who, when in (
                (principal_id, now),
                (principal_id, end - timedelta(seconds=1)),
                (principal_id, end),
                (uuid4(), now),
            )
        ]
    assert known == [True, True, False, False]
