"""How dates, times, numbers and lists read."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from transition_exchange import english


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2027, 6, 3), "3 June 2027"),
        ("2027-06-03", "3 June 2027"),
        ("2027-06-30T23:30:00+00:00", "1 July 2027"),
        (datetime(2027, 12, 31, 23, 30, tzinfo=UTC), "31 December 2027"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_day_is_the_day_in_england(value: date | str | None, words: str) -> None:
    assert english.day(value) == words


def test_a_short_day_keeps_three_letters_of_the_month() -> None:
    assert english.short_day("2027-09-13") == "13 Sep 2027"
    assert english.short_day(None) == ""


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "1:05am"), (11, "12:05pm"), (13, "2:05pm"), (23, "12:05am")],
)
def test_the_clock_shows_summer_time(hour: int, words: str) -> None:
    assert english.clock(datetime(2027, 6, 3, hour, 5, tzinfo=UTC)) == words


def test_a_moment_is_day_and_clock() -> None:
    assert english.moment(datetime(2027, 1, 3, 14, 35, tzinfo=UTC)) == "3 January 2027, 2:35pm"
    assert english.moment(None) == english.clock(None) == ""


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no boxes"), (1, "1 box"), (2, "2 boxes"), (1204, "1,204 boxes")]
)
def test_a_number_has_the_form_of_its_noun(number: int, words: str) -> None:
    assert english.plural(number, "box", "boxes") == words


def test_a_noun_without_a_form_of_its_own_takes_an_s() -> None:
    assert english.plural(3, "learner") == "3 learners"


@pytest.mark.parametrize(
    ("things", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_the_last_of_a_list_follows_and(things: list[str], words: str) -> None:
    assert english.listed(things) == words
    assert english.listed(iter(things)) == words
    assert english.either(iter(things)) == words.replace(" and ", " or ")
