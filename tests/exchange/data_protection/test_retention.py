"""What is deleted by itself: records on their day, invitations that came to nothing, mails that went."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from tests.exchange.world import World
from transition_exchange.exchange.data_protection.retention import (
    KEPT_AFTER,
    STEP,
    delete_due_records,
    forget_invitations_and_mails,
)
from transition_exchange.exchange.queries import asking
from transition_exchange.store import chain, events
from transition_exchange.store.base import Base
from transition_exchange.store.models import Event, Invitation, OutboxMail, Record, Transfer

NOW = datetime(2027, 9, 1, 3, 0, tzinfo=UTC)


OF_A_RECORD = (
    "records",
    "revisions",
    "parts",
    "ciphertexts",
    "attachments",
    "grants",
    "cards",
    "transfers",
    "receipts",
    "queries",
    "query_messages",
    "query_keyrings",
)


def counts(world: World) -> dict[str, int]:
    with world.db.read() as session:
        return {
            name: session.execute(select(func.count()).select_from(Base.metadata.tables[name])).scalar_one()
            for name in OF_A_RECORD
        }


def whole_story(world: World, forename: str) -> UUID:
    """A record with everything that can hang on one."""
    record_id = world.add(forename)
    world.fill(record_id)
    world.attach(record_id, kind="ehc_plan", name="Report")
    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)).one()
    asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text="When?", section="sen")
    return record_id


def due_on(world: World, record_id: UUID, day: date) -> None:
    with world.db.write() as session:
        session.execute(update(Record).where(Record.id == record_id).values(delete_on=day))


def test_a_record_is_deleted_on_its_day_with_all_that_hangs_on_it_and_nothing_else(world: World) -> None:
    whole_story(world, "Amina")
    before = counts(world)
    assert all(before.values()), before
    due = whole_story(world, "Bilal")
    due_on(world, due, NOW.date())
    assert delete_due_records(db=world.db, today=NOW.date() - timedelta(days=1)) == 0
    assert delete_due_records(db=world.db, today=NOW.date()) == 1
    assert counts(world) == before


def test_each_deletion_is_an_event_of_the_school(world: World) -> None:
    record_id = world.add("Amina")
    due_on(world, record_id, NOW.date())
    delete_due_records(db=world.db, today=NOW.date())
    with world.db.read() as session:
        last = session.scalars(select(Event).order_by(Event.at.desc())).first()
        assert last is not None
        entry = events.read(last)
        assert (entry.kind, entry.about["record"]) == ("record.deleted", str(record_id))
        assert chain.verify(session, world.school.id).fault is None


def test_more_records_than_one_step_takes_are_deleted(world: World) -> None:
    for count in range(STEP + 1):
        due_on(world, world.add(f"Amina{count}"), NOW.date())
    assert delete_due_records(db=world.db, today=NOW.date()) == STEP + 1
    assert counts(world)["records"] == 0


@pytest.mark.parametrize("over", ["accepted_at", "cancelled_at", "expires_at"])
def test_an_invitation_that_is_over_loses_its_link_and_keys_and_is_deleted_later(
    world: World, over: str
) -> None:
    with world.db.write() as session:
        for name, ends in (("over", NOW), ("open", NOW + timedelta(days=1))):
            row = Invitation(
                organisation_id=world.school.id, name=name, bundle="{}", link_digest=name, expires_at=ends
            )
            if name == "over":
                setattr(row, over, NOW)
            session.add(row)
    forget_invitations_and_mails(db=world.db, now=NOW)
    with world.db.read() as session:
        rows = {row.name: (row.bundle, row.link_digest) for row in session.scalars(select(Invitation))}
    assert rows == {"over": (None, None), "open": ("{}", "open")}
    forget_invitations_and_mails(db=world.db, now=NOW + KEPT_AFTER)
    with world.db.read() as session:
        assert session.scalars(select(Invitation.name)).all() == ["open"]


def test_a_mail_that_went_is_forgotten_a_month_later(world: World) -> None:
    with world.db.write() as session:
        for days, column in ((31, "sent_at"), (31, "given_up_at"), (29, "sent_at"), (29, "given_up_at")):
            row = OutboxMail(template=f"{column}-{days}")
            setattr(row, column, NOW - timedelta(days=days))
            session.add(row)
        session.add(OutboxMail(template="waiting"))
    forget_invitations_and_mails(db=world.db, now=NOW)
    with world.db.read() as session:
        left = session.scalars(select(OutboxMail.template).order_by(OutboxMail.template)).all()
    assert left == ["given_up_at-29", "sent_at-29", "waiting"]
