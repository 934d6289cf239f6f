"""Opening a transfer as one of the provider's teams."""

from __future__ import annotations

import pytest

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound


def test_an_untouched_pack_opens(world: World, sent: SentRecord) -> None:
    assert world.open(sent.transfer_id).answers["learner"]["legal_surname"] == "Khan"


def test_another_providers_transfer_looks_like_none(world: World, sent: SentRecord) -> None:
    for missing in (sent.transfer_id, sent.record_id):
        with pytest.raises(NotFound) as caught:
            world.open(missing, world.coach)
        assert caught.value.message == NotFound().message
