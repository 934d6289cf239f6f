"""A record that was sent to the college."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.store.models import Transfer


@pytest.fixture
def record_id(world: World) -> UUID:
    """A learner whose record was sent to the college."""
    found = world.add("Amina", "Khan")
    world.fill(found)
    world.send(found)
    return found


@pytest.fixture
def transfer_id(world: World, record_id: UUID) -> UUID:
    with world.db.read() as session:
        return session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)).one()
