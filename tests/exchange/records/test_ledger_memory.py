"""Opened ledgers stay in memory only while they are used, one for each session and key, and not without limit."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from transition_exchange.exchange.records.ledger_memory import KEPT_UNUSED, Kept, LedgerMemory, OpenCard
from transition_exchange.exchange.signing_in import sessions

KEY, OTHER_KEY = uuid4(), uuid4()


def _fill(kept: Kept, count: int) -> None:
    for _ in range(count):
        record_id = uuid4()
        kept.proven[record_id, None] = _card(record_id)


def _card(record_id: UUID) -> OpenCard:
    return OpenCard(
        id=uuid4(),
        record_id=record_id,
        transfer_id=None,
        changed_at=datetime.now(UTC),
        school_id=uuid4(),
        key_id=uuid4(),
        signing_public=bytes(32),
        made_at="2027-06-03T09:00:00+00:00",
        content={"legal_surname": "Khan"},
    )


def test_each_session_and_each_key_has_its_own() -> None:
    memory = LedgerMemory()
    kept = memory.take("one", KEY)
    assert memory.take("one", KEY) is kept
    assert memory.take("one", OTHER_KEY) is not kept
    assert memory.take("other", KEY) is not kept
    assert len(memory) == 3


def test_a_session_that_ended_leaves_nothing_and_takes_nothing_of_others() -> None:
    memory = LedgerMemory()
    kept = memory.take("other", KEY)
    memory.take("one", KEY)
    memory.take("one", OTHER_KEY)
    memory.forget("one")
    assert len(memory) == 1
    assert memory.take("other", KEY) is kept


def test_above_the_limit_the_ledger_longest_unused_goes_first_and_the_one_in_use_stays() -> None:
    memory = LedgerMemory(most_cards=5)
    first, second = memory.take("first", KEY), memory.take("second", KEY)
    _fill(first, 3)
    _fill(second, 3)
    assert memory.take("first", KEY) is first, "used again, so the second is the one longest unused"
    assert len(memory) == 1
    assert memory.take("second", KEY) is not second
    _fill(first, 10)
    assert memory.take("first", KEY) is first, "one alone stays, however large"


def test_what_a_card_holds_shows_in_no_repr() -> None:
    assert "Khan" not in repr(_card(uuid4()))


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
