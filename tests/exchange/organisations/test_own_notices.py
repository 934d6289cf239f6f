"""Somebody chooses whether they get their teams' notices themselves."""

from __future__ import annotations

from tests.exchange.world import World
from transition_exchange.exchange.organisations.own_notices import own_notices, set_own_notices


def test_nobody_gets_any_until_they_ask_for_them(world: World) -> None:
    assert own_notices(db=world.db, actor=world.senco) == "none"
    set_own_notices(db=world.db, actor=world.senco, when="daily")
    assert own_notices(db=world.db, actor=world.senco) == "daily"
    assert own_notices(db=world.db, actor=world.safeguarding_lead) == "none"
