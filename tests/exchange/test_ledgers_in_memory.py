"""What a session opened stays in this process's memory while it is used, and no longer."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.ledgers import LedgerMemory
from transition_exchange.exchange.signing_in import sessions


def test_what_nobody_asks_for_is_dropped_though_nobody_signs_out_and_nobody_comes() -> None:
    """Sessions end by themselves, and in other processes: this one hears nothing of it."""
    memory, key = LedgerMemory(kept_unused=timedelta(seconds=0.4)), uuid4()
    kept = memory.take("used", key)
    memory.take("left", key)
    for _ in range(8):
        time.sleep(0.1)
        assert memory.take("used", key) is kept
    assert len(memory) == 1
    time.sleep(0.8)
    assert len(memory) == 0


def test_it_is_kept_no_longer_than_an_idle_session() -> None:
    assert ledgers.KEPT_UNUSED <= sessions.IDLE


def test_one_session_never_sees_what_another_opened(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = LedgerMemory()
    monkeypatch.setattr(ledgers, "memory", memory)
    world.add()
    team = world.senco.teams[0]
    opened = [
        ledgers.refreshed(db=world.db, actor=replace(world.senco, session_id=name), team=team)
        for name in ("one", "one", "other")
    ]
    assert opened[0].beside is opened[1].beside
    assert opened[0].beside is not opened[2].beside
    memory.forget("one")
    assert len(memory) == 1
