"""Receipts: new, changed, opened, acknowledged, for each team on its own."""

from __future__ import annotations

from tests.exchange.world import World
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.tracking import track


def test_received_when_the_first_team_opens_it_acknowledged_when_every_team_has(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert sent.state == "sent"
    people = [
        world.college_admissions,
        world.college_support,
        world.college_safeguarding,
        world.college_exams,
    ]
    for place, person in enumerate(people, 1):
        open_transfer(db=world.db, actor=person, transfer_id=sent.transfer_id)
        acknowledge(db=world.db, actor=person, transfer_ids=[sent.transfer_id])
        [now] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
        assert now.state == ("acknowledged" if place == len(people) else "received")
    assert {each.acknowledged_by for each in now.current} == {person.name for person in people}
