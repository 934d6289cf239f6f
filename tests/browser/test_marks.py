"""While one types, a page of the form says of each answer what it would say if it were opened again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_accessible, page_is_good, picture
from tests.exchange.world import World

FAMILY, LEARNER, OWN_WORDS = "family", "learner", "own_words"
MARKS = """() => Array.from(document.querySelectorAll("[data-answer]")).flatMap((group) => {
    const own = (found) => Array.from(found).filter((one) => one.closest("[data-answer]") === group);
    const said = own(group.querySelectorAll(".govuk-error-message:not(.govuk-character-count__message)"));
    const red = own(group.querySelectorAll(".govuk-input--error, .govuk-textarea--error, .govuk-select--error"));
    if (!said.length && !red.length && !group.classList.contains("govuk-form-group--error")) return [];
    return [{
        name: group.dataset.answer,
        group: group.className,
        said: said.map((one) => [one.id, one.textContent, one.previousElementSibling.outerHTML]),
        red: red.map((one) => [one.id, one.className]),
        described: said.map((one) => document.querySelector(`[aria-describedby~="${one.id}"]`).id
            + document.querySelector(`[aria-describedby~="${one.id}"]`).getAttribute("aria-describedby")),
    }];
})"""


@pytest.fixture
def record_id(world: World) -> UUID:
    record_id = world.add()
    world.save(record_id, {"sen": {"provision": "E"}})
    return record_id


@pytest.fixture
def page(live: Live, context: BrowserContext, page: Page, world: World) -> Page:
    live.admit(context, world.senco)
    return page


def _open(page: Page, record_id: UUID, name: str) -> None:
    page.goto(f"/learners/{record_id}/pages/{name}")


def _type(page: Page, name: str, text: str) -> None:
    """Type into a field and leave it; the page saves itself, and has marked what is wrong."""
    box = page.locator(f'[name="{name}"]')
    box.fill(text)
    with page.expect_response("**/typed"):
        box.press("Tab")
    expect(page.locator("[data-saved]")).not_to_have_text("Not saved yet.")


def _marks(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(MARKS)
    return found


def test_a_field_is_marked_when_it_is_left_and_unmarked_when_it_is_right(page: Page, record_id: UUID) -> None:
    _open(page, record_id, LEARNER)
    _type(page, "pupil_number.upn", "A801200005001")
    assert page.evaluate("document.activeElement.name") not in ("", "pupil_number.upn"), "the cursor went on"
    expect(page.locator("#pupil_number-upn")).to_have_accessible_description(
        page.locator("#pupil_number-upn-hint").inner_text()
        + " "
        + page.locator("#pupil_number-upn-error").inner_text()
    )
    _type(page, "enrolment.postcode", "S6")
    told = page.get_by_role("status").filter(has_text="This is typed and not saved yet.")
    expect(told.get_by_role("listitem")).to_have_count(2)
    expect(told).to_contain_text("Everything else is saved")
    expect(told).to_contain_text("Postcode: ")
    expect(page.get_by_role("button", name="Throw away what is not saved")).to_be_visible()
    expect(page).to_have_title("Error: About the learner – Amina Khan – Transition Exchange")
    page_is_good(page, "marked-while-typing")
    told.get_by_role("link", name="Unique pupil number").click()
    expect(page.locator("#pupil_number-upn")).to_be_focused()
    _type(page, "pupil_number.upn", "L372400114001")
    expect(page.locator("#pupil_number-upn-error")).to_have_count(0)
    expect(told.get_by_role("listitem")).to_have_count(1)
    _type(page, "enrolment.postcode", "S60 1AA")
    assert _marks(page) == []
    expect(page.locator("[data-not-saved]")).to_have_text("")
    expect(page.locator("[data-saved]")).to_contain_text("Saved ")
    expect(page.get_by_role("button", name="Throw away what is not saved")).to_be_hidden()
    expect(page).to_have_title("About the learner – Amina Khan – Transition Exchange")


def test_it_marks_what_the_page_shows_when_it_is_opened_again(page: Page, record_id: UUID) -> None:
    """A box, a date, a table's row and what stands beside an answer."""
    wrong = {
        LEARNER: [("learner.date_of_birth-year", "25"), ("pupil_number.upn", "A801200005001")],
        FAMILY: [("contacts.contacts.0.email", "farah"), ("contacts.contacts.0.phone", "12")],
        OWN_WORDS: [("own_words.hopes", "x" * 1501)],
        "exams": [("results.predicted_english!expected-year", "27")],
        "plan": [("ehc_plan.last_review-day", "11"), ("ehc_plan.last_review-year", "25")],
    }
    for name, typed in wrong.items():
        _open(page, record_id, name)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        if name == "exams":
            page.locator('[name="results.predicted_english!reason"]').select_option("waiting")
        for field, text in typed:
            _type(page, field, text)
        marked = _marks(page)
        assert marked, name
        # At its end the line at the foot covers nothing that can be touched.
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page_is_accessible(page)
        page.reload()
        assert _marks(page) == marked, name
        expect(page.locator(".govuk-error-summary li")).to_have_count(len(marked))


def test_what_is_right_by_now_leaves_the_summary_at_the_head(page: Page, record_id: UUID) -> None:
    _open(page, record_id, LEARNER)
    _type(page, "pupil_number.upn", "A801200005001")
    _type(page, "enrolment.postcode", "S6")
    page.reload()
    summary = page.locator(".govuk-error-summary")
    expect(summary.get_by_role("listitem")).to_have_count(2)
    _type(page, "pupil_number.upn", "")
    expect(summary.get_by_role("listitem")).to_have_count(1)
    page_is_accessible(page)
    _type(page, "enrolment.postcode", "")
    expect(summary).to_have_count(0)
    assert _marks(page) == []


def test_a_box_counts_what_it_takes(page: Page, record_id: UUID, live: Live) -> None:
    _open(page, record_id, OWN_WORDS)
    box = page.locator('[name="own_words.hopes"]')
    about = page.locator(".govuk-form-group", has=box).locator(".govuk-character-count__status")
    expect(about).to_have_text("You have 1,500 characters remaining")
    _type(page, "own_words.hopes", "x" * 1694)
    expect(about).to_have_text("You have 194 characters too many")
    expect(page.locator("#own_words-hopes-error")).to_contain_text(
        "Shorten this to 1,500 characters or fewer. It has 1,694"
    )
    page_is_good(page, "counted")
    _type(page, "own_words.hopes", "To work with horses")
    expect(page.locator("#own_words-hopes-error")).to_have_count(0)


def test_a_year_in_two_digits_is_named_at_once(page: Page, record_id: UUID) -> None:
    _open(page, record_id, LEARNER)
    _type(page, "learner.date_of_birth-year", "12")
    expect(page.locator("#learner-date_of_birth-day-error")).to_contain_text(
        "Write the year in four digits, such as 2025"
    )
    picture(page, "short-year")


def test_half_a_date_is_not_called_wrong_before_it_is_left(page: Page, record_id: UUID) -> None:
    _open(page, record_id, "plan")
    reviewed = page.get_by_role("group", name="When was the last annual review?")
    reviewed.get_by_label("Day").fill("11")
    with page.expect_response("**/typed"):
        reviewed.get_by_label("Day").press("Tab")
    expect(page.locator("[data-saved]")).to_contain_text("Not right yet: ")
    assert _marks(page) == []
    expect(page.locator("[data-not-saved]")).to_have_text("")
    expect(reviewed.get_by_label("Month")).to_be_focused()
    page.keyboard.press("Tab")
    assert _marks(page) == []
    page.keyboard.press("Tab")
    expect(page.get_by_role("status").filter(has_text="Enter a real date")).to_be_visible()
    assert [one["name"] for one in _marks(page)] == ["ehc_plan.last_review"]


def test_without_a_script_the_limits_stand_beneath_the_boxes(
    live: Live, plain: Page, world: World, record_id: UUID
) -> None:
    live.admit(plain.context, world.senco)
    _open(plain, record_id, OWN_WORDS)
    box = plain.locator('[name="own_words.hopes"]')
    expect(plain.locator("#own_words-hopes-info")).to_have_text("You can enter up to 1,500 characters")
    box.fill("x" * 1694)
    plain.get_by_role("button", name="Save and go back to the list").click()
    expect(plain.locator("#own_words-hopes-error")).to_contain_text("It has 1,694")
    expect(plain.locator(".govuk-error-summary__title")).to_have_text(
        "This is typed and not saved yet. Everything else is saved"
    )
    picture(plain, "counted-without-script")
    plain.get_by_role("button", name="Throw away what is not saved").click()
    expect(plain.locator("dd")).to_contain_text("xxx")
    plain.get_by_role("link", name="Keep it and go back").click()
    expect(box).to_have_value("x" * 1694)
    plain.get_by_role("button", name="Throw away what is not saved").click()
    plain.get_by_role("button", name="Throw away for good").click()
    expect(box).to_have_value("")


@pytest.mark.parametrize("scripted", [True, False], ids=["with a script", "without"])
def test_a_destination_is_saved_as_far_as_it_is_right(
    live: Live, page: Page, plain: Page, world: World, record_id: UUID, scripted: bool
) -> None:
    live.admit(plain.context, world.senco)
    seen = page if scripted else plain
    seen.on("dialog", lambda dialog: pytest.fail(f"asked {dialog.type}"))
    seen.goto(f"/learners/{record_id}/destinations/0")
    seen.get_by_label("Provider in this exchange").select_option(f"{world.college.id}|")
    seen.get_by_label("Course or programme").fill("Joinery")
    offered = seen.get_by_role("group", name="When was the offer made?")
    for part, text in (("Day", "1"), ("Month", "10"), ("Year", "26")):
        offered.get_by_label(part).fill(text)
    seen.get_by_role("button", name="Save destination").click()
    summary = seen.locator(".govuk-error-summary")
    expect(summary).to_contain_text("This is typed and not saved yet. Everything else is saved")
    expect(summary).to_contain_text("Write the year in four digits, such as 2025")
    if scripted:
        page_is_good(seen, "destination-partly-saved")
    seen.get_by_role("link", name="Back", exact=True).click()
    expect(seen.get_by_text("Not everything that was typed here is saved.")).to_be_visible()
    expect(seen.locator(".govuk-summary-card")).to_contain_text("Joinery")
    if scripted:
        page_is_good(seen, "destinations-partly-saved")
    seen.get_by_role("link", name="Look at it").click()
    expect(offered.get_by_label("Year")).to_have_value("26")
    offered.get_by_label("Year").fill("2026")
    seen.get_by_role("button", name="Save destination").click()
    expect(seen.get_by_text("Not everything that was typed here is saved.")).to_have_count(0)
    expect(seen.locator(".govuk-summary-card")).to_contain_text("1 October 2026")
