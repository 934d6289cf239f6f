"""In a real browser: what a school reads of what came back or was put there, and of what it typed in vain."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.looking import DESKTOP, page_is_good
from tests.exchange.returned_documents import come_back
from tests.exchange.rows_put_there import put_version_there
from tests.exchange.world import World
from transition_exchange.store.models import TeamChange


@pytest.fixture
def senco(live: Live, context: BrowserContext, world: World, page: Page) -> Page:
    """A tab of the SENCO's."""
    live.app.extensions["renderer"] = world.renderer
    live.admit(context, world.senco)
    return page


def test_a_document_that_came_back_says_what_to_do(senco: Page, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.attach(record_id, name="Results of May")
    come_back(world, record_id)
    senco.goto(f"/learners/{record_id}/documents")
    expect(senco.get_by_role("link", name="Remove again")).to_be_visible()
    page_is_good(senco, "documents-not-certain")
    senco.goto(f"/learners/{record_id}/send/transition")
    page_is_good(senco, "preview-not-certain")


def test_what_is_not_certain_stands_in_the_task_list_and_no_tag_sticks_out(senco: Page, world: World) -> None:
    record_id = world.sent().record_id
    senco.set_viewport_size(DESKTOP)
    senco.goto(f"/learners/{record_id}")
    expect(senco.get_by_text("0 of 1 acknowledged")).to_be_visible()
    outside = senco.evaluate(
        """() => [...document.querySelectorAll(".govuk-task-list__status .govuk-tag")]
            .filter(tag => tag.scrollWidth > tag.clientWidth).map(tag => tag.innerText)"""
    )
    assert outside == []
    page_is_good(senco, "record-acknowledged")
    put_version_there(world, record_id, owner="transition", number=2)
    senco.goto(f"/learners/{record_id}")
    expect(senco.get_by_text("Not certain")).to_be_visible()
    page_is_good(senco, "record-not-certain")


def test_what_was_typed_is_said_to_be_kept_when_nothing_is_found(
    senco: Page, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transition_exchange.exchange.signing_in.late_saves.keep", lambda **_: True)
    record_id = world.add()
    senco.goto(f"/learners/{record_id}/pages/health")
    senco.evaluate(
        "path => { document.querySelector('main form').action = path }", f"/learners/{uuid4()}/pages/health"
    )
    senco.get_by_role("button", name="Save and go back to the list").click()
    expect(senco.get_by_role("heading", name="Page not found")).to_be_visible()
    expect(senco.get_by_text("Something that you typed is not saved yet")).to_be_visible()
    page_is_good(senco, "not-found-and-kept")


def test_a_change_of_a_team_that_nobody_proposed(
    live: Live, context: BrowserContext, world: World, page: Page
) -> None:
    exams = world.college.teams["Exams office"].row.id
    with world.db.write() as session:
        session.add(
            TeamChange(
                id=uuid4(),
                team_id=exams,
                proposed_by=world.college_support.principal_id,
                purposes=["exams", "safeguarding"],
            )
        )
    live.admit(context, world.college_exams)
    page.goto("/account/teams")
    page.get_by_role("link", name="Read it and decide").click()
    expect(page.get_by_text("Somebody proposed this on")).to_be_visible()
    expect(page.get_by_text("It is not certain that this change is wanted.")).to_be_visible()
    page_is_good(page, "change-not-certain")
