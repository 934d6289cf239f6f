"""How a value reads: dates, money, codes and yes or no as a person says them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.proforma.records import V2027, ehc_plan
from transition_exchange.proforma import load, show
from transition_exchange.proforma.model import Kind, Question
from transition_exchange.proforma.saying import answer_text, long_date

SET = (("a", "First"), ("b", "Second"))


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("yes_no", True, "Yes"),
        ("yes_no", False, "No"),
        ("date", "2027-03-01", "1 March 2027"),
        ("choice", "b", "Second"),
        ("choice", "gone", "gone"),
        ("choices", ["a", "b"], "First, Second"),
        ("choices", ["a", "gone"], "First, gone"),
        ("money", "6200.00", "£6,200"),
        ("money", "6200.50", "£6,200.50"),
        ("hours", 2.5, "2.5"),
        ("hours", 2.0, "2"),
        ("la_code", "372", "Rotherham (372)"),
        ("la_code", "999", "999"),
        ("uln", "1234567890", "1234 567 890"),
        ("uln", "12345", "12345"),
        ("text", "As it is", "As it is"),
        ("number", 7, "7"),
    ],
)
def test_each_kind_of_value_reads_as_a_person_says_it(kind: Kind, value: Any, text: str) -> None:
    assert answer_text(Question("s", "q", "Question", kind, choices=SET), value) == text


@pytest.mark.parametrize("day", [date(2025, 6, 3), "2025-06-03"])
def test_a_date_has_its_month_as_a_word(day: date | str) -> None:
    assert long_date(day) == "3 June 2025"


def test_a_section_is_shown_in_these_words() -> None:
    (shown,) = show(load(V2027), ehc_plan(), ["ehc_plan"])
    plan = {item.question.name: item for item in shown.items}
    assert plan["last_review"].text == "12 November 2026"
    assert plan["maintaining_la"].text == "Rotherham (372)"
    assert plan["top_up_value"].text == "£6,200"
    assert plan["personal_budget"].text == "No"
    assert plan["consultation"].text == "Named in the final plan"
    assert plan["sections_attached"].text is not None
    assert plan["last_review"].label == "Last annual review"
