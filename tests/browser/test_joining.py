"""A new council and a new school come in, in a real browser; every page on the way is looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good, tab_to
from tests.web.accounts.people import PASSPHRASE, Invited, code_for, founded, link_of
from transition_exchange.store.models import Invitation


def join(page: Page, invited: Invited, name: str) -> str:
    """Join by the pages. Returns the app's secret."""
    page.goto(invited.link)
    page_is_good(page, "join")
    page.get_by_label("The five words you were told").fill(invited.words)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    page_is_good(page, "set-up")
    page.get_by_text("I cannot scan it").click()
    typed = page.locator(".te-code").inner_text()
    page.get_by_label("Code", exact=True).fill(code_for(typed))
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have joined")
    page_is_good(page, "joined")
    return typed


def test_an_administrator_joins_keeps_a_code_and_invites_a_colleague(live: Live, page: Page) -> None:
    typed = join(page, founded(live.db), "Robin Marsh")

    page.get_by_role("button", name="Make a recovery code").click()
    page_is_good(page, "recovery")
    page.get_by_role("button", name="Make a recovery code").click()
    code = page.locator("#recovery-code").inner_text()
    page_is_good(page, "recovery-shown")
    page.get_by_role("button", name="I have it").click()
    page.get_by_label("Recovery code").fill("not this")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page_is_good(page, "recovery-wrong")
    page.get_by_label("Recovery code").fill(code)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page_is_good(page, "account")

    page.get_by_role("navigation").get_by_role("link", name="People and teams").click()
    page_is_good(page, "teams")
    page.get_by_role("button", name="Invite somebody").click()
    page_is_good(page, "invite")
    page.get_by_label("Their name").fill("Sam Okafor")
    page.get_by_label("Their work e-mail address").fill("sam@council.example")
    page.get_by_role("button", name="Invite").click()
    page_is_good(page, "invite-wrong")
    page.get_by_role("checkbox", name="NEET group").check()
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tell them these five words")
    words = page.locator("#spoken-code").inner_text()
    page_is_good(page, "invited")
    page.get_by_role("button", name="I have told them").click()
    page_is_good(page, "teams-invited")
    with live.db.read() as session:
        invitation = session.scalars(
            select(Invitation.id).where(Invitation.email == "sam@council.example")
        ).one()

    page.get_by_role("link", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    join(page, Invited(link_of(live.db, invitation), words, "sam@council.example"), "Sam Okafor")
    page.get_by_role("navigation").get_by_role("link", name="People and teams").click()
    expect(page.get_by_text("Sam Okafor", exact=True).first).to_be_visible()
    assert typed


def test_signing_in_works_with_the_keyboard_alone(live: Live, page: Page) -> None:
    typed = join(page, founded(live.db), "Robin Marsh")
    page.context.clear_cookies()
    page.goto("/account/sign-in")
    page_is_good(page, "sign-in")
    tab_to(page, "E-mail address")
    page.keyboard.type("robin@council.example")
    tab_to(page, "Passphrase")
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    page_is_good(page, "code")
    tab_to(page, "Code")
    page.keyboard.type(code_for(typed, ahead=1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Your account")).to_be_visible()


def test_the_end_of_the_session_is_announced_and_put_off(live: Live, page: Page) -> None:
    join(page, founded(live.db), "Robin Marsh")
    page.clock.install()
    page.goto("/account/teams/invite")
    warning = page.locator("#session-warning")
    expect(warning).to_be_hidden()
    page.get_by_label("Their name").fill("Sam Okafor")
    page.clock.fast_forward(26 * 60 * 1000)
    page.clock.fast_forward(200)
    expect(warning.get_by_role("status")).to_contain_text("For safety you are signed out at")
    expect(page.get_by_label("Their name")).to_be_focused()
    page_is_good(page, "session-warning")
    page.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    expect(page.get_by_label("Their name")).to_have_value("Sam Okafor")
    expect(page.get_by_label("Their name")).to_be_focused()
    page.clock.fast_forward(20 * 60 * 1000)
    with page.expect_response("**/account/stay"):
        page.keyboard.type("e")
    page.clock.fast_forward(20 * 60 * 1000)
    expect(warning).to_be_hidden()
    page.clock.fast_forward(31 * 60 * 1000)
    expect(page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
    page_is_good(page, "session-over")


@pytest.mark.parametrize("path", ["/", "/what-happens-next", "/accessibility", "/privacy", "/cookies",
                                  "/account/sign-in", "/account/recover", "/join/none", "/nowhere"])  # fmt: skip
def test_every_public_page_is_good(page: Page, path: str) -> None:
    page.goto(path)
    page_is_good(page, f"public{path.replace('/', '-')}")


def test_the_way_in_works_without_scripts(live: Live, plain: Page) -> None:
    join_without_looking = founded(live.db)
    plain.goto(join_without_looking.link)
    plain.get_by_label("The five words you were told").fill(join_without_looking.words)
    plain.get_by_label("Your passphrase", exact=True).fill(PASSPHRASE)
    plain.get_by_role("button", name="Join").click()
    plain.get_by_text("I cannot scan it").click()
    plain.get_by_label("Code", exact=True).fill(code_for(plain.locator(".te-code").inner_text()))
    plain.get_by_role("button", name="Finish").click()
    assert plain.get_by_role("heading", level=1).inner_text() == "You have joined"
    plain.goto("/account/teams")
    assert "Ashdown Council" in plain.content()
