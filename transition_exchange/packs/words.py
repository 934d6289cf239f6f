"""The words a pack uses for dates, reasons and the teams that read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from transition_exchange.proforma import REASONS

LONDON = ZoneInfo("Europe/London")

PURPOSES = {
    "admissions": "admissions",
    "learning_support": "learning support",
    "safeguarding": "safeguarding",
    "exams": "exams and access arrangements",
}


def day(value: date) -> str:
    """Write a date as `3 June 2027`."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """Write a time as `3 June 2027 at 2:05pm`, by the clock in England."""
    local = value.astimezone(LONDON)
    hour = local.hour % 12 or 12
    return f"{day(local.date())} at {hour}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


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


def listed(things: Sequence[str]) -> str:
    """Write a list as `a, b and c`."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} and {things[-1]}"


def purposes(names: Sequence[str]) -> str:
    """Write purposes in plain words, with a capital: `Learning support and exams`."""
    words = listed([PURPOSES.get(name, name.replace("_", " ")) for name in names])
    return words[:1].upper() + words[1:]
