"""The council's settings in a real browser where the area's rules were damaged, or older ones were put back."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import update

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.exchange.coordinators import signed_in
from tests.exchange.seconding import confirmer_team, named, require
from tests.exchange.spoilt_rules import spoil
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.doubtful_rules import TICK
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.store.models import Area


def test_who_has_seen_no_rules_reads_it_and_ticks_first(
    live: Live, world: World, context: BrowserContext, page: Page
) -> None:
    lead = world.person("lead", "Ashdown Council", "NEET group", administrator=True, signs=True)
    live.admit(context, signed_in(lead))
    spoil(world, "forged")
    page.goto("/area/settings")
    expect(page.get_by_role("heading", name="What is signed when you save")).to_be_visible()
    page_is_good(page, "area-settings-unknown")
    page.get_by_label("They have accepted the offer").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name=TICK).click()
    expect(page.get_by_label("I have asked my colleagues")).to_be_focused()
    page_is_good(page, "area-settings-unknown-error")
    page.get_by_label("I have asked my colleagues").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The area’s settings are saved.")).to_be_visible()
    expect(page.get_by_role("heading", name="What is signed when you save")).to_have_count(0)


def test_who_has_seen_newer_rules_reads_what_is_signed_in_place_of_those_put_back(
    live: Live, world: World, context: BrowserContext, page: Page
) -> None:
    with world.db.read() as session:
        area = session.get_one(Area, world.area_id)
        older = {name: getattr(area, name) for name in ("rules", "rules_signature", "rules_key_id")}
    require(world, named(confirmer_team(world)))
    with world.db.write() as session:
        newest = AreaRules.read(session.get_one(Area, world.area_id).rules or "")
        session.execute(update(Area).where(Area.id == world.area_id).values(**older))
    lead = world.person("lead", "Ashdown Council", "NEET group", administrator=True, signs=True)
    teams = tuple(replace(team, rules=newest, second=newest.second) for team in lead.teams)
    live.admit(context, signed_in(replace(lead, teams=teams)))
    page.goto("/area/settings")
    expect(page.get_by_text("older than those that you have seen")).to_be_visible()
    expect(page.get_by_text("Riverside Boxing at Riverside Boxing confirms teams too.")).to_be_visible()
    page_is_good(page, "area-settings-put-back")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The area’s settings are saved.")).to_be_visible()
    page.get_by_role("link", name="Whether a second organisation confirms teams too").click()
    expect(page.get_by_text("Riverside Boxing at Riverside Boxing confirms teams too.")).to_be_visible()
