"""The words a pack uses for dates and reasons."""

from __future__ import annotations

from datetime import date, datetime

from transition_exchange.english import clock, day, listed
from transition_exchange.proforma import REASONS

__all__ = ["ASK_SAFEGUARDING", "day", "gap_reason", "listed", "moment"]

ASK_SAFEGUARDING = "Safeguarding: ask your safeguarding team."
"""What every team but the receiving safeguarding team is told, for every learner."""

FIRST_DAY = "What it says for the first day, if anything, is not in this {what}: see the record’s page."
"""What is added for teams that read what must be known on the first day, for every learner."""


def moment(value: datetime) -> str:
    """Write a time as `3 June 2027 at 2:05pm`, by the clock in England."""
    return f"{day(value)} at {clock(value)}"


def gap_reason(reason: str | None, expected: date | None) -> str:
    """Say why something is missing: `not known yet, expected 1 July 2027`.

    Args:
        reason: the code of the writer's reason, if one was given.
        expected: the day on which the answer is expected, if one was given.

    Returns:
        The words; empty where the writer said nothing.
    """
    parts = [dict(REASONS).get(reason or "", "").lower()]
    if expected is not None:
        parts.append(f"expected {day(expected)}")
    return ", ".join(part for part in parts if part)
