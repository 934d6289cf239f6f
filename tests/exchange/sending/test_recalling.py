"""Recalling: unopened, nobody can open it; opened, the school learns who did."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.store.models import Card, Grant, Part, Transfer


def test_recalled_unopened_nobody_can_open_it_any_more(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    opened = recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=sent.transfer_id)
    assert opened == []
    with pytest.raises(NotFound):
        open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    with world.db.read() as session:
        assert set(session.scalars(select(Grant.keyring).where(Grant.transfer_id == sent.transfer_id))) == {
            None
        }
        assert not session.scalar(select(func.count()).where(Part.transfer_id == sent.transfer_id))
        assert not session.scalar(select(func.count()).where(Card.transfer_id == sent.transfer_id))
    [after] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert (after.state, after.recalled_by) == ("recalled", world.senco.name)


def test_recalled_after_opening_we_learn_who_and_when(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    opened = recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=sent.transfer_id)
    assert [(line.team, line.opened_at is not None) for line in opened] == [("Learning support", True)]
    [after] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert [each.opened_by for each in after.opened] == [world.college_support.name]
    with pytest.raises(Refused):
        recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=sent.transfer_id)


def test_only_the_schools_own_transition_team_recalls(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    for actor in (world.other_senco, world.safeguarding_lead, world.college_support):
        with pytest.raises((NotFound, NotAllowed)):
            recall(db=world.db, actor=actor, record_id=record_id, transfer_id=sent.transfer_id)
    with world.db.read() as session:
        assert session.get_one(Transfer, sent.transfer_id).state == "sent"
