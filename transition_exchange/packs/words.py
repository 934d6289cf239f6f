"""The words a pack uses for dates, reasons and the teams that read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from transition_exchange.english import clock, day, listed
from transition_exchange.proforma import REASONS

__all__ = ["PURPOSES", "day", "gap_reason", "listed", "moment", "purposes"]

PURPOSES = {
    "admissions": "admissions",
    "learning_support": "learning support",
    "safeguarding": "safeguarding",
    "exams": "exams and access arrangements",
}


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


def purposes(names: Sequence[str]) -> str:
    """Write purposes in plain words, with a capital: `Learning support and exams`."""
    words = listed([PURPOSES.get(name, name.replace("_", " ")) for name in names])
    return words[:1].upper() + words[1:]
