"""Only a key that was really offered can be taken."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.actor import Offer
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.renewing import taking


def test_what_was_not_offered_is_not_there(world: World) -> None:
    team = world.school.teams["Transition team"]
    offer = Offer(uuid4(), team.held, uuid4(), "Robin Reed")
    actor = replace(world.senco, offers=(offer,))
    with pytest.raises(NotFound):
        taking.take(db=world.db, actor=actor, offer_id=uuid4(), seen=offer.seen)
    assert "secret" not in repr(offer)


def test_no_other_key_is_taken_than_the_one_on_the_page(world: World) -> None:
    team = world.school.teams["Transition team"]
    offer = Offer(uuid4(), team.held, uuid4(), "Robin Reed")
    actor = replace(world.senco, offers=(offer,))
    with pytest.raises(Refused, match="has changed"):
        taking.take(db=world.db, actor=actor, offer_id=offer.id, seen="0" * 64)


def test_a_key_of_somebody_else_before_it_is_taken_first(world: World) -> None:
    held = world.school.teams["Transition team"].held
    earlier = Offer(uuid4(), held, uuid4(), "Jo Marsh")
    later = Offer(uuid4(), replace(held, version=2), uuid4(), "Robin Reed")
    actor = replace(world.senco, offers=(earlier, later))
    with pytest.raises(Refused, match="earlier"):
        taking.take(db=world.db, actor=actor, offer_id=later.id, seen=later.seen)
