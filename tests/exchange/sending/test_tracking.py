"""What became of a record: its versions, and who has opened and acknowledged which."""

from __future__ import annotations

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.sending.tracking import track


def test_another_school_follows_nothing(world: World) -> None:
    record_id = world.add()
    with pytest.raises(NotFound):
        track(db=world.db, actor=world.other_senco, record_id=record_id)
