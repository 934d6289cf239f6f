"""The world of the exchange's tests: a small area on each database."""

from __future__ import annotations

import pytest

from tests.exchange.world import World
from transition_exchange.store.database import Database


@pytest.fixture
def world(db: Database) -> World:
    """A small area with nobody added yet."""
    return World.build(db)
