"""A key and a team that wait for something which the person has to do first, in a real browser."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.exchange.people import Person
from tests.exchange.walks.changes_of_keys import NEW_NAME, Area
from tests.web.accounts.waiting_keys import administrator, area_on, away, is_here, join_office


def _is(live: Live, context: BrowserContext, area: Area, person: Person) -> None:
    """Go on as somebody else, who signs in now."""
    is_here(area, person)
    context.clear_cookies()
    name = live.app.config["SIGN_IN_COOKIE"]
    context.add_cookies([{"name": name, "value": person.cookie, "url": live.url}])


def test_a_team_waits_for_the_decision_about_the_areas_new_rule(
    live: Live, page: Page, context: BrowserContext
) -> None:
    """Adi was in no team, and was invited into the office."""
    area = area_on(live.db)
    adi = administrator(area)
    area.require_second(area.college())
    area.accounts.sign_in_later(adi)
    area.drop_second()
    area.accept(area.sam)
    area.accounts.sign_in_later(adi)
    join_office(area, adi)
    _is(live, context, area, adi)
    page.goto("/account")
    expect(page.get_by_text("waits for your decision about the area’s new rule")).to_be_visible()
    page_is_good(page, "account-waits-for-rule")
    page.get_by_role("link", name="Decide first whether you accept the new rule").click()
    page_is_good(page, "second-confirmer-in-no-team")


def test_a_key_waits_for_the_councils_number_and_then_for_the_areas_new_rule(
    live: Live, page: Page, context: BrowserContext
) -> None:
    """Kim was away while all of it changed. Adi was in no team, and was invited into the office meanwhile."""
    area = area_on(live.db)
    area.require_second_of_a_college()
    kim, adi = away(area), administrator(area)
    area.drop_second()
    area.accept(area.sam)
    area.happens("rck")
    area.accounts.sign_in_later(adi)
    join_office(area, adi, NEW_NAME)
    _is(live, context, area, adi)
    page.goto("/account/teams")
    expect(page.get_by_role("link", name="Compare the council’s number first")).to_be_visible()
    page_is_good(page, "teams-waits-for-council")

    _is(live, context, area, kim)
    page.goto("/account")
    page_is_good(page, "account-key-waits")
    page.get_by_role("link", name="See what to do about").click()
    expect(page.get_by_text("What the council has confirmed since it got its own new key")).to_be_visible()
    page_is_good(page, "keys-wait-for-council")
    page.get_by_role("button", name="Compare the council’s number").click()
    page.get_by_role("button", name="It is the same: confirm").click()
    expect(page.get_by_role("button", name="Read the new rule")).to_be_visible()
    page_is_good(page, "keys-wait-for-rule")
    area.accept(kim)
    page.reload()
    expect(page.get_by_text(f"Sam School has changed the key of {NEW_NAME}")).to_be_visible()
    page.get_by_role("button", name="It is the same: take the new key").click()
    expect(page.get_by_text("You have your team’s new key.")).to_be_visible()
