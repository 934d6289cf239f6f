"""What is no longer asked, or is not right yet, can be seen and cleared away in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.exchange.world import World


@pytest.fixture
def learner(live: Live, context: BrowserContext, world: World) -> str:
    """A learner whose need was written down before their SEN provision became "none"; the SENCO is signed in."""
    record_id = world.add()
    world.save(record_id, {"sen": {"provision": "E"}})
    world.save(record_id, {"adulthood": {"vocational": "A placement at the stables"}})
    world.save(record_id, {"sen": {"provision": "N"}})
    live.admit(context, world.senco)
    return f"/learners/{record_id}"


def test_what_is_not_asked_any_more_is_shown_and_deleted_only_on_purpose(page: Page, learner: str) -> None:
    page.goto(f"{learner}/check/transition")
    kept = page.get_by_role("region", name="Kept, not sent")
    expect(kept).to_contain_text("A placement at the stables")
    page_is_good(page, "check-kept")
    page.goto(f"{learner}/pages/plan")
    expect(page.get_by_role("region", name="Kept, not sent")).to_contain_text("A placement at the stables")
    page_is_good(page, "page-kept")
    page.get_by_role("region", name="Kept, not sent").get_by_role("button").click()
    expect(page.get_by_role("region", name="Kept, not sent")).to_have_count(0)
    page.goto(f"{learner}/check/transition")
    expect(page.get_by_role("region", name="Kept, not sent")).to_have_count(0)


def test_what_is_not_saved_is_named_before_sending(page: Page, learner: str) -> None:
    page.goto(f"{learner}/pages/learner")
    page.locator('[name="pupil_number.upn"]').fill("A801200005001")
    page.locator('[name="pupil_number.upn"]').blur()
    expect(page.locator("[data-saved]")).to_contain_text("Not right yet: “Unique pupil number (UPN)”.")
    page.goto(f"{learner}/check/transition")
    expect(page.get_by_text("Typed and not saved")).to_be_visible()
    expect(page.get_by_text("Something that you typed is not saved yet")).to_have_count(0)
    page_is_good(page, "check-not-saved")
    page.goto(learner)
    expect(page.get_by_text("1 answer is typed and not saved.")).to_be_visible()
    page_is_good(page, "record-not-saved")
    page.goto("/learners")
    expect(page.locator("td").get_by_text("1 not saved", exact=True)).to_be_visible()
    page.get_by_label("Show").select_option(label="Typed and not saved (1)")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("td").get_by_text("1 not saved", exact=True)).to_be_visible()
    page_is_good(page, "learners-not-saved")
