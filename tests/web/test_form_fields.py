"""The fields of a page, what its buttons ask for, and its error summary."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.form_pages import VERSION, add_form_pages
from tests.web.visitor import Visitor
from transition_exchange.web import form_fields

PAGES = [page.name for page in VERSION.pages]


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    add_form_pages(app)
    return Visitor(app)


@pytest.mark.parametrize("press", ["", "../../x", "contacts.contacts", "contacts.contacts.0.name", "(.*).0"])
def test_a_strange_button_removes_nothing(press: str) -> None:
    form = {"contacts.contacts.0.name": ["Grace"], "remove": [press]}
    assert form_fields.without_removed(form) == form


def test_a_row_is_added_and_removed_without_a_script(visitor: Visitor) -> None:
    typed = {"contacts.contacts.0.name": "Grace Adeyemi"}
    added = visitor.post("/form/family", {**typed, "add": "contacts.contacts"})
    assert "Contact 2" in added.text
    assert added.fields()["contacts.contacts.0.name"] == ["Grace Adeyemi"]
    both = {**typed, "contacts.contacts.1.name": "Ola Adeyemi"}
    removed = visitor.post("/form/family", {**both, "remove": "contacts.contacts.0"})
    assert "Contact 2" not in removed.text
    assert removed.fields()["contacts.contacts.0.name"] == ["Ola Adeyemi"]


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    page = visitor.post(
        "/form/learner",
        {
            "learner.legal_forename": "Zoë",
            "learner.date_of_birth-day": "31",
            "learner.date_of_birth-month": "2",
            "learner.date_of_birth-year": "2011",
            "pupil_number.upn": "A801200005001",
        },
    )
    assert len(page.errors) == 2
    fields = page.fields()
    assert fields["learner.legal_forename"] == ["Zoë"]
    assert fields["learner.date_of_birth-day"] == ["31"]
    assert fields["pupil_number.upn"] == ["A801200005001"]
    assert page.tree.cssselect("#pupil_number-upn-error")
    first = page.tree.cssselect(".govuk-error-summary__list a")[0]
    assert first.get("href") == "#learner-date_of_birth-day"
