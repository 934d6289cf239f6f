"""Somebody who joined a minute ago, so that their app shows another code than the one that set it up."""

from __future__ import annotations

import pytest

from tests.exchange.people import Accounts, Person


@pytest.fixture
def cora(accounts: Accounts) -> Person:
    """The council's first administrator, a minute after joining."""
    person = accounts.found()
    accounts.clock.wait(minutes=1)
    return person
