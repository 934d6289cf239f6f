"""The pages on which a team's key is changed, in a real browser: accessible, by keyboard, at a phone's width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good, tab_to
from tests.exchange.people import Person
from tests.exchange.planted import invitation_elsewhere
from tests.web.accounts.school_keys import TRANSITION, School
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.renewing import retiring
from transition_exchange.store.base import utc_now


@pytest.fixture
def school(live: Live) -> School:
    return School.build(live.app, live.db)


def _is(live: Live, context: BrowserContext, person: Person) -> None:
    """Go on as somebody else, with the session that they have."""
    context.clear_cookies()
    name = live.app.config["SIGN_IN_COOKIE"]
    context.add_cookies([{"name": name, "value": person.cookie, "url": live.url}])


def _press(page: Page, text: str) -> None:
    """Reach a button or a link with the keyboard alone, and press it."""
    tab_to(page, text)
    page.keyboard.press("Enter")


def _number(page: Page) -> str:
    return page.locator(".te-code").inner_text()


def test_a_key_is_changed_after_somebody_left_and_colleagues_take_and_confirm_it(
    live: Live, page: Page, context: BrowserContext, school: School
) -> None:
    _is(live, context, school.sam)
    page.goto("/account/keys")
    expect(page.get_by_text("There is nothing to do.")).to_be_visible()
    page_is_good(page, "keys-nothing")

    school.remove(school.jo, by=school.sam)
    page.goto("/account/keys")
    expect(page.get_by_role("heading", name=f"{TRANSITION} needs a new key")).to_be_visible()
    page_is_good(page, "keys-due")
    _press(page, f"Change the key of {TRANSITION}")
    expect(page.get_by_text("Jo Marsh has left.")).to_be_visible()
    expect(page.get_by_role("group", name="Who gets the new key, besides you?")).to_be_visible()
    expect(page.get_by_label("Robin Reed")).to_be_checked()
    page_is_good(page, "change-key")
    _press(page, "Change the key")
    expect(page.get_by_text("Everything of your teams is under the new key now.")).to_be_visible()
    waits = f"The new key of {TRANSITION} is not confirmed yet"
    expect(page.get_by_role("heading", name=waits)).to_be_visible()
    page_is_good(page, "keys-changed")
    page.goto("/account/teams")
    own = page.locator(".te-number").all_inner_texts()

    _is(live, context, school.robin)
    page.goto("/account/keys")
    expect(page.get_by_text(f"Sam School has changed the key of {TRANSITION}")).to_be_visible()
    assert _number(page) in own
    page_is_good(page, "keys-offered")
    _press(page, "It is the same: take the new key")
    expect(page.get_by_text("You have your team’s new key.")).to_be_visible()

    _is(live, context, school.lee)
    page.goto("/account/keys")
    page_is_good(page, "keys-to-confirm")
    _press(page, f"Confirm the new key of {TRANSITION}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Confirm the new key of {TRANSITION}")
    assert _number(page) in own
    page.get_by_text("Something is different").click()
    page_is_good(page, "vouch")
    page.reload()
    _press(page, "It is the same: confirm")
    expect(page.get_by_text("The new key is confirmed.")).to_be_visible()


def test_a_key_is_changed_for_no_reason_and_whoever_was_unticked_is_invited_again(
    live: Live, page: Page, context: BrowserContext, school: School
) -> None:
    school.visit(school.sam, proven=True)
    _is(live, context, school.sam)
    school.visit(school.sam)  # from here on their passphrase counts as just given
    page.goto("/account/keys")
    page.get_by_role("link", name=f"Change the key of {TRANSITION}").click()
    expect(page.get_by_text("Nobody has left the team.")).to_be_visible()
    page_is_good(page, "change-key-no-reason")
    page.get_by_label("Robin Reed").uncheck()
    page.get_by_role("button", name="Change the key").click()
    expect(page.get_by_text("Everything of your teams is under the new key now.")).to_be_visible()
    _is(live, context, school.robin)
    page.goto("/account/keys")
    heading = page.get_by_role("heading", name=re.compile(f"You do not have the new key of {TRANSITION}"))
    expect(heading).to_be_visible()
    page_is_good(page, "keys-without")


def test_the_councils_new_number_is_compared(
    live: Live, page: Page, context: BrowserContext, school: School
) -> None:
    accounts = school.accounts
    kit = accounts.colleague(school.cora, "Kit Council", "NEET group")
    council = accounts.actor(school.cora).teams[0].id
    visitor = school.visit(school.cora)
    visitor.post(f"/account/teams/people/{accounts.row(kit).id}/remove")
    form = visitor.get(f"/account/teams/{council}/key").fields()
    assert visitor.post(f"/account/teams/{council}/key", form).status == 303
    own = visitor.get("/account/teams").texts(".te-number")

    _is(live, context, school.sam)
    page.goto("/account/keys")
    page_is_good(page, "keys-council")
    _press(page, "Compare the council’s number")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare the council’s number")
    assert _number(page) in own
    page.get_by_text("Something is different").click()
    page_is_good(page, "council-number")
    page.reload()
    _press(page, "It is the same: confirm")
    expect(page.get_by_text("You have confirmed the council’s new number.")).to_be_visible()


def test_what_could_not_be_locked_with_the_new_key_is_on_the_page(
    live: Live, page: Page, context: BrowserContext, school: School
) -> None:
    school.accounts.change_key(school.sam, school.team_id)
    sam = school.accounts.actor(school.sam)
    key_id = next(team.key_id for team in sam.teams if team.id == school.team_id)
    retiring.retire(db=live.db, actor=sam, ids=[key_id], now=utc_now(), failed=2)
    _is(live, context, school.sam)
    page.goto("/account/keys")
    expect(page.get_by_text(f"when the key of {TRANSITION} was changed on")).to_be_visible()
    page_is_good(page, "keys-left-behind")


def test_a_key_from_outside_the_team_and_an_invitation_into_another_team(
    live: Live, page: Page, context: BrowserContext, school: School
) -> None:
    accounts = school.accounts
    invitation_elsewhere(accounts, school.sam)
    _is(live, context, school.lee)
    page.goto("/account/teams")
    expect(page.get_by_text("was shown “Exams office” at Ashdown School")).to_be_visible()
    page_is_good(page, "teams-invited-into-another")
    accounts.change_key(school.robin, school.team_id)
    teams.remove_person(
        db=accounts.db, actor=accounts.proven(school.sam), principal_id=accounts.row(school.robin).id
    )
    _is(live, context, school.sam)
    page.goto("/account/keys")
    expect(page.get_by_text(f"Robin Reed is not in {TRANSITION}, but handed you a new key")).to_be_visible()
    expect(page.get_by_role("button", name="It is the same: take the new key")).to_have_count(0)
    page_is_good(page, "keys-from-outside")
    page.goto("/account/teams/invite")
    expect(page.get_by_text("Safeguarding at school")).to_be_visible()
    page_is_good(page, "invite-with-work")
