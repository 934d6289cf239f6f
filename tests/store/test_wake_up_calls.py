"""The queue keeps when the background work last did a round, as text that is read without unpickling."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from transition_exchange.store.database import Database
from transition_exchange.store.wake_up_calls import last_round, note_round, queue_at

NOW = datetime(2027, 6, 3, 10, 0, tzinfo=UTC)


def test_the_last_round_is_known_to_whoever_knows_the_database(db: Database) -> None:
    assert last_round(db.url) is None, "there is no queue yet"
    queue = queue_at(db.url)
    assert last_round(db.url) is None
    note_round(queue, NOW)
    assert last_round(db.url) == NOW
    queue.storage.close()


@pytest.mark.parametrize("text", [b"soon", b"\xff", b"2027-06-03T10:00:00", b"", b"\x80\x04N."])
def test_what_is_no_time_is_no_round(db: Database, text: bytes) -> None:
    queue = queue_at(db.url)
    queue.storage.put_data("last-round", text)
    assert last_round(db.url) is None
    queue.storage.close()
