"""What was taken back after a team had it stays as a line until the team says that it is deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from tests.exchange.chains import events_of
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.taken_back import confirm_deleted, deleted_here, taken_back
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.store.models import Card, OutboxMail, Receipt, Transfer


def take_back(world: World, sent: SentRecord) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)


def cards(world: World, sent: SentRecord) -> int:
    with world.db.read() as session:
        return session.scalar(select(func.count()).where(Card.transfer_id == sent.transfer_id)) or 0


def test_whoever_had_it_is_asked_to_delete_it_by_name_and_nobody_else(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    "".join(export_csv(db=world.db, actor=world.college_exams))
    assert taken_back(db=world.db, actor=world.college_support) == []
    take_back(world, sent)
    (line,) = taken_back(db=world.db, actor=world.college_support)
    assert (line.school, line.content["legal_surname"], line.given_out_at) == ("Ashdown School", "Khan", None)
    assert line.opened_at is not None
    assert "Khan" not in repr(line)
    (line,) = taken_back(db=world.db, actor=world.college_exams)
    assert line.opened_at is None
    assert line.given_out_at is not None
    assert inbox(db=world.db, actor=world.college_support) == []
    assert taken_back(db=world.db, actor=world.college_admissions) == []
    assert cards(world, sent) == 2, "those of the two teams that had it"


def test_one_click_says_that_it_is_deleted_and_the_school_sees_it(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    take_back(world, sent)
    for _ in range(2):
        confirm_deleted(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    assert taken_back(db=world.db, actor=world.college_support) == []
    assert cards(world, sent) == 0
    (line,) = deleted_here(db=world.db, actor=world.college_support)
    assert (line.transfer_id, line.school, line.deleted_by) == (
        sent.transfer_id,
        "Ashdown School",
        world.college_support.name,
    )
    assert line.deleted_at > line.taken_back_at
    assert deleted_here(db=world.db, actor=world.college_exams) == []
    (delivered,) = track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    (receipt,) = delivered.reached
    assert receipt.deleted_at is not None
    assert receipt.deleted_by == world.college_support.name
    kinds = [event.kind for event in events_of(world.db, world.college.id)]
    assert kinds.count("transfer.deleted") == 1


def test_what_is_still_there_or_never_was_cannot_be_called_deleted(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    with pytest.raises(NotFound):
        confirm_deleted(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    take_back(world, sent)
    for actor, transfer_id in (
        (world.college_admissions, sent.transfer_id),
        (world.coach, sent.transfer_id),
        (world.college_support, uuid4()),
    ):
        with pytest.raises(NotFound):
            confirm_deleted(db=world.db, actor=actor, transfer_id=transfer_id)


def test_a_row_alone_takes_nothing_back(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    with world.db.write() as session:
        session.execute(update(Transfer).values(state="recalled"))
    assert taken_back(db=world.db, actor=world.college_support) == []
    with world.db.write() as session:
        session.execute(update(Receipt).values(deleted_at=datetime.now(UTC)))
    assert deleted_here(db=world.db, actor=world.college_support) == []


def test_a_record_that_is_sent_again_is_a_line_of_its_own(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    take_back(world, sent)
    world.send(sent.record_id, providers=[world.college.id])
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert row.state == "new"
    assert len(taken_back(db=world.db, actor=world.college_support)) == 1
    with world.db.read() as session:
        assert session.scalar(
            select(func.count(OutboxMail.id)).where(OutboxMail.template == "packs_recalled")
        )
        assert session.scalar(select(func.count(Receipt.id)).where(Receipt.deleted_at.is_not(None))) == 0
