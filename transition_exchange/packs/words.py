"""The words a pack uses for dates, reasons and the teams that read it."""

from collections.abc import Sequence
from datetime import date, datetime

from transition_exchange.english import clock, day, listed

from ..proforma import REASONS

__all__ = ["PURPOSES", "day", "gap_reason", "listed", "moment", "purposes"]

PURPOSES = {
    "admissions": "admissions",
    "learning_support": "learning support",
    "safeguarding": "safeguarding",
    "exams": "exams and access arrangements",
}


def moment(value: datetime) -> str:
    """``3 June 2027 at 2:05pm``, as the clock on an English wall showed it."""
    return f"{day(value)} at {clock(value)}"


def gap_reason(reason: str | None, expected: date | None) -> str:
    """Why something is missing, as far as its writer said; empty if not."""
    parts = [dict(REASONS).get(reason or "", "").lower()]
    if expected is not None:
        parts.append(f"expected {day(expected)}")
    return ", ".join(part for part in parts if part)


def purposes(names: Sequence[str]) -> str:
    """The purposes in plain words, with a capital: ``Learning support and exams``."""
    words = listed([PURPOSES.get(name, name.replace("_", " ")) for name in names])
    return words[:1].upper() + words[1:]
