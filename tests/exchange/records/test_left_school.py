"""What a card says of a learner who is not at the school any more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from transition_exchange.exchange.records.left_school import left_school
from transition_exchange.proforma.rules.learner_codes import LEFT_SCHOOL


@pytest.mark.parametrize(
    "card", [{}, {"left_school": "here"}, {"left_school": "gone"}, {"left_on": "2027-02-01"}]
)
def test_a_card_that_does_not_say_so_says_nothing(card: dict[str, Any]) -> None:
    assert left_school(card) is None


def test_every_answer_but_still_here_is_understood() -> None:
    codes = [code for code, _ in LEFT_SCHOOL]
    assert [code for code in codes if left_school({"left_school": code})] == ["left", "moved"]


@pytest.mark.parametrize(
    ("card", "words", "tag"),
    [
        ({"left_school": "left"}, "Left, and is at no other school", "Left school"),
        (
            {"left_school": "left", "left_on": "2027-02-01", "moved_to": "Hill School"},
            "Left, and is at no other school. Last day: 1 February 2027",
            "Left school",
        ),
        ({"left_school": "moved"}, "Moved to another school", "Moved school"),
        (
            {"left_school": "moved", "left_on": "2027-02-01", "moved_to": "Hill School"},
            "Moved to Hill School. Last day: 1 February 2027",
            "Moved school",
        ),
    ],
)
def test_it_is_said_in_one_line_and_in_a_tag(card: dict[str, Any], words: str, tag: str) -> None:
    left = left_school(card)
    assert left is not None
    assert (left.words, left.tag.words) == (words, tag)


@pytest.mark.parametrize("day", ["", "soon", "2027-13-01", 2027, None, "9999-12-31"])
def test_a_day_that_is_none_is_left_out(day: object) -> None:
    left = left_school({"left_school": "left", "left_on": day})
    assert left is not None
    assert left.on is None


def test_the_day_is_the_one_that_was_written() -> None:
    for day in ("2027-01-01", "2027-07-31"):
        left = left_school({"left_school": "left", "left_on": day})
        assert left is not None
        assert left.on == date.fromisoformat(day)
