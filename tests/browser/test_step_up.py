"""Confirming who one is, changing the app, and ending sessions elsewhere, in a real browser and without scripts."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.browser.walking import Walker
from tests.web.accounts.people import PASSPHRASE, code_for, founded
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Principal, SignInSession


def long_ago(live: Live) -> None:
    """Nobody has given a passphrase or code again in the last ten minutes."""
    with live.db.write() as session:
        session.execute(update(SignInSession).values(proven_at=utc_now() - timedelta(minutes=11)))


def test_an_invitation_is_confirmed_and_nothing_typed_is_lost(live: Live, page: Page) -> None:
    walker = Walker(page)
    robin = founded(live.db)
    walker.join(robin.link, robin.words)
    long_ago(live)
    page.goto("/account/teams/invite")
    walker.type("Their name", "Sam Okafor")
    walker.type("Their work e-mail address", "sam@council.example")
    walker.tick("NEET group")
    walker.press("Invite")
    walker.arrived("Confirm that it is you")
    page_is_good(page, "step-up")
    walker.type("Your passphrase, or a code from your app", "not this")
    walker.press("Confirm and go on")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page_is_good(page, "step-up-wrong")
    walker.type("Your passphrase, or a code from your app", PASSPHRASE)
    walker.press("Confirm and go on")
    walker.arrived("Tell them these five words")
    expect(page.get_by_text("Sam Okafor")).to_be_visible()


def test_another_app_is_set_up_and_a_session_elsewhere_is_ended_without_scripts(
    live: Live, plain: Page, chromium: Browser
) -> None:
    walker = Walker(plain)
    robin = founded(live.db)
    app = walker.join(robin.link, robin.words)
    elsewhere = chromium.new_context(base_url=live.url, java_script_enabled=False)
    other = elsewhere.new_page()
    other.goto("/account/sign-in")
    other.get_by_label("E-mail address").fill(robin.email)
    other.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    other.get_by_role("button", name="Sign in").click()
    other.get_by_label("Code", exact=True).fill(code_for(app, ahead=1))
    other.get_by_role("button", name="Continue").click()

    walker.follow("Your account")
    walker.follow("Look at where you are signed in")
    walker.arrived("Where you are signed in")
    expect(plain.get_by_text("Chrome on Linux").first).to_be_visible()
    walker.press("Sign out there")
    expect(plain.get_by_text("You are signed out there.")).to_be_visible()
    other.goto("/account")
    assert other.get_by_role("heading", level=1).inner_text() == "Sign in"
    elsewhere.close()

    walker.follow("Your account")
    walker.follow("Change your authenticator app")
    long_ago(live)
    walker.press("Set up another app")
    walker.arrived("Confirm that it is you")
    with live.db.write() as session:
        session.execute(update(Principal).values(second_factor_last_step=None))
    walker.type("Code", code_for(app))
    walker.press("Confirm and go on")
    walker.arrived("Set up your new app")
    plain.get_by_text("I cannot scan it").click()
    walker.type("Code", code_for(plain.locator(".te-code").inner_text()))
    walker.press("Finish")
    walker.arrived("Your account")
    expect(plain.get_by_text("Your new app is set up.")).to_be_visible()


def test_the_pages_about_one_s_browsers_and_app_are_good(live: Live, page: Page) -> None:
    walker = Walker(page)
    robin = founded(live.db)
    walker.join(robin.link, robin.words)
    page.goto("/account/browsers")
    page_is_good(page, "browsers")
    page.goto("/account/new-app")
    page_is_good(page, "new-app")
    page.get_by_role("button", name="Set up another app").click()
    walker.arrived("Set up your new app")
    page_is_good(page, "new-app-confirm")
    page.goto("/account/teams")
    page.get_by_role("link", name="Robin Marsh").click()
    page_is_good(page, "person")
    page.goto("/account")
    page_is_good(page, "account")
    page.get_by_role("button", name="Sign out").click()
    walker.arrived("Sign in")
