"""A draft is sealed again whole, and never over what somebody saved meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.resealing import Overtaken, reseal


def test_every_part_gets_another_tag_whatever_changed(world: World) -> None:
    record_id = world.add()
    before = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    changed = replace(before, answers={**before.answers, "known_as": {"preferred_name": "Mina"}})
    resealed = reseal(db=world.db, actor=world.senco, draft=changed, now=datetime.now(UTC))
    with world.db.write() as session:
        stored = resealed.store(session)
    after = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert (stored.row_tags, stored.tags, stored.answers) == (after.row_tags, after.tags, after.answers)
    assert all(before.row_tags[name] != tag for name, tag in after.row_tags.items())
    assert [name for name, tag in after.tags.items() if tag != before.tags[name]] == ["known_as"]
    assert "Mina" not in repr(resealed)


def test_what_somebody_saved_meanwhile_stays(world: World) -> None:
    record_id = world.add()
    before = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    resealed = reseal(db=world.db, actor=world.senco, draft=before, now=datetime.now(UTC))
    with pytest.raises(Overtaken), world.db.write() as session:
        resealed.store(session)
    after = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert after.answers["known_as"] == {"preferred_name": "Mina"}
