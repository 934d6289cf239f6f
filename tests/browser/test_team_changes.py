"""Other names and work for teams, and the second confirmer, in a real browser: accessible and at a phone's width."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good, tab_to
from tests.exchange.changing import administrator
from tests.exchange.coordinators import signed_in
from tests.exchange.seconding import confirmer_team, named, require
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor

COLLEGE = "Northway College"


def _is(live: Live, context: BrowserContext, person: Actor) -> None:
    """Go on as somebody else."""
    context.clear_cookies()
    live.admit(context, signed_in(person))


def test_a_change_is_proposed_accepted_and_confirmed(
    live: Live, page: Page, context: BrowserContext, world: World
) -> None:
    _is(live, context, administrator(world, COLLEGE))
    page.goto("/account/teams")
    page_is_good(page, "teams-administrator")
    page.get_by_role("link", name=re.compile("Change its name or work.*Exams office")).click()
    page_is_good(page, "change-team")
    page.get_by_label("Name of the team").fill("Admissions")
    page.get_by_role("button", name="Propose the change").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page_is_good(page, "change-team-errors")
    page.get_by_label("Name of the team").fill("Exams and safety")
    page.locator("label", has_text="Safeguarding").click()
    page.get_by_role("button", name="Propose the change").click()
    expect(page.get_by_text("A change of this team waits.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Look at the change")).click()
    page_is_good(page, "team-change-administrator")

    _is(live, context, world.college_exams)
    page.goto("/account/teams")
    page_is_good(page, "teams-member")
    tab_to(page, "Read it and decide")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A change of your team")
    page_is_good(page, "team-change-member")
    tab_to(page, "Accept the change")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your team has accepted the change.")).to_be_visible()
    page_is_good(page, "teams-accepted")

    _is(live, context, world.coordinator)
    page.goto("/area/organisations")
    page_is_good(page, "organisations-with-a-change")
    page.get_by_role("link", name="Confirm the change by phone").click()
    page_is_good(page, "confirm-a-change")
    page.get_by_role("button", name="Everything is the same: confirm").click()
    expect(page.get_by_text("Exams and safety at Northway College is confirmed.")).to_be_visible()


def test_an_organisation_is_renamed(live: Live, page: Page, context: BrowserContext, world: World) -> None:
    _is(live, context, administrator(world, COLLEGE))
    page.goto("/account/organisation/name")
    page_is_good(page, "rename-organisation")
    page.get_by_label("Name of the organisation").fill("Northway College Group")
    page.get_by_role("button", name="Propose the new name").click()
    expect(page.get_by_text("A change of this team waits.").first).to_be_visible()


def test_a_second_confirmer_is_chosen_and_confirms(
    live: Live, page: Page, context: BrowserContext, world: World
) -> None:
    _is(live, context, world.person("lead", "Ashdown Council", "NEET group", administrator=True))
    page.goto("/area/settings/second-confirmer")
    page_is_good(page, "second-confirmer-none")
    page.get_by_label("Which team confirms besides the council?").select_option(
        label="Riverside Boxing: Riverside Boxing"
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page_is_good(page, "second-confirmer-errors")
    today = datetime.now(UTC).date()
    for label, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_label(label, exact=True).fill(str(value))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("8 teams that you have confirmed wait for it.")).to_be_visible()
    page_is_good(page, "second-confirmer")
    page.goto("/area/organisations")
    page_is_good(page, "organisations-wait-for-the-second")

    _is(live, context, world.coach)
    page.goto("/account/teams")
    page.get_by_role("link", name="Confirm teams").click()
    page_is_good(page, "confirm-teams")
    page.get_by_role("link", name=re.compile("Confirm by phone.*Exams office")).click()
    page_is_good(page, "confirm-teams-number")
    page.get_by_role("button", name="Everything is the same: confirm").click()
    expect(page.get_by_text("Exams office at Northway College is confirmed.")).to_be_visible()


def test_a_dropped_rule_is_told(live: Live, page: Page, context: BrowserContext, world: World) -> None:
    second = named(confirmer_team(world))
    teams = tuple(replace(team, second=second) for team in world.senco.teams)
    require(world, second)
    _is(live, context, replace(world.senco, teams=teams))
    page.goto("/account/second-confirmer")
    page_is_good(page, "who-confirms")
    require(world, None)
    page.goto("/account/teams")
    page_is_good(page, "teams-rule-dropped")
    page.get_by_role("link", name="Read what to do").click()
    page_is_good(page, "who-confirms-dropped")
