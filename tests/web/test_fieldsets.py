"""Every question becomes a field that sends back what it shows, and says what is wrong where it is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.web.form_pages import EVERYBODY, VERSION, add_form_pages, rendered
from tests.web.visitor import Visitor, check_sound, fields_of
from transition_exchange.proforma import Question, forms
from transition_exchange.web.fieldsets import fieldsets

PAGES = [page.name for page in VERSION.pages]


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    add_form_pages(app)
    return Visitor(app)


def sample(question: Question) -> Any:
    """An answer of the question's kind, for a form and not for a check."""
    match question.kind:
        case "rows":
            row = {column.name: sample(column) for column in question.rows}
            return [row, row]
        case "date":
            return "2026-03-04"
        case "yes_no":
            return True
        case "choice":
            return question.choices[0][0]
        case "choices":
            return [code for code, _ in question.choices[:2]]
        case "long_text":
            return "\n first <line>\nsecond & last"
        case "number":
            return 3
        case "money" | "hours":
            return "3"
        case _:
            return "x & <y>"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_sound_and_says_each_question(visitor: Visitor, name: str) -> None:
    page = visitor.get(f"/form/{name}")
    made = fieldsets(VERSION, VERSION.page(name), EVERYBODY)
    labels = [field.label for section in made for field in section.fields]
    assert labels
    for label in labels:
        assert label in page.text


@pytest.mark.parametrize("name", PAGES)
def test_a_form_sends_back_what_it_shows(app: Flask, name: str) -> None:
    add_form_pages(app)
    place = VERSION.page(name)
    answers: dict[str, Any] = {
        section: {
            question.name: sample(question)
            for question in VERSION.section(section).questions
            if not question.system and not (question.asked and question.asked.reads)
        }
        for section in place.sections
    }
    made = fieldsets(VERSION, place, {**EVERYBODY, **answers})
    with app.test_request_context(base_url="https://exchange.example"):
        source = rendered(place, made)
    check_sound(source)
    back = forms.from_form(VERSION, place, fields_of(source))
    for section, values in answers.items():
        for field, value in values.items():
            assert _plain(back[section].get(field)) == _plain(value), f"{section}.{field}"


def _plain(value: Any) -> Any:
    return (
        value.strip()
        if isinstance(value, str)
        else [_row(row) for row in value]
        if isinstance(value, list)
        else value
    )


def _row(value: Any) -> Any:
    return {name: _plain(entry) for name, entry in value.items()} if isinstance(value, dict) else value


def test_a_reason_and_a_page_come_back_as_they_were_given(visitor: Visitor) -> None:
    page = visitor.post(
        "/form/needs",
        {
            "what_helps.strategies!reason": "waiting",
            "what_helps.strategies!expected-day": "1",
            "what_helps.strategies!expected-month": "3",
            "what_helps.strategies!expected-year": "2027",
            "what_helps.strategies!page": "4",
        },
    )
    fields = page.fields()
    assert fields["what_helps.strategies!reason"] == ["waiting"]
    assert fields["what_helps.strategies!expected-month"] == ["3"]
    assert fields["what_helps.strategies!page"] == ["4"]


def test_does_not_apply_is_offered_only_where_it_closes_the_gap() -> None:
    seen: set[bool] = set()
    for page in VERSION.pages:
        for section in fieldsets(VERSION, page, EVERYBODY):
            for field in section.fields:
                if field.instead is None:
                    continue
                offered = "does_not_apply" in {item.value for item in field.instead.reasons}
                assert offered == VERSION.question(field.name).may_not_apply
                seen.add(offered)
    assert seen == {True, False}


def test_a_question_that_another_page_rules_out_is_not_there() -> None:
    plan = fieldsets(VERSION, VERSION.page("plan"), {"sen": {"provision": "N"}})
    names = {field.name for section in plan for field in section.fields}
    assert "ehc_plan.plan_reference" not in names
    plan = fieldsets(VERSION, VERSION.page("plan"), {"sen": {"provision": "E"}})
    names = {field.name for section in plan for field in section.fields}
    assert "ehc_plan.plan_reference" in names


def test_a_question_that_this_page_decides_says_when_it_is_asked() -> None:
    health = fieldsets(VERSION, VERSION.page("health"), {})
    fields = {field.name: field for section in health for field in section.fields}
    field = fields["health.conditions"]
    assert field.only_if
    assert field.rule
    assert not field.holds


def test_a_box_is_as_high_as_its_text_may_be_long_and_says_how_long_that_is() -> None:
    made = {
        field.name: field
        for page in VERSION.pages
        for section in fieldsets(VERSION, page, EVERYBODY)
        for field in section.fields
    }
    longest, long, line = (
        made[name] for name in ("adulthood.vocational", "own_words.hopes", "enrolment.town")
    )
    assert (longest.max_length, longest.lines) == (2500, 11)
    assert (long.max_length, long.lines) == (1500, 7)
    assert (line.max_length, line.lines) == (None, 1), "nobody comes to the end of it"
