"""The school year, and the days that the law counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from holidays import country_holidays

from transition_exchange.english import LONDON

SAFEGUARDING_DAYS = 5
"""School days within which the child protection file is passed on, in year or from the start of a new term.

Source: Keeping Children Safe in Education, statutory guidance of the Department for Education, part two, on the
transfer of the child protection file.
"""

TermStarts = Mapping[int, date]
"""The first days of the autumn terms that an area has set, by leaving year. A year that is missing has none."""

FIRST_START, LAST_START = (8, 15), (10, 15)
"""Between which days of a year, month and day, an autumn term can start."""


def today() -> date:
    """Today's date in England, whatever the time zone of the server."""
    return datetime.now(LONDON).date()


def school_days_after(start: date, days: int) -> date:
    """The date `days` school days after `start`, leaving out weekends and the bank holidays of England.

    School holidays differ between schools and are not known here. The area sets the start of term itself.
    """
    holidays = country_holidays("GB", subdiv="ENG")
    day = start
    while days:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            days -= 1
    return day


def can_start(day: date, leaving_year: int) -> bool:
    """Whether the autumn term after a leaving year can start on a day: between 15 August and 15 October."""
    return date(leaving_year, *FIRST_START) <= day <= date(leaving_year, *LAST_START)


def term_start(leaving_year: int, term_starts: TermStarts) -> date:
    """The first day of the term in which those of a leaving year start at the next place.

    Args:
        leaving_year: the calendar year in which they leave school.
        term_starts: what the area has set.

    Returns:
        What the area has set for the leaving year; otherwise 1 September is assumed.
    """
    return term_starts.get(leaving_year) or date(leaving_year, 9, 1)


def safeguarding_due(sent: date, *, leaving_year: int, term_starts: TermStarts) -> date:
    """The last day for the receiving safeguarding team to open its section: `SAFEGUARDING_DAYS` after the start.

    Nobody is late before the learner has left school.

    Args:
        sent: the day on which the transfer was sent.
        leaving_year: the calendar year in which the learner leaves school.
        term_starts: as in `term_start`. The days are counted from the later of the two.
    """
    return school_days_after(max(sent, term_start(leaving_year, term_starts)), SAFEGUARDING_DAYS)


def leaving_year_on(today: date) -> int:
    """The calendar year in which the current Year 11 leaves. A school year runs from September to August."""
    return today.year + 1 if today.month >= 9 else today.year


def deleted_on(leaving_year: int, keep_months: int) -> date:
    """The date on which a record is deleted.

    Args:
        leaving_year: the calendar year in which the learner leaves.
        keep_months: how long the area keeps records, in months after 31 August of the leaving year.

    Returns:
        The last day of the month that many months after August.
    """
    month = 8 + keep_months
    year, month = leaving_year + (month - 1) // 12, (month - 1) % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
