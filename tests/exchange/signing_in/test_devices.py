"""Browsers that are known: for 90 days, without a code for 14 if that was asked, and for one person only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.signing_in import devices, sweeping
from transition_exchange.exchange.signing_in.devices import UNKNOWN, Browser
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.store.models import RememberedDevice
from transition_exchange.store.tokens import token_digest

PAIR = KeyPair.generate()


def remember(accounts: Accounts, person_id: UUID, browser: Browser = UNKNOWN) -> Browser:
    """A browser after a full sign-in with it."""
    with accounts.db.write() as session:
        _, cookie = devices.remember(
            session,
            principal_id=person_id,
            pair=PAIR,
            browser=browser,
            no_code=False,
            now=accounts.clock.now,
        )
    return replace(browser, known=cookie)


def is_known(accounts: Accounts, person_id: UUID, browser: Browser) -> bool:
    with accounts.db.read() as session:
        return (
            devices.known(session, principal_id=person_id, browser=browser, now=accounts.clock.now)
            is not None
        )


def test_a_remembered_device_needs_no_code_for_14_days(accounts: Accounts, cora: Person) -> None:
    accounts.sign_in(cora, remember=True)
    accounts.clock.wait(days=13)
    whole = accounts.give_passphrase(cora, browser=cora.browser)
    assert whole.stage == "full"
    accounts.clock.wait(days=1)
    again = accounts.give_passphrase(cora, browser=Browser(known=whole.known or ""))
    assert again.stage == "half", "signing in without a code does not put the next code off"


def test_a_browser_that_is_known_and_not_remembered_needs_a_code(accounts: Accounts, cora: Person) -> None:
    accounts.sign_in(cora)
    assert is_known(accounts, accounts.row(cora).id, cora.browser)
    assert accounts.give_passphrase(cora, browser=cora.browser).stage == "half"


def test_somebody_else_s_device_counts_for_nothing(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    accounts.clock.wait(minutes=1)
    accounts.sign_in(sam, remember=True)
    assert accounts.give_passphrase(cora, browser=sam.browser).stage == "half"
    assert not is_known(accounts, accounts.row(cora).id, sam.browser)


def test_colleagues_who_share_a_browser_are_all_known_in_it_each_by_a_token_of_their_own(
    accounts: Accounts, cora: Person
) -> None:
    """Whoever had the browser before cannot know the token that counts for the next person."""
    sam_id, cora_id = accounts.row(accounts.school(cora)).id, accounts.row(cora).id
    first = remember(accounts, cora_id)
    shared = remember(accounts, sam_id, first)
    assert is_known(accounts, cora_id, shared)
    assert is_known(accounts, sam_id, shared)
    assert not is_known(accounts, sam_id, first)


def test_every_sign_in_makes_a_new_token_and_the_old_one_is_worth_nothing(
    accounts: Accounts, cora: Person
) -> None:
    cora_id = accounts.row(cora).id
    first = remember(accounts, cora_id)
    second = remember(accounts, cora_id, first)
    assert is_known(accounts, cora_id, second)
    assert not is_known(accounts, cora_id, first)
    assert "." not in second.known


def test_a_cookie_holds_a_few_tokens_and_a_person_has_a_few_browsers(
    accounts: Accounts, cora: Person
) -> None:
    cora_id = accounts.row(cora).id
    long = Browser(known=".".join(f"token{number}" for number in range(50)))
    assert len(remember(accounts, cora_id, long).known.split(".")) == devices.MOST_PEOPLE_OF_A_BROWSER
    first = remember(accounts, cora_id)
    for _ in range(devices.MOST_OF_A_PERSON):
        accounts.clock.wait(minutes=1)
        newest = remember(accounts, cora_id)
    with accounts.db.read() as session:
        rows = session.scalars(select(RememberedDevice).where(RememberedDevice.principal_id == cora_id)).all()
    assert len(rows) == devices.MOST_OF_A_PERSON
    assert is_known(accounts, cora_id, newest)
    assert not is_known(accounts, cora_id, first)


def test_only_a_digest_of_the_cookie_is_stored(accounts: Accounts, cora: Person) -> None:
    browser = remember(accounts, accounts.row(cora).id, Browser(words="Firefox on Windows"))
    with accounts.db.read() as session:
        rows = session.execute(select(RememberedDevice.__table__)).mappings().all()
    assert "Firefox on Windows" in str([dict(row) for row in rows])
    assert browser.known not in str([dict(row) for row in rows])
    assert browser.known not in repr(browser)


@pytest.mark.parametrize("cookie", ["", "nonsense", ".", "é", "x" * 100_000])
def test_what_is_no_known_browser_s_cookie_is_known_to_nobody(
    accounts: Accounts, cora: Person, cookie: str
) -> None:
    accounts.sign_in(cora, remember=True)
    assert not is_known(accounts, accounts.row(cora).id, Browser(known=cookie))


def test_it_is_known_up_to_its_last_moment_and_then_deleted(accounts: Accounts, cora: Person) -> None:
    cora_id, now = accounts.row(cora).id, accounts.clock.now
    browser = remember(accounts, cora_id)
    accounts.clock.now = now + devices.KNOWN_FOR - timedelta(seconds=1)
    assert is_known(accounts, cora_id, browser)
    assert not is_known(accounts, uuid4(), browser)
    accounts.clock.now = now + devices.KNOWN_FOR
    assert not is_known(accounts, cora_id, browser)
    sweeping.sweep(db=accounts.db, now=accounts.clock.now)
    with accounts.db.read() as session:
        assert not session.scalars(select(RememberedDevice).where(RememberedDevice.created_at == now)).all()


def test_a_row_alone_spares_nobody_the_code(accounts: Accounts, cora: Person) -> None:
    """Who can write to the database and knows a passphrase makes a browser of their own a remembered one."""
    person_id, token = accounts.row(cora).id, "token-of-a-thief"
    now = accounts.clock.now
    with accounts.db.write() as session:
        session.add(
            RememberedDevice(
                principal_id=person_id,
                token_digest=token_digest(token),
                created_at=now,
                last_used_at=now,
                expires_at=now + devices.KNOWN_FOR,
                no_code_until=now + devices.REMEMBERED_FOR,
            )
        )
    thief = Browser(known=token)
    assert is_known(accounts, person_id, thief)
    assert accounts.give_passphrase(cora, browser=thief).stage == "half"


def test_a_row_that_was_made_to_last_longer_counts_for_nothing(accounts: Accounts, cora: Person) -> None:
    accounts.sign_in(cora, remember=True)
    with accounts.db.write() as session:
        row = session.scalars(
            select(RememberedDevice).where(RememberedDevice.no_code_until.is_not(None))
        ).one()
        row.no_code_until = accounts.clock.now + timedelta(days=13)
    assert accounts.give_passphrase(cora, browser=cora.browser).stage == "half"


def test_a_code_does_not_make_an_inserted_row_a_real_one(accounts: Accounts, cora: Person) -> None:
    accounts.sign_in(cora)
    with accounts.db.write() as session:
        for row in session.scalars(select(RememberedDevice)):
            row.no_code_until = accounts.clock.now + timedelta(days=1)
    accounts.clock.wait(minutes=1)
    accounts.sign_in(cora, browser=cora.browser)
    assert accounts.give_passphrase(cora, browser=cora.browser).stage == "half"
