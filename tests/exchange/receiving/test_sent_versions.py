"""What a team was sent is what it was granted, whatever became of its receipts."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete, select

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.covers import cover
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import read_transfer
from transition_exchange.exchange.receiving.sent_versions import team_receipts
from transition_exchange.store.models import Receipt, Revision


def _send_second(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)


def _forget_receipt(world: World, number: int) -> None:
    revisions = select(Revision.id).where(Revision.number == number)
    with world.db.write() as session:
        session.execute(delete(Receipt).where(Receipt.revision_id.in_(revisions)))


def test_a_deleted_receipt_takes_no_team_back_to_an_older_version(world: World, sent: SentRecord) -> None:
    _send_second(world, sent)
    _forget_receipt(world, 2)
    actor = world.college_support
    [row] = inbox(db=world.db, actor=actor)
    assert (row.state, row.number) == ("changed", 2)
    shown = cover(db=world.db, actor=actor, transfer_id=sent.transfer_id)
    assert [version.number for version in shown.waiting] == [2]
    assert read_transfer(db=world.db, actor=actor, transfer_id=sent.transfer_id).openings.keys() == {
        "transition"
    }
    opened = world.open(sent.transfer_id)
    assert opened.answers["known_as"]["preferred_name"] == "Mina"
    [row] = inbox(db=world.db, actor=actor)
    assert row.state == "opened"
    with world.db.read() as session:
        team_id = world.college.teams["Learning support"].row.id
        receipts = team_receipts(session, team_id, transfer_id=sent.transfer_id)[sent.transfer_id]
        stored = session.scalars(select(Receipt).where(Receipt.team_id == team_id)).all()
    assert {number for _, _, number in receipts} == {1, 2}
    assert len(stored) == 2, "nobody reads without a receipt"
    assert all(receipt.opened_by for receipt in stored)


def test_a_team_without_any_receipt_still_has_what_it_was_granted(world: World, sent: SentRecord) -> None:
    _forget_receipt(world, 1)
    assert world.open(sent.transfer_id).answers["learner"]


def test_a_team_that_was_granted_nothing_has_no_version(world: World, sent: SentRecord) -> None:
    with world.db.read() as session:
        assert team_receipts(session, UUID(int=1)) == {}
        school = world.school.teams["Transition team"].row.id
        assert team_receipts(session, school) == {}, "the school's own grants are no deliveries"
    with pytest.raises(NotFound):
        cover(db=world.db, actor=world.coach, transfer_id=sent.transfer_id)
