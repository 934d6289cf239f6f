"""Only a key that was really offered can be taken."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.actor import Offer
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.renewing import taking


def test_what_was_not_offered_is_not_there(world: World) -> None:
    team = world.school.teams["Transition team"]
    offer = Offer(uuid4(), team.held, uuid4(), "Robin Reed")
    actor = replace(world.senco, offers=(offer,))
    with pytest.raises(NotFound):
        taking.take(db=world.db, actor=actor, offer_id=uuid4())
    assert "secret" not in repr(offer)
