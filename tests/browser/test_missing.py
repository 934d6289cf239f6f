"""What pages say where something stored is missing, cannot be read, or was made by nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good
from tests.exchange.coordinators import signed_in
from tests.exchange.world import World
from tests.exchange.writing.late import add_late_teams, confirm
from transition_exchange.exchange.joining.made_by import sign
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store.models import Attachment, Event, Grant, Invitation


def test_a_lost_document(page: Page, live: Live, world: World) -> None:
    live.app.extensions["renderer"] = world.renderer
    record_id = world.sent().record_id
    world.attach(record_id)
    with world.db.write() as session:
        session.execute(update(Attachment).values(removed_at=datetime.now(UTC)))
    live.admit(page.context, signed_in(world.senco))
    for path, name in (("documents", "documents"), ("send/transition", "send")):
        page.goto(f"/learners/{record_id}/{path}")
        expect(page.get_by_text("1 document that somebody attached here is missing")).to_be_visible()
        page_is_good(page, f"school-{name}-lost")


def test_a_row_that_cannot_be_read_and_updates_that_cannot_be_made(
    page: Page, live: Live, world: World
) -> None:
    late = add_late_teams(world)
    bad = world.add("Ben", "Adams")
    confirm(world, late.office)
    with world.db.write() as session:
        session.execute(update(Grant).where(Grant.record_id == bad).values(signature=bytes(64)))
    live.admit(page.context, signed_in(world.senco))
    page.goto("/learners")
    expect(page.get_by_text("2 updates could not be made, because")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page_is_good(page, "school-learners-failed")
    with world.db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE records SET delete_on = 'soon' WHERE id = ?", (bad.hex,))
    page.goto("/learners?failed=2")  # the step that goes on by itself is over
    expect(page.get_by_text("so this page may be incomplete")).to_be_visible()
    page_is_good(page, "school-learners-incomplete")


def test_an_invitation_and_an_event_that_nobody_made(page: Page, live: Live, world: World) -> None:
    """And one whose maker nobody can know, although the database names them."""
    head = world.person("head", "Ashdown Council", "NEET group", administrator=True)
    stranger = world.person("edwina_hill", "Ashdown Council")
    team = world.places["Ashdown Council"].teams["NEET group"].identity
    with world.db.write() as session:
        for name, maker in (("Mallory Elsewhere", None), ("Una Known", stranger)):
            invitation = Invitation(
                id=uuid4(),
                organisation_id=head.organisation_id,
                name=name,
                email=f"{name.split()[0].lower()}@elsewhere.example",
                administrator=False,
                team_ids=[str(team.id)],
                expires_at=datetime.now(UTC) + timedelta(days=9),
            )
            if maker is not None:
                keys = PersonKeys(KeyPair.generate())
                sign(invitation, actor=replace(maker, person=keys), teams=[team], now=datetime.now(UTC))
            session.add(invitation)
        session.flush()
        head.note(session, "key.confirmed", team=team.id)
        session.execute(update(Event).values(body="{}"))
    live.admit(page.context, signed_in(head))
    page.goto("/account/teams")
    expect(page.get_by_text("Not made by anybody")).to_be_visible()
    expect(page.get_by_text("Ask your administrators whether one of them made it")).to_be_visible()
    expect(page.get_by_role("button", name="Make the five words")).to_have_count(0)
    page_is_good(page, "account-teams-nobody")
    page.goto("/area/activity")
    expect(page.get_by_text("This list failed its check")).to_be_visible()
    page_is_good(page, "area-activity-failed")
