"""The safeguarding team's list in a real browser: what was answered is seen, and no mark is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.exchange.safeguarding_answers import answer, taken_back
from tests.exchange.world import World
from transition_exchange.english import day


@pytest.fixture
def lead(page: Page, live: Live, world: World) -> Page:
    live.app.extensions["renderer"] = world.renderer
    live.admit(page.context, world.safeguarding_lead)
    return page


def _mark(page: Page, name: str, words: str) -> None:
    page.get_by_role("group", name=name).get_by_label(words).check()


def test_the_list_shows_what_was_answered(lead: Page, world: World) -> None:
    amina, ben, cara = world.sent().record_id, world.add("Ben", "Stone"), world.add("Cara", "Dale")
    dina = world.add("Dina", "Ellis")
    world.add("Elif", "Frost")
    answer(world, {amina: "no", ben: "yes", cara: "not_disclosed", dina: "no"})
    taken_back(world, dina)
    lead.goto("/learners/safeguarding?state=all")
    expect(
        lead.get_by_text("Released: 1 “Nothing to pass on”, 1 “There is a file” and 1 “Ring me”.")
    ).to_be_visible()
    row = lead.locator(".te-pick", has_text="Ben Stone")
    expect(row).to_contain_text("There is a file")
    expect(row).to_contain_text(f"released {day(datetime.now(UTC).date())}")
    expect(row.get_by_role("radio")).to_have_count(0)
    expect(lead.locator(".te-pick", has_text="Dina Ellis").get_by_role("radio")).to_have_count(4)
    expect(lead.get_by_text("It leaves out 1 learner whose answer was taken back")).to_be_visible()
    page_is_good(lead, "school-safeguarding-answered")
    lead.goto("/learners/safeguarding?state=released")
    page_is_good(lead, "school-safeguarding-released")
    lead.goto(f"/learners/{dina}")
    expect(lead.get_by_text("the next place has no answer from you")).to_be_visible()
    page_is_good(lead, "school-record-taken-back")


def _no_mark_is_lost(page: Page, *, scripted: bool) -> None:
    page.goto("/learners/safeguarding")
    _mark(page, "Amina Khan", "Nothing to pass on")
    _mark(page, "Ben Stone", "Ring me")
    page.get_by_label("Find by name").fill("dale")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("2 more learners are marked and not shown here.")).to_be_visible()
    _mark(page, "Cara Dale", "There is a file")
    if scripted:
        page_is_good(page, "school-safeguarding-marks-kept")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="release for 3 learners")).to_be_visible()
    page.get_by_role("link", name="Go back").click()
    expect(page.get_by_role("group", name="Cara Dale").get_by_label("There is a file")).to_be_checked()
    page.get_by_label("Find by name").fill("")
    page.get_by_label("Show", exact=True).select_option("Marked, not released yet")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("group", name="Amina Khan").get_by_label("Nothing to pass on")).to_be_checked()
    expect(page.get_by_role("group", name="Ben Stone").get_by_label("Ring me")).to_be_checked()


def test_no_mark_is_lost_by_a_search_or_going_back(lead: Page, world: World) -> None:
    for name in (("Amina", "Khan"), ("Ben", "Stone"), ("Cara", "Dale")):
        world.add(*name)
    _no_mark_is_lost(lead, scripted=True)
    # With a script, a link to a learner loses none either.
    _mark(lead, "Ben Stone", "Nothing to pass on")
    lead.get_by_role("link", name="Open Amina Khan").click()
    expect(lead.get_by_role("heading", name="Amina Khan", level=1)).to_be_visible()
    lead.goto("/learners/safeguarding")
    expect(lead.get_by_role("group", name="Ben Stone").get_by_label("Nothing to pass on")).to_be_checked()
    with lead.expect_response("**/safeguarding/marks"):
        _mark(lead, "Ben Stone", "Not now")
    with lead.expect_response("**/safeguarding/marks"):
        lead.get_by_role("button", name="Mark all that have no mark").click()
    lead.reload()
    expect(lead.get_by_role("group", name="Ben Stone").get_by_label("Nothing to pass on")).to_be_checked()
    expect(lead.get_by_role("group", name="Cara Dale").get_by_label("There is a file")).to_be_checked()


def test_no_mark_is_lost_without_a_script(plain: Page, live: Live, world: World) -> None:
    for name in (("Amina", "Khan"), ("Ben", "Stone"), ("Cara", "Dale")):
        world.add(*name)
    live.app.extensions["renderer"] = world.renderer
    live.admit(plain.context, world.safeguarding_lead)
    _no_mark_is_lost(plain, scripted=False)
