"""What is typed on a page of the form is saved without a button, and nothing is lost when a page is left."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from tests.browser.conftest import Live
from tests.browser.looking import PHONE, page_is_good
from tests.exchange.world import World
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft


@pytest.fixture
def record_id(world: World) -> UUID:
    return world.add()


@pytest.fixture
def form(live: Live, context: BrowserContext, page: Page, world: World, record_id: UUID) -> Page:
    """The SENCO has a page of a learner's form open."""
    live.admit(context, world.senco)
    page.goto(f"/learners/{record_id}/pages/learner")
    return page


def _draft(world: World, record_id: UUID) -> Draft:
    return open_draft(db=world.db, actor=world.senco, record_id=record_id)


def test_a_field_that_is_left_is_saved_and_there_after_going_back(
    form: Page, world: World, record_id: UUID
) -> None:
    form.locator('[name="known_as.preferred_name"]').fill("Mina")
    expect(form.locator("[data-saved]")).to_have_text("Not saved yet.")
    form.locator('[name="pupil_number.upn"]').focus()
    expect(form.locator("[data-saved]")).to_contain_text("Saved ")
    page_is_good(form, "saved-by-itself")
    form.get_by_role("link", name="Back", exact=True).click()
    expect(form.locator("h1")).to_contain_text("Mina Khan")
    form.go_back()
    expect(form.locator('[name="known_as.preferred_name"]')).to_have_value("Mina")
    assert _draft(world, record_id).answers["known_as"] == {"preferred_name": "Mina"}


def test_a_wrong_answer_is_said_and_is_there_when_the_page_is_opened_again(
    form: Page, world: World, record_id: UUID
) -> None:
    form.locator('[name="pupil_number.upn"]').fill("A801200005001")
    form.locator('[name="known_as.preferred_name"]').fill("Mina")
    form.locator('[name="known_as.preferred_name"]').blur()
    expect(form.locator("[data-saved]")).to_contain_text("Not right yet: “Unique pupil number (UPN)”.")
    form.reload()
    expect(form.locator('[name="pupil_number.upn"]')).to_have_value("A801200005001")
    expect(form.locator(".govuk-error-summary")).to_be_visible()
    expect(form.get_by_role("button", name="Throw away what is not saved")).to_be_visible()
    page_is_good(form, "not-right-yet")
    form.get_by_role("button", name="Throw away what is not saved").click()
    expect(form.locator("h1")).to_have_text("Throw away what is not saved?")
    expect(form.locator("dl")).to_contain_text("A801200005001")
    page_is_good(form, "throw-away")
    form.get_by_role("button", name="Throw away for good").click()
    expect(form.locator('[name="pupil_number.upn"]')).to_have_value("")
    expect(form.locator('[name="known_as.preferred_name"]')).to_have_value("Mina")


def test_what_was_pasted_and_undone_does_not_come_back(form: Page, world: World, record_id: UUID) -> None:
    town = form.locator('[name="enrolment.town"]')
    town.fill("x" * 5000)
    town.blur()
    expect(form.locator("[data-saved]")).to_contain_text("Not right yet: “Town or city”.")
    town.fill("")
    town.blur()
    expect(form.locator("[data-saved]")).to_contain_text("Saved ")
    assert _draft(world, record_id).resting.answers == {}
    form.reload()
    expect(form.locator('[name="enrolment.town"]')).to_have_value("")


def test_what_a_colleague_saved_meanwhile_is_shown_beside_it(
    form: Page, world: World, record_id: UUID
) -> None:
    office = world.person("office", "Ashdown School", "Transition team")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}}, actor=office)
    form.locator('[name="known_as.preferred_name"]').fill("Amy")
    form.locator('[name="known_as.preferred_name"]').blur()
    expect(form.locator("[data-saved]")).to_contain_text("Other answers were saved here meanwhile.")
    form.get_by_role("button", name="Save and continue").click()
    expect(form.locator(".te-clash__side").first).to_contain_text("Mina")
    expect(form.locator(".te-clash__side").last).to_contain_text("Amy")
    page_is_good(form, "two-met")
    form.get_by_role("button", name="Save and continue").click()
    expect(form.get_by_text("Saved.")).to_be_visible()
    assert _draft(world, record_id).answers["known_as"] == {"preferred_name": "Amy"}


def test_a_server_that_is_away_for_a_while_loses_nothing(form: Page, world: World, record_id: UUID) -> None:
    form.route("**/typed", lambda route: route.fulfill(status=429))
    form.locator('[name="known_as.preferred_name"]').fill("Mina")
    form.locator('[name="known_as.preferred_name"]').blur()
    expect(form.locator("[data-not-saved]")).to_have_text(
        "What you typed could not be saved. We go on trying."
    )
    page_is_good(form)
    form.unroute("**/typed")
    form.locator('[name="known_as.pronouns"]').fill("she/her")
    form.locator('[name="known_as.pronouns"]').blur()
    expect(form.locator("[data-not-saved]")).to_have_text("")
    assert _draft(world, record_id).answers["known_as"] == {
        "preferred_name": "Mina",
        "pronouns": "she/her",
    }


def test_leaving_right_after_typing_saves_without_a_question(
    form: Page, world: World, record_id: UUID
) -> None:
    form.on("dialog", lambda dialog: pytest.fail(f"asked {dialog.type}"))
    form.locator('[name="known_as.preferred_name"]').click()
    form.keyboard.type("Mina")
    with form.expect_request_finished(lambda request: request.url.endswith("/typed")):
        form.get_by_role("link", name="Back", exact=True).click()
    expect(form.locator("h1")).to_contain_text("Khan")
    assert _draft(world, record_id).answers["known_as"] == {"preferred_name": "Mina"}


def test_leaving_with_what_could_not_be_saved_warns(form: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    form.on("dialog", stay)
    form.route("**/typed", lambda route: route.fulfill(status=429))
    form.locator('[name="known_as.preferred_name"]').click()
    form.keyboard.type("Mina")
    form.locator('[name="known_as.preferred_name"]').blur()
    expect(form.locator("[data-not-saved]")).to_contain_text("could not be saved")
    form.get_by_role("link", name="Back", exact=True).click()
    expect(form.locator('[name="known_as.preferred_name"]')).to_have_value("Mina")
    assert asked == ["beforeunload"]


def test_without_a_script_the_page_says_that_it_has_to_be_saved(
    live: Live, plain: Page, world: World, record_id: UUID
) -> None:
    live.admit(plain.context, world.senco)
    plain.set_viewport_size(PHONE)
    plain.goto(f"/learners/{record_id}/pages/learner")
    expect(plain.get_by_text("This page does not save itself in this browser.")).to_be_visible()
    plain.locator('[name="pupil_number.upn"]').fill("A801200005001")
    plain.locator('[name="known_as.preferred_name"]').fill("Mina")
    plain.get_by_role("button", name="Save and continue").click()
    expect(plain.locator(".govuk-error-summary")).to_contain_text("Everything else is saved")
    plain.reload()
    expect(plain.locator('[name="pupil_number.upn"]')).to_have_value("A801200005001")
    assert _draft(world, record_id).answers["known_as"] == {"preferred_name": "Mina"}


def test_signing_out_in_another_tab_saves_first(
    live: Live, context: BrowserContext, form: Page, world: World, record_id: UUID
) -> None:
    other = context.new_page()
    other.goto("/learners")
    form.locator('[name="known_as.preferred_name"]').click()
    form.keyboard.type("Mina")
    expect(form.locator("[data-saved]")).to_have_text("Not saved yet.")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert _draft(world, record_id).answers["known_as"] == {"preferred_name": "Mina"}


def test_what_is_typed_while_a_save_is_on_its_way_is_saved_next_and_not_called_saved(
    form: Page, world: World, record_id: UUID
) -> None:
    held: list[Route] = []
    form.route("**/typed", lambda route: held.append(route), times=1)
    form.locator('[name="known_as.preferred_name"]').fill("Mina")
    form.locator('[name="enrolment.town"]').focus()
    form.wait_for_timeout(200)
    form.locator('[name="enrolment.town"]').fill("Ashdown")
    form.locator('[name="enrolment.postcode"]').focus()
    with form.expect_response("**/typed"):
        held[0].continue_()
    expect(form.locator("[data-saved]")).to_contain_text("Saved ")
    answers = _draft(world, record_id).answers
    assert (answers["known_as"], answers["enrolment"]) == ({"preferred_name": "Mina"}, {"town": "Ashdown"})


def test_a_page_that_does_not_save_itself_asks_before_it_is_left(form: Page, record_id: UUID) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page = form
    page.on("dialog", stay)
    page.goto(f"/learners/{record_id}/destinations/0")
    page.get_by_label("Provider in this exchange").select_option(index=1)
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a destination")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save destination").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Add a destination")
    assert asked == ["beforeunload"], "a button saves without a question"
