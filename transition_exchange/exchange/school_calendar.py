"""The school year, and the days that the law counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from holidays import country_holidays

from transition_exchange.english import LONDON

SAFEGUARDING_DAYS = 5
"""Keeping Children Safe in Education: the file goes within five school days, in year or from the start of term."""


def today() -> date:
    """Today where the schools are, wherever the machine stands."""
    return datetime.now(LONDON).date()


def school_days_after(start: date, days: int) -> date:
    """The date `days` school days after `start`: weekends and bank holidays of England don't count.

    School holidays differ from school to school and are not known here; the start of term is the area's own date.
    """
    holidays = country_holidays("GB", subdiv="ENG")
    day = start
    while days:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            days -= 1
    return day


def safeguarding_due(sent: date, term_starts: date | None) -> date:
    """The day by which the receiving safeguarding team ought to have opened its section.

    Args:
        sent: when the transfer was sent.
        term_starts: the first day of the autumn term in which the learner starts; the clock begins no earlier.
    """
    return school_days_after(max(sent, term_starts) if term_starts else sent, SAFEGUARDING_DAYS)


def leaving_year_on(today: date) -> int:
    """The calendar year in which this school year's Year 11 leaves: school years run from September to August."""
    return today.year + 1 if today.month >= 9 else today.year


def deleted_on(leaving_year: int, keep_months: int) -> date:
    """The date on which a record is deleted: the area's months after the end of August of the leaving year."""
    month = 8 + keep_months
    year, month = leaving_year + (month - 1) // 12, (month - 1) % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
