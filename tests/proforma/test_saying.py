"""How a value reads: dates, money, codes and yes or no as a person says them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.proforma.records import V2027, ehc_plan
from transition_exchange.proforma import load, show
from transition_exchange.proforma.model import Kind, Question
from transition_exchange.proforma.rules import local_authorities
from transition_exchange.proforma.saying import answer_text, form_words, heading, long_date
from transition_exchange.sample.organisations import AREA_NAME, LA_CODE

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
        ("la_code", "375", "Aldersyke (375)"),
        ("la_code", "999", "Code 999"),
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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("core/2027.1", "Area form, 2027 version 1"),
        ("ashdown/2028.12", "Area form, 2028 version 12"),
        ("?", "?"),
    ],
)
def test_a_version_of_the_form_is_called_in_words(name: str, words: str) -> None:
    assert form_words(name) == words


def test_who_completed_a_form_is_shown_with_team_and_form_in_words() -> None:
    answers = {
        "assurance": {
            "completed_by": "Sam",
            "completed_role": "SEND and transition",
            "version": V2027,
        }
    }
    (shown,) = show(load(V2027), answers, ["assurance"])
    assert [(item.label, item.text) for item in shown.items] == [
        ("Completed by", "Sam"),
        ("Team", "SEND and transition"),
        ("Version of the form", "Area form, 2027 version 1"),
    ]
    assert heading(load(V2027).question("assurance.completed_by")) == "Completed by"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("learner.school_urn", "School’s URN"),
        ("destination.urn", "Provider’s URN"),
        ("destinations.destinations.urn", "Provider’s URN"),
    ],
)
def test_two_numbers_on_one_page_are_told_apart(path: str, words: str) -> None:
    section = path.partition(".")[0]
    questions = {
        column.path: column
        for question in load(V2027).section(section).questions
        for column in (question, *question.rows)
    }
    assert heading(questions[path]) == words


def test_what_somebody_typed_is_never_taken_for_a_version() -> None:
    assert answer_text(Question("s", "q", "Question", "text"), V2027) == V2027


def test_the_sample_areas_council_has_a_name_and_no_real_councils_code() -> None:
    assert ((LA_CODE, AREA_NAME),) == local_authorities.INVENTED
    assert LA_CODE not in dict(local_authorities.ENGLAND)
