"""A pack is taken back in the very moment in which the college does something with it: it stays taken back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange import notices
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving import opening, receipts
from transition_exchange.exchange.sending import recalling
from transition_exchange.store.models import Grant, Transfer


def _open(world: World, transfer_id: UUID, record_id: UUID) -> object:
    return opening.open_transfer(db=world.db, actor=world.college_support, transfer_id=transfer_id)


def _acknowledge(world: World, transfer_id: UUID, record_id: UUID) -> object:
    return receipts.acknowledge(db=world.db, actor=world.college_support, transfer_ids=[transfer_id])


def _ask(world: World, transfer_id: UUID, record_id: UUID) -> object:
    return asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text="Which bus?")


def _send_again(world: World, transfer_id: UUID, record_id: UUID) -> object:
    return world.send(record_id)


@pytest.mark.parametrize("action", [_open, _acknowledge, _ask, _send_again])
def test_a_pack_that_is_being_taken_back_stays_taken_back(
    world: World, monkeypatch: pytest.MonkeyPatch, action: Callable[[World, UUID, UUID], object]
) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id)).one()
    if action is _acknowledge:
        _open(world, transfer_id, record_id)
    if action is _send_again:
        world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    half_way, go_on = Event(), Event()
    notify = notices.notify

    def paused(*args: Any, **kwargs: Any) -> None:
        notify(*args, **kwargs)
        if kwargs["template"] == "packs_recalled" and not half_way.is_set():
            half_way.set()
            go_on.wait(5)

    monkeypatch.setattr(notices, "notify", paused)
    with ThreadPoolExecutor(2) as threads:
        recall = threads.submit(
            recalling.recall, db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_id
        )
        assert half_way.wait(10)
        meanwhile = threads.submit(action, world, transfer_id, record_id)
        half_way.clear()
        half_way.wait(1)  # long enough for the other to have read what it goes by
        go_on.set()
        recall.result(20)
        with pytest.raises((NotFound, Refused)):
            meanwhile.result(20)
    with world.db.read() as session:
        assert session.get_one(Transfer, transfer_id).state == "recalled"
        assert not session.scalars(
            select(Grant.id).where(Grant.transfer_id == transfer_id, Grant.keyring.is_not(None))
        ).all()
