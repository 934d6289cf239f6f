"""A learner who was added by mistake, and one who has left or moved, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.exchange.world import World


@pytest.fixture
def senco(live: Live, context: BrowserContext, page: Page, world: World) -> Page:
    live.admit(context, world.senco)
    return page


def test_a_learner_who_was_added_by_mistake_is_removed(senco: Page, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.save(record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    senco.goto(f"/learners/{record_id}")
    senco.get_by_role("link", name="Remove this learner").click()
    page_is_good(senco, "remove")
    senco.get_by_role("button", name="Remove this learner").click()
    page_is_good(senco, "remove-no-reason")
    senco.get_by_label("They were added twice").check()
    senco.get_by_label("Our safeguarding team knows").check()
    senco.get_by_role("button", name="Remove this learner").click()
    expect(senco.get_by_role("alert")).to_contain_text("Mina Khan was removed.")
    page_is_good(senco, "removed")
    senco.goto(f"/learners/{record_id}")
    expect(senco.get_by_role("heading", level=1)).to_contain_text("not")


def test_whoever_was_sent_is_not_removed_but_said_to_have_moved_which_the_council_sees(
    senco: Page, live: Live, world: World
) -> None:
    sent = world.sent()
    senco.goto(f"/learners/{sent.record_id}/remove")
    expect(senco.get_by_role("heading", level=1)).to_have_text("Amina Khan cannot be removed")
    page_is_good(senco, "cannot-be-removed")
    senco.get_by_role("link", name="Say that this learner has left or moved").click()
    senco.get_by_label("No, they have moved to another school").check()
    senco.get_by_label("Which school have they moved to?").fill("Hill School, Sheffield")
    page_is_good(senco, "leaving")
    senco.get_by_role("button", name="Save and go back to the list").click()
    expect(senco.get_by_text("Moved to Hill School, Sheffield")).to_be_visible()
    page_is_good(senco, "record-moved")
    senco.goto("/learners")
    page_is_good(senco, "learners-moved")
    live.admit(senco.context, world.coordinator)
    senco.goto("/area/learners")
    page_is_good(senco, "area-moved")
    senco.goto(f"/area/learners/{sent.record_id}")
    expect(senco.get_by_text("Moved to Hill School, Sheffield", exact=True)).to_be_visible()
    page_is_good(senco, "area-learner-moved")


def test_the_council_is_told_whom_to_look_for_also_after_an_objection(
    page: Page, context: BrowserContext, live: Live, world: World
) -> None:
    left, less, moved = world.add("Ben", "Okafor"), world.add("Cara", "Dale"), world.add("Dylan", "Price")
    world.save(left, {"leaving": {"left_school": "left"}})
    world.save(moved, {"leaving": {"left_school": "moved"}})
    world.save(
        less,
        {
            "leaving": {"left_school": "left", "left_on": "2026-10-01"},
            "objection": {"objection": "by_parent", "objection_date": "2026-10-01"},
        },
    )
    live.admit(context, world.coordinator)
    page.goto("/area/learners")
    page_is_good(page, "area-left")
    for record_id in (left, less):
        page.goto(f"/area/learners/{record_id}")
        expect(page.get_by_text("Council to find out where they are: they have left school")).to_be_visible()
        page_is_good(page, f"area-learner-left-{'less' if record_id == less else 'all'}")
    page.goto(f"/area/learners/{moved}")
    expect(page.get_by_text("Council to find out which school they moved to")).to_be_visible()
    page.goto("/area")
    page.get_by_role("link", name="2 learners").click()
    expect(page.get_by_role("heading", name="2 learners")).to_be_visible()
