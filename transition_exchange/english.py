"""Dates, times, numbers and lists as people in England write them: for pages, packs, letters and messages alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day_of(value: datetime) -> date:
    """The date in England at a moment; an aware time."""
    return value.astimezone(LONDON).date()


def day(value: date | datetime | str | None) -> str:
    """A date: `3 June 2027`.

    Args:
        value: a date, a time (its day in England counts) or either as ISO text; nothing for None and empty text.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = day_of(value)
    return f"{value.day} {value:%B %Y}"


def short_day(value: date | datetime | str | None) -> str:
    """A date for narrow columns: `3 Jun 2027`; otherwise as `day`."""
    number, _, rest = day(value).partition(" ")
    month, _, year = rest.partition(" ")
    return f"{number} {month[:3]} {year}" if number else ""


def clock(value: datetime | None) -> str:
    """The time of day in England: `2:35pm`; nothing for None."""
    if value is None:
        return ""
    here = value.astimezone(LONDON)
    return f"{here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"


def moment(value: datetime | None) -> str:
    """A time in England, for lists and tables: `3 June 2027, 2:35pm`; nothing for None."""
    return f"{day(value)}, {clock(value)}" if value else ""


def plural(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 learner`, `2 learners`, `no learners`, `1,204 learners`.

    Args:
        number: how many there are.
        one: the noun for one.
        many: the noun for any other number; None adds an s to `one`.
    """
    word = one if number == 1 else (many or f"{one}s")
    return f"{number:,} {word}" if number else f"no {word}"


def listed(things: Iterable[str]) -> str:
    """A list in a sentence: `a, b and c`."""
    return _joined(things, "and")


def either(things: Iterable[str]) -> str:
    """Things of which one is enough, in a sentence: `a, b or c`."""
    return _joined(things, "or")


def _joined(things: Iterable[str], word: str) -> str:
    *most, last = tuple(things) or ("",)
    return f"{', '.join(most)} {word} {last}" if most else last
