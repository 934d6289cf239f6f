"""Somebody who has left a team keeps its secret, every part key and a copy of the database, and can write to it.

They read nothing that is written after the team's key was changed, and receive no later pack.
"""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.exchange.walks.leaving import EVERYBODY, OFFICE, Area, Former
from transition_exchange.store.database import Database

WORK = ["save", "send", "write", "release", "add", "open", "ask", "answer"]


@pytest.fixture
def area(db: Database) -> Area:
    return Area.build(db)


@pytest.fixture
def record_id(area: Area) -> UUID:
    """A learner who was sent to the college before anybody left."""
    record_id = area.world.add()
    area.world.fill(record_id)
    assert area.work(record_id) == WORK
    return record_id


def test_they_open_nothing_that_is_made_after_the_change(area: Area, record_id: UUID) -> None:
    area.world.attach(record_id)
    jo, kit = area.leave("jo", by="lee"), area.leave("kit", by="nia")
    assert not jo.opens()
    assert area.work(record_id) == WORK
    assert jo.opens(), "until the key is changed"
    assert kit.opens()
    area.change("lee", OFFICE)
    area.change("nia", EVERYBODY)
    area.confirm(area.team("nia", EVERYBODY))
    area.take("sam", "robin", "ned")
    jo, kit = Former.of(area, jo.actor), Former.of(area, kit.actor)
    area.sign_in()
    assert area.work(record_id) == WORK
    assert not jo.opens()
    assert not kit.opens()
    area.world.attach(record_id)
    area.carry_on("sam", "nia")
    assert not jo.opens()
    assert not kit.opens()
    area.sign_in()
    assert area.work(record_id) == WORK
    area.world.attach(record_id)
    assert not jo.opens()
    assert not kit.opens()
