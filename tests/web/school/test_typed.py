"""A page of the form sent back as it was changes nothing, whatever stands in the record."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.proforma.records import ehc_plan, sen_support, without_sen
from transition_exchange.exchange.records.answers import written_sections
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.proforma import Page, load
from transition_exchange.proforma.reading import RESERVED
from transition_exchange.web.fieldsets import fieldsets
from transition_exchange.web.school import typed

VERSION = load("core/2027.1")
PAGES = VERSION.pages
FORM = """{% from "components/question.html" import page_questions %}<form>
{% for key, value in hidden.items() %}<input type="hidden" name="{{ key }}" value="{{ value }}">{% endfor %}
{{ page_questions(sets) }}</form>"""


@cache
def _records() -> tuple[dict[str, dict[str, Any]], ...]:
    """Full records; their days are moved to the past, for a day in the future is refused today."""
    return tuple(
        json.loads(json.dumps(record()).replace('"2027-', '"2025-').replace('"2026-', '"2025-'))
        for record in (without_sen, sen_support, ehc_plan)
    )


def _draft(answers: dict[str, dict[str, Any]], owner: str) -> Draft:
    sections = [section.name for section in written_sections(VERSION, owner)]
    return Draft(
        record_id=uuid4(),
        area_id=uuid4(),
        organisation_id=uuid4(),
        leaving_year=2027,
        delete_on=date(2028, 8, 31),
        owner=owner,
        version=VERSION,
        revision_id=uuid4(),
        answers={name: answers.get(name, {}) for name in sections},
        tags={name: f"tag of {name}" for name in sections},
        part_ids={},
        row_tags={},
        keys={},
    )


def _form(app: Flask, draft: Draft, page: Page) -> dict[str, list[str]]:
    """What a browser would send for the page as it is shown."""
    sets = fieldsets(VERSION, page, draft.answers)
    hidden = {typed.WAS: typed.as_saved(draft, typed.shown_questions(sets))}
    with app.test_request_context():
        text = render_template_string(FORM, sets=sets, hidden=hidden)
    found: dict[str, list[str]] = {}
    for name, value in html.fromstring(text).form_values():
        found.setdefault(name, []).append(str(value).removeprefix("\n"))
    return found


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_page_sent_back_as_it_was_changes_nothing(app: Flask, data: st.DataObject) -> None:
    record = data.draw(st.sampled_from(_records()))
    page = data.draw(st.sampled_from(PAGES))
    kept = {
        section: {name: value for name, value in values.items() if data.draw(st.integers(0, 3))}
        for section, values in record.items()
    }
    draft = _draft(kept, page.owner)
    shown = Page(
        page.name,
        page.title,
        page.owner,
        tuple(section for section in page.sections if section != "destinations"),
    )
    # What this page's own answers say is not asked is the only thing that a browser does not send back.
    for path in typed.read(draft, shown, _form(app, draft, shown)).changed:
        assert VERSION.question(path).asked is not None, path


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_full_record_comes_back_whole_from_every_page(app: Flask, number: int) -> None:
    for page in PAGES:
        draft = _draft(_records()[number], page.owner)
        shown = Page(
            page.name,
            page.title,
            page.owner,
            tuple(section for section in page.sections if section != "destinations"),
        )
        sent = typed.read(draft, shown, _form(app, draft, shown))
        written = {
            f"{name}.{field}"
            for name in shown.sections
            for field in draft.answers.get(name, {})
            if field not in RESERVED and not VERSION.question(f"{name}.{field}").system
        }
        assert written <= sent.was.keys(), page.name
        assert sent.changed == frozenset(), (page.name, sent.changed)


@pytest.mark.parametrize(
    "was", ["known_as._reasons=zz", "learner.upn_made_up=zz", "health.allergies=zz", "=", "a.b.c", "..=.. =="]
)
def test_a_form_speaks_of_its_own_pages_questions_alone(was: str) -> None:
    place = VERSION.page("learner")
    form = {"was": [was], "shown": [was], "language.interpreter_needed!reason": ["not_known"]}
    draft = _draft({}, place.owner)
    typed_page = typed.read(draft, place, form)
    assert (typed_page.was, typed_page.changed) == ({}, frozenset())
    assert typed.to_drop(draft, place, form) == {}
