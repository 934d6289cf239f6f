"""What pages say where something is not signed, or a provider is no destination any more."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.exchange.coordinators import signed_in
from tests.exchange.recalls import forge
from tests.exchange.rows_put_there import (
    SAFEGUARDING,
    put_receipts_there,
    put_version_there,
    stay_behind,
    version_of,
)
from tests.exchange.spoilt_rules import spoil
from tests.exchange.walks.test_tampering_with_transfers import insert
from tests.exchange.world import World
from transition_exchange.store.models import Team, TeamKey


def test_a_provider_that_is_no_longer_a_destination_is_unticked(page: Page, live: Live, world: World) -> None:
    live.app.extensions["renderer"] = world.renderer
    record_id = world.sent().record_id
    world.fill(record_id, going_to=["Riverside Boxing"])
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    live.admit(page.context, signed_in(world.senco))
    page.goto(f"/learners/{record_id}/send/transition")
    expect(page.get_by_text("No longer a destination")).to_be_visible()
    expect(page.get_by_label("Send to Riverside Boxing")).to_be_checked()
    expect(page.get_by_label("Send the changed version to Northway College")).not_to_be_checked()
    page_is_good(page, "school-send-no-longer")


def test_a_transfer_that_nobody_signed_is_told_apart(page: Page, live: Live, world: World) -> None:
    record_id = world.sent().record_id
    insert(world, record_id)
    live.admit(page.context, signed_in(world.senco))
    page.goto(f"/learners/{record_id}/sent")
    expect(page.get_by_text("No team of your school has signed this.")).to_have_count(1)
    page_is_good(page, "school-sent-not-signed")


def test_versions_that_rows_name_and_nobody_signed_are_not_certain(
    page: Page, live: Live, world: World
) -> None:
    record_id = world.add()
    world.send(record_id, owner=SAFEGUARDING)
    world.fill(record_id)
    world.send(record_id)
    transfer_id = world.transfer_of(record_id)
    put_receipts_there(world, transfer_id, version_of(world, record_id))
    put_version_there(world, record_id, number=2)
    put_version_there(world, world.add("Ben"))
    live.admit(page.context, signed_in(world.senco))
    page.goto(f"/learners/{record_id}/sent")
    expect(page.get_by_text("no team of your school has signed")).to_have_count(2)
    page_is_good(page, "school-sent-versions-not-signed")
    page.goto("/learners")
    expect(page.get_by_text("Not certain")).to_have_count(2)
    page_is_good(page, "school-learners-versions-not-signed")

    page.context.clear_cookies()
    live.admit(page.context, signed_in(world.safeguarding_lead))
    page.goto("/learners/safeguarding?state=all")
    page_is_good(page, "school-safeguarding-not-signed")

    page.context.clear_cookies()
    live.admit(page.context, signed_in(world.college_safeguarding))
    page.goto("/received")
    page_is_good(page, "provider-inbox-not-signed")
    page.goto(f"/received/{transfer_id}")
    expect(page.get_by_text("nobody there has signed it")).to_be_visible()
    page_is_good(page, "provider-cover-not-signed")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("nobody there has signed it")).to_be_visible()
    page_is_good(page, "provider-record-not-signed")


def test_a_team_that_was_left_out_is_named(page: Page, live: Live, world: World) -> None:
    record_id = stay_behind(world)
    live.admit(page.context, signed_in(world.senco))
    page.goto(f"/learners/{record_id}/sent")
    expect(page.get_by_text("Learning support has not been sent version 2.")).to_be_visible()
    page_is_good(page, "school-sent-left-out")
    page.get_by_role("link", name="See why, and send it").click()
    expect(page.get_by_text("what your team signed for it is gone")).to_be_visible()
    page_is_good(page, "school-send-left-out")

    page.context.clear_cookies()
    live.admit(page.context, signed_in(world.safeguarding_lead))
    with world.db.write() as session:
        made = world.college.teams["Safeguarding"]
        session.get_one(TeamKey, made.key_id).confirmation = None
        session.get_one(Team, made.row.id).purposes = []
    page.goto(f"/learners/{record_id}/send/school_safeguarding")
    expect(page.get_by_text("nothing that was confirmed says what this team may read")).to_be_visible()
    page_is_good(page, "school-release-left-out")


def test_a_transfer_of_which_it_is_not_certain_that_it_is_there(page: Page, live: Live, world: World) -> None:
    live.app.extensions["renderer"] = world.renderer
    sent = world.sent()
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    forge(world, sent)
    live.admit(page.context, signed_in(world.senco))
    page.goto("/learners")
    expect(page.get_by_text("Not certain")).to_be_visible()
    page_is_good(page, "school-learners-not-certain")
    page.goto(f"/learners/{sent.record_id}/destinations")
    page_is_good(page, "school-destinations-not-certain")
    page.goto(f"/learners/{sent.record_id}/send/transition")
    expect(page.get_by_label("Send the changed version to Northway College")).not_to_be_checked()
    page_is_good(page, "school-send-not-certain")
    page.goto(f"/learners/{sent.record_id}")
    page_is_good(page, "school-record-not-certain")
    page.get_by_role("link", name="What was sent, and who has it").click()
    page_is_good(page, "school-sent-not-certain")
    page.get_by_role("button", name="They keep it: it was not taken back").click()
    expect(page.get_by_text("Northway College keeps the record.")).to_be_visible()

    page.context.clear_cookies()
    forge(world, sent)
    live.admit(page.context, signed_in(world.safeguarding_lead))
    page.goto(f"/learners/{sent.record_id}/send/school_safeguarding")
    page_is_good(page, "school-release-not-certain")


def test_rules_that_cannot_be_checked_are_told_to_council_and_school(
    page: Page, live: Live, world: World
) -> None:
    record_id = world.sent().record_id
    spoil(world, "lowered")
    live.admit(page.context, signed_in(world.senco))
    page.goto(f"/learners/{record_id}/destinations")
    page_is_good(page, "school-destinations-no-rules")
    page.goto("/learners/add")
    expect(page.get_by_text("The rules of your area cannot be checked")).to_be_visible()
    page_is_good(page, "school-add-no-rules")

    page.context.clear_cookies()
    live.admit(page.context, signed_in(world.coordinator))
    page.goto("/area/settings")
    expect(page.get_by_text("It cannot be checked")).to_have_count(3)
    page_is_good(page, "area-settings-no-rules")
    page.context.clear_cookies()
    signer = world.person("signer", "Ashdown Council", "NEET group", administrator=True)
    live.admit(page.context, signed_in(signer))
    page.goto("/area/settings")
    page_is_good(page, "area-settings-choose-again")
    page.get_by_label("They have accepted the offer").check()
    page.get_by_label("I have asked my colleagues").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The area’s settings are saved.")).to_be_visible()

    page.context.clear_cookies()
    live.admit(page.context, world.person("alone", "Ashdown Council", administrator=True))
    page.goto("/area/settings")
    expect(page.get_by_text("You are in none of the council’s teams")).to_be_visible()
    page_is_good(page, "area-settings-no-team")
