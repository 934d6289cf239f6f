"""The school year and the days that the law counts: September, weekends, bank holidays, the day of deletion."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.school_calendar import (
    TermStarts,
    can_start,
    deleted_on,
    leaving_year_on,
    safeguarding_due,
    school_days_after,
    term_start,
)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2027, 8, 31), 2027),
        (date(2027, 9, 1), 2028),
        (date(2027, 12, 31), 2028),
        (date(2028, 1, 1), 2028),
    ],
)
def test_the_leaving_year_changes_on_the_first_of_september(day: date, year: int) -> None:
    assert leaving_year_on(day) == year


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2027, 6, 7), 5, date(2027, 6, 14)),  # Monday to Monday: one weekend
        (date(2027, 6, 11), 1, date(2027, 6, 14)),  # a Friday
        (date(2027, 6, 12), 1, date(2027, 6, 14)),  # a Saturday
        (date(2027, 3, 25), 1, date(2027, 3, 30)),  # Good Friday and Easter Monday, 26 and 29 March
        (date(2027, 8, 27), 1, date(2027, 8, 31)),  # the summer bank holiday of England, 30 August
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day is a Saturday: Monday instead
        (date(2027, 11, 29), 2, date(2027, 12, 1)),  # St Andrew's Day is a holiday in Scotland only
        (date(2027, 6, 9), 0, date(2027, 6, 9)),
    ],
)
def test_weekends_and_the_bank_holidays_of_england_do_not_count(start: date, days: int, end: date) -> None:
    assert school_days_after(start, days) == end


def test_the_safeguarding_clock_runs_five_school_days_from_the_start_of_term() -> None:
    """Keeping Children Safe in Education: within the first five days of the start of a new term."""
    term = {2027: date(2027, 9, 6)}
    assert safeguarding_due(date(2027, 6, 7), leaving_year=2027, term_starts=term) == date(2027, 9, 13)
    late = safeguarding_due(date(2027, 9, 8), leaving_year=2027, term_starts=term)
    assert late == date(2027, 9, 15), "sent after term began"


@pytest.mark.parametrize("term", [{}, {2026: date(2026, 9, 3), 2028: date(2028, 9, 4)}])
@pytest.mark.parametrize("sent", [date(2026, 12, 5), date(2027, 3, 31), date(2027, 8, 26)])
def test_without_a_date_of_that_year_the_first_of_september_is_assumed(sent: date, term: TermStarts) -> None:
    assert term_start(2027, term) == date(2027, 9, 1)
    due = safeguarding_due(sent, leaving_year=2027, term_starts=term)
    assert due == date(2027, 9, 8), "nobody is late before they have left school"


@pytest.mark.parametrize(
    ("day", "right"),
    [
        (date(2027, 8, 14), False),
        (date(2027, 8, 15), True),
        (date(2027, 10, 15), True),
        (date(2027, 10, 16), False),
        (date(2026, 9, 6), False),
        (date(2027, 12, 25), False),
    ],
)
def test_a_term_starts_in_the_autumn_of_its_own_year(day: date, right: bool) -> None:
    assert can_start(day, 2027) is right


@pytest.mark.parametrize(
    ("months", "day"),
    [
        (1, date(2027, 9, 30)),
        (4, date(2027, 12, 31)),
        (5, date(2028, 1, 31)),
        (6, date(2028, 2, 29)),
        (12, date(2028, 8, 31)),
        (36, date(2030, 8, 31)),
    ],
)
def test_a_record_is_deleted_at_the_end_of_the_month_that_the_area_set(months: int, day: date) -> None:
    assert deleted_on(2027, months) == day


def test_today_is_the_day_in_london(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past eleven at night of a summer's day in UTC is the next day where the schools are."""

    class Night(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Night:
            moment = datetime(2027, 6, 30, 23, 30, tzinfo=ZoneInfo("UTC"))
            assert isinstance(tz, ZoneInfo)
            return cls.fromtimestamp(moment.timestamp(), tz=tz)

    monkeypatch.setattr(school_calendar, "datetime", Night)
    assert school_calendar.today() == date(2027, 7, 1)
