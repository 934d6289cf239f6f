"""A question that the college's learning support team asked."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.queries import asking


@pytest.fixture
def query_id(world: World, sent: SentRecord) -> UUID:
    """A question about a section of the record that was sent."""
    return asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        text="What helps?",
        section="contacts",
    )
