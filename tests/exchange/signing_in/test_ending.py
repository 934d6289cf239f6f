"""What ends a session: signing out, and signing in again in the same browser."""

from __future__ import annotations

from tests.exchange.people import Accounts, Person
from tests.exchange.signing_in.test_sessions import stage
from transition_exchange.exchange.signing_in import ending
from transition_exchange.exchange.signing_in.devices import Browser


def test_signing_out_ends_it_at_once(accounts: Accounts, cora: Person) -> None:
    ending.sign_out(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    ending.sign_out(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    assert stage(accounts, cora.cookie) is None


def test_signing_in_again_ends_the_earlier_session_of_that_browser(accounts: Accounts, cora: Person) -> None:
    accounts.clock.wait(minutes=1)
    accounts.sign_in(cora)
    accounts.clock.wait(minutes=1)
    first, other = cora.cookie, accounts.give_passphrase(cora).cookie
    half = accounts.give_passphrase(cora, browser=cora.browser)
    assert stage(accounts, first) is None, "the passphrase alone ends it: its cookie is lost"
    code = cora.app.code_at(accounts.clock.now)
    whole = accounts.give_code(half, code, browser=Browser(session=half.cookie))
    assert (stage(accounts, whole.cookie), stage(accounts, half.cookie)) == ("full", None)
    assert stage(accounts, other) == "half", "another browser's session goes on"


def test_a_browser_that_says_nothing_sensible_ends_nothing(accounts: Accounts, cora: Person) -> None:
    accounts.give_passphrase(cora, browser=Browser(session="nonsense"))
    assert stage(accounts, cora.cookie) == "full"
