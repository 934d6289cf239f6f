"""Receipts without a grant, by the owner of the version."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from tests.exchange.rows_put_there import SAFEGUARDING, put_receipts_there, version_of
from tests.exchange.world import World
from transition_exchange.exchange.records.ungranted_receipts import receipts_without_grant
from transition_exchange.exchange.sending.recalling import recall


def _found(world: World, school_id: UUID | None = None) -> Mapping[str, frozenset[UUID]]:
    with world.db.read() as session:
        return receipts_without_grant(session, school_id=school_id or world.school.id)


def test_only_a_receipt_that_no_grant_stands_for_is_found_and_only_at_its_school(world: World) -> None:
    record_id = world.add()
    world.send(record_id, owner=SAFEGUARDING)
    world.fill(record_id)
    world.send(record_id)
    assert _found(world) == {}
    transfer_id = world.transfer_of(record_id)
    put_receipts_there(world, transfer_id, version_of(world, record_id))
    assert _found(world) == {SAFEGUARDING: {transfer_id}}
    assert _found(world, world.places["Beech Lane School"].id) == {}


def test_what_was_taken_back_keeps_its_receipts_and_is_not_found(world: World) -> None:
    sent = world.sent()
    world.open(sent.transfer_id)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert _found(world) == {}
