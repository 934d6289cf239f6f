"""A school's list of learners."""

from __future__ import annotations

from tests.exchange.world import World
from transition_exchange.exchange.writing.learner_list import learners


def test_the_list_says_how_much_is_missing_and_who_has_it(world: World) -> None:
    record_id = world.add()
    [row] = learners(db=world.db, actor=world.senco)
    assert row.gaps > 10
    assert row.transfers == ()
    world.fill(record_id)
    world.send(record_id)
    [row] = learners(db=world.db, actor=world.senco)
    assert (row.gaps, row.complete, row.transfers, row.released) == (0, True, ("sent",), 1)
    assert not row.safeguarding_released
