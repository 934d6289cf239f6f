"""One thing that somebody has to do next."""

from __future__ import annotations

from datetime import UTC, date, datetime

from transition_exchange.exchange.coordinating.acting import WHO, Turn


def test_days_are_those_of_the_calendar_in_england() -> None:
    turn = Turn("school", "School to start the form", datetime(2027, 6, 1, 23, 30, tzinfo=UTC))
    assert turn.days(date(2027, 6, 2)) == 0, "it was past midnight in England"
    assert turn.days(date(2027, 6, 12)) == 10


def test_nobody_stands_last_among_those_who_can_have_to_act() -> None:
    assert [code for code, _ in WHO] == ["school", "safeguarding", "college", "council", "nobody"]
