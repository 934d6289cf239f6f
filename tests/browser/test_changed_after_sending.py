"""Sent means sent: a change, a college that is held back, and one from which a record was taken back, in a browser."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.exchange.world import World
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.store.models import Organisation


@pytest.fixture
def learner(live: Live, context: BrowserContext, world: World) -> str:
    """A learner whose record the college has; the SENCO is signed in."""
    sent = world.sent()
    live.admit(context, world.senco)
    return f"/learners/{sent.record_id}"


def test_a_change_is_seen_from_the_list_to_the_button_beside_saved(page: Page, learner: str) -> None:
    page.goto(f"{learner}/pages/learner")
    page.locator('[name="known_as.preferred_name"]').fill("Mina")
    page.get_by_role("button", name="Save and go back to the list").click()
    expect(page.get_by_role("alert")).to_contain_text("This has changed since it was sent.")
    expect(page.get_by_text("Changed since it was sent", exact=True)).to_be_visible()
    page_is_good(page, "record-changed")
    page.goto("/learners")
    expect(page.locator("td").get_by_text("Changed since it was sent", exact=True)).to_be_visible()
    page_is_good(page, "learners-changed")
    page.get_by_label("Show").select_option(label="Changed since it was sent (1)")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Mina Khan")).to_be_visible()
    page.goto(f"{learner}/send/transition")
    page_is_good(page, "send-changed")
    hold = page.get_by_label("Hold the changed version back from Northway College")
    hold.check()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why Northway College is not to get")
    expect(page.get_by_label("Hold the changed version back from Northway College")).to_be_checked()
    page_is_good(page, "send-no-reason")
    page.get_by_label("Why?").fill("They asked us to wait for the review")
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("alert")).to_contain_text("Northway College keeps the version before.")
    expect(page.get_by_text("Held back", exact=True)).to_be_visible()
    expect(page.get_by_text("“They asked us to wait for the review”")).to_be_visible()
    page_is_good(page, "sent-held-back")
    page.goto(learner)
    expect(page.get_by_text("Held back from Northway College")).to_be_visible()
    page_is_good(page, "record-held-back")
    page.goto(f"{learner}/send/transition")
    expect(page.get_by_label("Why?")).to_have_value("They asked us to wait for the review")
    page_is_good(page, "send-held-back")


def test_what_is_held_back_is_found_and_a_later_change_is_seen(page: Page, learner: str) -> None:
    page.goto(f"{learner}/pages/learner")
    page.locator('[name="known_as.preferred_name"]').fill("Mina")
    page.get_by_role("button", name="Save and go back to the list").click()
    page.goto(f"{learner}/send/transition")
    page.get_by_label("Hold the changed version back from Northway College").check()
    page.get_by_label("Why?").fill("They asked us to wait for the review")
    page.get_by_role("button", name="Send now").click()
    page.goto("/learners")
    expect(page.locator("td").get_by_text("Held back", exact=True)).to_be_visible()
    page_is_good(page, "learners-held-back")
    page.get_by_label("Show").select_option(label="Held back (1)")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Mina Khan")).to_be_visible()
    page.goto(f"{learner}/pages/learner")
    page.locator('[name="known_as.preferred_name"]').fill("Mimi")
    page.get_by_role("button", name="Save and go back to the list").click()
    expect(page.get_by_role("alert")).to_contain_text("This has changed since it was held back.")
    page.goto("/learners")
    expect(page.locator("td").get_by_text("Changed since it was sent", exact=True)).to_be_visible()
    page.goto(f"{learner}/sent")
    expect(page.get_by_text("A changed version was held back on")).to_be_visible()
    page_is_good(page, "sent-changed-again")


def test_a_college_from_which_it_was_taken_back_is_not_ticked_again(page: Page, learner: str) -> None:
    page.goto(f"{learner}/sent")
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()
    page.goto(f"{learner}/send/transition")
    expect(page.get_by_text("It gets nothing unless you tick it.")).to_be_visible()
    expect(page.get_by_label("Send to Northway College")).not_to_be_checked()
    page_is_good(page, "send-taken-back")
    page.goto(learner)
    page_is_good(page, "record-taken-back")
    page.goto("/learners")
    expect(page.locator("td").get_by_text("Taken back")).to_be_visible()
    page.goto(f"{learner}/send/transition")
    page.get_by_label("Send to Northway College").check()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("alert")).to_contain_text("was sent to Northway College")


def test_what_was_opened_and_by_whom_is_read_at_a_glance(page: Page, learner: str, world: World) -> None:
    transfer_id = world.transfer_of(UUID(learner.rpartition("/")[2]))
    with world.db.write() as session:
        college = session.get_one(Organisation, world.college.id)
        college.contact_name, college.phone = "Kay Ward", "01632 960003"
    for actor in (world.college_support, world.college_exams):
        world.open(transfer_id, actor)
        acknowledge(db=world.db, actor=actor, transfer_ids=[transfer_id])
    page.goto(f"{learner}/sent")
    expect(page.get_by_text("Opened", exact=True).first).to_be_visible()
    cell = page.locator("tbody tr").nth(1).locator("td").nth(1)
    box = cell.locator(".te-table__value").bounding_box()
    assert box is not None
    assert box["height"] < 60, "the time stands on one line, the name below it"
    page_is_good(page, "sent-opened")
    page.get_by_role("link", name="Take it back").click()
    expect(page.get_by_text("Ring Kay Ward on 01632 960003.")).to_be_visible()
    page_is_good(page, "recall-opened")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Ring Kay Ward on 01632 960003.")).to_be_visible()
    page_is_good(page, "sent-taken-back")
