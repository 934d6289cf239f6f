"""Sending: what was looked at goes out, or nothing."""

from __future__ import annotations

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotReady, Refused
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.exchange.sending.send import send
from transition_exchange.exchange.sending.tracking import track


def _plan(world: World, record_id, owner: str = "transition"):  # type: ignore[no-untyped-def]
    actor = world.senco if owner == "transition" else world.safeguarding_lead
    return plan(db=world.db, actor=actor, record_id=record_id, owner=owner, today=world.today)


def test_a_preference_alone_sends_nothing(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, status="applied")
    planned = _plan(world, record_id)
    assert [each.state for each in planned.providers] == ["status"]
    with pytest.raises(Refused, match="nothing to send"):
        send(db=world.db, actor=world.senco, renderer=world.renderer, record_id=record_id, seen=planned.seen)


def test_nothing_goes_out_that_changed_since_it_was_looked_at(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    planned = _plan(world, record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    with pytest.raises(Refused, match="changed since"):
        send(db=world.db, actor=world.senco, renderer=world.renderer, record_id=record_id, seen=planned.seen)


def test_a_school_whose_own_team_is_not_ready_sends_nothing(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Office", "transition", "safeguarding", ready=False)
    clerk = world.person("clerk", "New School", "Office")
    record_id = world.add(actor=clerk)
    planned = plan(db=world.db, actor=clerk, record_id=record_id)
    assert "second person" in planned.own_problem
    with pytest.raises(NotReady):
        send(db=world.db, actor=clerk, renderer=world.renderer, record_id=record_id, seen=planned.seen)


def test_a_changed_version_goes_to_those_that_hold_one_and_to_nobody_else(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=("Northway College",))
    world.send(record_id)
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"), status="accepted")
    planned = _plan(world, record_id)
    assert {each.name: each.state for each in planned.providers} == {
        "Northway College": "current",
        "Riverside Boxing": "new",
    }
    send(
        db=world.db,
        actor=world.senco,
        renderer=world.renderer,
        record_id=record_id,
        seen=planned.seen,
        providers=[world.places["Riverside Boxing"].id],
        today=world.today,
    )
    tracked = track(db=world.db, actor=world.senco, record_id=record_id)
    assert {each.provider for each in tracked.delivered} == {"Northway College", "Riverside Boxing"}
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    sent = world.send(record_id)
    assert set(sent.providers) == {"Northway College", "Riverside Boxing"}
    tracked = track(db=world.db, actor=world.senco, record_id=record_id)
    assert all(each.number == sent.number for one in tracked.delivered for each in one.current)
