"""What the pages look like where it is not certain to which provider a record went, or a button is out of date."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.exchange.coordinators import signed_in
from tests.exchange.lost_transfers import moved, without_row, without_statement
from tests.exchange.walks.test_tampering_with_transfers import change_draft
from tests.exchange.world import World
from transition_exchange.store.models import Record

COLLEGE = "Northway College"


def test_a_moved_row_is_named_where_it_is_taken_back(page: Page, live: Live, world: World) -> None:
    sent = world.sent()
    world.open(sent.transfer_id)
    live.admit(page.context, signed_in(world.senco))
    path = f"/learners/{sent.record_id}/sent"
    page.goto(f"{path}/{sent.transfer_id}/recall")
    moved(world, sent)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Nothing was taken back")).to_be_visible()
    expect(page.get_by_role("heading", name=f"Take it back from {COLLEGE}?")).to_be_visible()
    page_is_good(page, "school-recall-moved")
    page.goto(path)
    expect(page.get_by_role("button", name="They keep it")).to_be_visible()
    page_is_good(page, "school-sent-moved")
    page.get_by_role("button", name="They keep it").click()
    expect(page.get_by_text(f"{COLLEGE} keeps the record.")).to_be_visible()


def test_the_safeguarding_lead_sees_where_a_part_did_not_go(page: Page, live: Live, world: World) -> None:
    live.app.extensions["renderer"] = world.renderer
    sent, other = world.sent(), world.sent("Cara", "Khan")
    without_row(world, sent)
    without_statement(world, other)
    ben = world.add("Ben", "Stone")
    live.admit(page.context, signed_in(world.safeguarding_lead))
    page.goto("/learners/safeguarding")
    page_is_good(page, "school-safeguarding-lost")
    for name in ("Amina Khan", "Cara Khan", "Ben Stone"):
        page.get_by_role("group", name=name).get_by_label("Nothing to pass on").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name of your designated safeguarding lead").fill("Sam Lead")
    page.get_by_label("Their phone number").fill("01709 382121")
    page.get_by_label("I have compared this list").check()
    with world.db.write() as session:
        session.delete(session.get_one(Record, ben))
    page.get_by_role("button", name="Confirm and release").click()
    expect(page.get_by_role("heading", name="Released for no learners")).to_be_visible()
    page_is_good(page, "school-released-lost")
    page.goto(f"/learners/{sent.record_id}/send/school_safeguarding")
    expect(page.get_by_text("Your part goes there once")).to_be_visible()
    page_is_good(page, "school-release-lost")


def test_a_lost_sending_and_the_one_that_came_after_it(page: Page, live: Live, world: World) -> None:
    sent = world.sent()
    world.open(sent.transfer_id)
    without_statement(world, sent)
    live.admit(page.context, signed_in(world.senco))
    path = f"/learners/{sent.record_id}/sent"
    page.goto(path)
    expect(page.get_by_role("link", name="Send the record to them again")).to_be_visible()
    page_is_good(page, "school-sent-lost")
    page.goto(f"/learners/{sent.record_id}/send/transition")
    page_is_good(page, "school-send-lost")
    change_draft(world, sent.record_id)
    world.send(sent.record_id)
    page.goto(path)
    expect(page.get_by_text("Sent anew")).to_be_visible()
    page_is_good(page, "school-sent-anew")
