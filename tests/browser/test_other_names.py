"""What a SENCO sees of a provider whose name in the destination is not the confirmed one."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good, tab_to
from tests.exchange.coordinators import signed_in
from tests.exchange.other_names import FALSE, TRUE, add_unconfirmed, misnamed, rename
from tests.exchange.world import World


def test_a_destination_under_another_name_is_put_right(page: Page, live: Live, world: World) -> None:
    live.app.extensions["renderer"] = world.renderer
    record_id, _ = misnamed(world)
    live.admit(page.context, signed_in(world.senco))
    page.goto(f"/learners/{record_id}/send/transition")
    expect(page.get_by_label(f"Send to {TRUE}")).not_to_be_checked()
    page_is_good(page, "send-other-name")
    tab_to(page, "Check the destination")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"The destination says “{FALSE}”")).to_be_visible()
    page_is_good(page, "destinations-other-name")
    page.goto(f"/learners/{record_id}/destinations/0")
    page_is_good(page, "destination-other-name")
    page.goto(f"/learners/{record_id}/destinations")
    tab_to(page, f"Put in “{TRUE}”")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"The destination says “{TRUE}” now.")).to_be_visible()
    page.goto(f"/learners/{record_id}/send/transition")
    expect(page.get_by_label(f"Send to {TRUE}")).to_be_checked()


def test_a_provider_that_is_not_confirmed_is_marked(page: Page, live: Live, world: World) -> None:
    add_unconfirmed(world)
    record_id = world.add()
    live.admit(page.context, signed_in(world.senco))
    page.goto(f"/learners/{record_id}/destinations/0")
    page.get_by_label("Provider in this exchange").select_option(
        label=f"{FALSE} (not confirmed yet by the council)"
    )
    page_is_good(page, "destination-not-confirmed")
    page.get_by_role("button", name="Save destination").click()
    expect(page.get_by_text("Cannot be sent yet")).to_be_visible()
    page_is_good(page, "destinations-not-confirmed")
    page.goto(f"/learners/{record_id}/send/transition")
    page_is_good(page, "send-not-confirmed")


def test_a_renamed_provider_is_said_to_be_renamed(page: Page, live: Live, world: World) -> None:
    live.app.extensions["renderer"] = world.renderer
    record_id = world.add()
    world.fill(record_id)
    rename(world, "Northway College", "Northway Group", {"Exams office": "college_exams"})
    live.admit(page.context, signed_in(world.senco))
    for path in ("send/transition", "destinations", "destinations/0"):
        page.goto(f"/learners/{record_id}/{path}")
        expect(page.get_by_text("This provider has been renamed")).to_be_visible()
        page_is_good(page, f"{path.replace('/', '-')}-renamed")


def test_the_council_sees_both_names(page: Page, live: Live, world: World) -> None:
    record_id, _ = misnamed(world)
    live.admit(page.context, signed_in(world.coordinator))
    page.goto("/area/learners")
    expect(page.get_by_text(f"{FALSE} (confirmed as {TRUE})")).to_be_visible()
    page_is_good(page, "area-learners-other-name")
    page.goto(f"/area/learners/{record_id}")
    expect(page.get_by_text(f"{FALSE} (confirmed as {TRUE})")).to_be_visible()
    page_is_good(page, "area-learner-other-name")
