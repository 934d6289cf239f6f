"""What a school's office meets when somebody leaves, in a real browser: from removing them to the confirmed key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good, tab_to
from tests.exchange.people import PASSPHRASE
from tests.exchange.walks.leaving import LEADS, OFFICE, Area


@pytest.fixture
def area(live: Live) -> Area:
    """Megan has joined since Ada signed in last. Both, Sam and the council's Cora are signed in now."""
    area = Area.build(live.db)
    area.world.add()
    megan = area.accounts.colleague(area.people["sam"], "Megan Frith", OFFICE, administrator=True)
    area.people["megan"] = megan
    return area


def _is(live: Live, context: BrowserContext, area: Area, name: str) -> None:
    """Go on as somebody else, who has just signed in."""
    clock = area.accounts.clock
    clock.now = max(clock.now, datetime.now(UTC) - timedelta(minutes=9))
    area.accounts.sign_in(area.people[name])
    context.clear_cookies()
    cookie = live.app.config["SIGN_IN_COOKIE"]
    context.add_cookies([{"name": cookie, "value": area.people[name].cookie, "url": live.url}])


def _press(page: Page, text: str) -> None:
    """Reach a button or a link with the keyboard alone, and press it."""
    tab_to(page, text)
    page.keyboard.press("Enter")


def test_an_administrator_removes_somebody_and_a_colleague_who_never_met_them_confirms_the_key(
    live: Live, page: Page, context: BrowserContext, area: Area
) -> None:
    _is(live, context, area, "megan")
    page.goto("/account/teams")
    page.get_by_role("link", name="Jo Marsh").click()
    page_is_good(page, "person")
    page.get_by_role("button", name="Remove Jo Marsh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove Jo Marsh?")
    expect(page.get_by_text(f"{OFFICE} needs a new key")).to_be_visible()
    page_is_good(page, "remove-person")
    _press(page, "Remove Jo Marsh")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    page_is_good(page, "remove-step-up")
    page.get_by_label("Your passphrase, or a code from your app").fill(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Change the key of {OFFICE}")
    page_is_good(page, "remove-done")
    _press(page, "Change the key")
    expect(page.get_by_text("Everything of your teams is under the new key now.")).to_be_visible(
        timeout=30_000
    )
    expect(page.get_by_text(f"can be confirmed by Ada Aide in {LEADS}, on the page")).to_be_visible()
    number = page.locator(".te-code").inner_text()

    _is(live, context, area, "cora")
    page.goto("/area/organisations")
    page_is_good(page, "council-somebody-left")
    page.get_by_role("link", name="Confirm by phone").click()
    expect(page.get_by_text("Somebody has left this team since you confirmed it")).to_be_visible()
    page_is_good(page, "council-confirms-after-leaving")

    _is(live, context, area, "ada")
    page.goto("/learners/safeguarding")
    expect(page.get_by_text(f"Megan Frith changed the key because Jo Marsh left {OFFICE}.")).to_be_visible()
    page_is_good(page, "safeguarding-waits")
    page.get_by_role("link", name=f"Confirm the new key of {OFFICE}").click()
    page_is_good(page, "keys-to-confirm-unmet")
    page.get_by_role("button", name=f"Confirm the new key of {OFFICE}").click()
    expect(page.get_by_text("You have not met Megan Frith here before.")).to_be_visible()
    assert page.locator(".te-code").inner_text() == number
    page_is_good(page, "vouch-unmet")
    _press(page, "It is the same: confirm")
    expect(page.get_by_text("The new key is confirmed.")).to_be_visible()
    page.goto("/learners/safeguarding")
    expect(page.get_by_text("1 learner")).to_be_visible()
    expect(page.get_by_text("not confirmed yet")).to_have_count(0)
