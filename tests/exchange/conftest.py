"""What the exchange's tests begin with, on each database: a small area, or people who join one."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.exchange.built_accounts import BuiltAccounts
from tests.exchange.built_world import BuiltWorld
from tests.exchange.people import Accounts, Person
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.queries import asking
from transition_exchange.store.database import Database


@pytest.fixture
def world(db: Database, built_world: BuiltWorld) -> World:
    """A small area with nobody added yet."""
    return built_world.copied_to(db)


@pytest.fixture
def sent(world: World) -> SentRecord:
    """A complete record, sent to the college."""
    return world.sent()


@pytest.fixture
def query_id(world: World, sent: SentRecord) -> UUID:
    """A question that the college's learning support team asked about a section of that record."""
    return asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        text="What helps?",
        section="contacts",
    )


@pytest.fixture
def accounts(db: Database, built_accounts: BuiltAccounts) -> Accounts:
    """People join and sign in as anybody does."""
    return built_accounts.copied_to(db)


@pytest.fixture
def cora(accounts: Accounts) -> Person:
    """The council's first administrator, who has just joined."""
    return accounts.found()


@pytest.fixture
def sam(accounts: Accounts, cora: Person) -> Person:
    """The first administrator of a school."""
    return accounts.school(cora)
