"""An opened ledger stays fresh, whatever came, changed or went; and stays in memory only while it is used."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, update

from tests.exchange.coordinators import signed_in
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.ledger_memory import KEPT_UNUSED, LedgerMemory, memory
from transition_exchange.exchange.records.ledgers import OpenLedger
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.sealing import ledger
from transition_exchange.store import events
from transition_exchange.store.models import Card, Record


def opened(world: World, actor: Actor) -> OpenLedger:
    """A look at the NEET group's ledger."""
    return ledgers.refreshed(db=world.db, actor=actor, team=actor.require("neet_group"))


def states(world: World) -> dict[str, int]:
    with world.db.read() as session:
        team = world.coordinator.require("neet_group")
        query = select(Card.state, func.count()).where(Card.team_id == team.id).group_by(Card.state)
        return {row[0]: row[1] for row in session.execute(query)}


def test_a_look_at_what_did_not_change_is_the_same_look(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    world.add()
    first, second = opened(world, coordinator), opened(world, coordinator)
    assert second.cards is first.cards
    assert (second.version, second.heads) == (first.version, first.heads)
    world.add("Ben", "Adams")
    third = opened(world, coordinator)
    assert third.version > first.version
    assert third.heads != first.heads
    assert (len(first.cards), len(third.cards)) == (1, 2), "somebody may still be walking through the first"


def test_what_was_deleted_is_gone_at_the_next_look(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    assert len(opened(world, coordinator).cards) == 1
    with world.db.write() as session:
        session.execute(delete(Record).where(Record.id == record_id))
        events.append(session, organisation_id=world.school.id, kind="record.deleted")
    assert not opened(world, coordinator).cards


def test_what_was_committed_late_is_found(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    before = opened(world, coordinator).cards[record_id, None]
    team = world.coordinator.require("neet_group")
    with world.db.write() as session:
        card = session.scalars(select(Card).where(Card.record_id == record_id, Card.team_id == team.id)).one()
        card.sealed = ledger.seal(team.secret.ledger_key, str(card.id), b'{"legal_surname":"Late"}')
        card.changed_at = before.changed_at - timedelta(seconds=30)
    assert opened(world, coordinator).cards[record_id, None].content == {"legal_surname": "Late"}


def test_what_came_by_post_is_moved_a_few_at_a_time_until_none_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "MOVED_A_REQUEST", 2)
    for _ in range(5):
        world.add()
    coordinator = signed_in(world.coordinator)
    left = []
    for _ in range(3):
        assert len(opened(world, coordinator).cards) == 5
        left.append(states(world).get("post", 0))
    assert left == [3, 1, 0]
    assert len(opened(world, signed_in(world.coordinator)).cards) == 5


def test_a_card_is_as_large_in_the_ledger_as_it_was_by_post(world: World) -> None:
    record_id = world.add()
    of_safeguarding = select(Card).where(
        Card.record_id == record_id, Card.team_id == world.safeguarding_lead.teams[0].id
    )

    def card() -> tuple[str, int]:
        with world.db.read() as session:
            row = session.scalars(of_safeguarding).one()
            return row.state, len(row.sealed or b"")

    state, size = card()
    assert state == "post"
    assert size > ledger.LARGE_STEP
    lead = signed_in(world.safeguarding_lead)
    ledgers.refreshed(db=world.db, actor=lead, team=lead.require("school_safeguarding"))
    state, size = card()
    assert state == "ledger"
    assert size > ledger.LARGE_STEP


def test_a_card_that_does_not_open_is_left_out_and_hides_no_other(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    spoilt = world.add()
    with world.db.write() as session:
        session.execute(update(Card).where(Card.record_id == spoilt).values(sealed=b"x" * 1100))
    other = world.add("Ben", "Adams")
    for _ in range(2):
        assert set(opened(world, coordinator).cards) == {(other, None)}


def test_what_a_session_opened_is_forgotten_with_it(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    world.add()
    opened(world, coordinator).beside["made"] = uuid4()
    assert "made" in opened(world, coordinator).beside
    memory.forget(coordinator.session_id)
    assert "made" not in opened(world, coordinator).beside


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
    assert KEPT_UNUSED <= sessions.IDLE


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
