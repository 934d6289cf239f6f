"""The words a pack uses: the clock in England, the writer's reasons."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from transition_exchange.packs.words import gap_reason, moment


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2027, 6, 3, 13, 5, tzinfo=UTC), "3 June 2027 at 2:05pm"),
        (datetime(2027, 6, 3, 23, 30, tzinfo=UTC), "4 June 2027 at 12:30am"),
        (datetime(2027, 12, 3, 12, 0, tzinfo=UTC), "3 December 2027 at 12:00pm"),
        (datetime(2027, 12, 3, 9, 7, tzinfo=UTC), "3 December 2027 at 9:07am"),
    ],
)
def test_a_time_is_that_of_the_clock_in_england(at: datetime, words: str) -> None:
    assert moment(at) == words


@pytest.mark.parametrize(
    ("reason", "expected", "words"),
    [
        (None, None, ""),
        ("waiting", None, "waiting for a report"),
        (None, date(2027, 7, 1), "expected 1 July 2027"),
        ("not_known", date(2027, 7, 1), "not known yet, expected 1 July 2027"),
        ("no_such_reason", None, ""),
    ],
)
def test_a_gap_gives_the_reason_and_the_date_that_its_writer_gave(
    reason: str | None, expected: date | None, words: str
) -> None:
    assert gap_reason(reason, expected) == words
