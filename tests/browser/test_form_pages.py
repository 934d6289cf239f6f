"""The form's pages in a real browser: accessible, fit for a phone, and asking exactly what the form asks."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good, picture
from tests.web.form_pages import EVERYBODY, VERSION, add_form_pages
from transition_exchange.proforma import forms
from transition_exchange.web.fieldsets import fieldsets

PAGES = [page.name for page in VERSION.pages]
ANSWER = """(seed) => {
    let state = seed;
    const next = (below) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
    const form = [...document.forms].at(-1);
    form.reset();
    const groups = new Set();
    for (const field of form.elements) {
        if (!field.name || field.type === "hidden" || field.type === "submit") continue;
        if (field.type === "checkbox") field.checked = next(3) === 0;
        else if (field.type === "radio") { if (!groups.has(field.name)) {
            groups.add(field.name);
            const all = [...form.elements].filter(one => one.name === field.name);
            const pick = next(all.length + 1);
            if (pick < all.length) all[pick].checked = true;
        } }
        else if (field.tagName === "SELECT") field.selectedIndex = next(field.options.length);
        else field.value = ["", "", "1", "40", "300"][next(5)];
    }
    form.dispatchEvent(new Event("change"));
    return {
        sent: [...new FormData(form)].filter(([name]) => name !== "csrf_token"),
        hidden: [...document.querySelectorAll("[data-only-if]")].filter(one => one.hidden && !one.closest(".te-row"))
            .map(one => one.querySelector("[name]").name),
    };
}"""


@pytest.fixture
def pages(live: Live) -> None:
    add_form_pages(live.app)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_form_is_good(pages: None, page: Page, name: str) -> None:
    page.goto(f"/form/{name}")
    picture(page, f"form-{name}")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page_is_good(page)


@pytest.mark.parametrize("name", PAGES)
def test_the_script_hides_exactly_what_is_not_asked(pages: None, page: Page, name: str) -> None:
    page.goto(f"/form/{name}")
    place = VERSION.page(name)
    for seed in range(12):
        found = page.evaluate(ANSWER, random.Random(seed).randrange(1, 10**9))
        sent: dict[str, list[str]] = {}
        for field, value in found["sent"]:
            sent.setdefault(field, []).append(value)
        answers: dict[str, Any] = {**EVERYBODY, **forms.from_form(VERSION, place, sent)}
        made = fieldsets(VERSION, place, answers)
        not_asked = {
            field.name for section in made for field in section.fields if field.rule and not field.holds
        }
        hidden = {_question(name) for name in found["hidden"]}
        assert hidden == not_asked, f"seed {seed}"


def _question(name: str) -> str:
    """The question that a form field belongs to: `section.field`, without a date's part or a table's row."""
    return ".".join(name.split("!")[0].removesuffix("-day").split(".")[:2])


def test_a_page_with_errors_is_good_too(pages: None, page: Page) -> None:
    page.goto("/form/learner")
    page.locator("#learner-date_of_birth-day").fill("31")
    page.locator("#learner-date_of_birth-month").fill("2")
    page.get_by_label("Unique pupil number (UPN)").fill("A801200005001")
    page.get_by_role("button", name="Save").click()
    page.locator(".govuk-error-summary").wait_for()
    page_is_good(page, "form-errors")
    page.locator(".govuk-error-summary__list a").first.click()
    assert page.evaluate("document.activeElement.id") == "learner-date_of_birth-day"


def test_a_row_that_was_added_gets_the_cursor(pages: None, page: Page) -> None:
    page.goto("/form/family")
    page.locator("[name='contacts.contacts.0.name']").fill("Grace Adeyemi")
    page.get_by_role("button", name="Add another contact").click()
    expect(page.locator("[name='contacts.contacts.1.name']")).to_be_focused()
