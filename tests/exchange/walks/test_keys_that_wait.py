"""Anybody with a team's key can make a next key that waits to be confirmed. Rows that only name it wait for nothing."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.signed_rows import STANDING, Found, SignedRows
from transition_exchange.exchange.records.standings import at_providers
from transition_exchange.store.models import Grant, Record, Revision, Transfer

CLUB = "Riverside Boxing"


@pytest.fixture
def waiting_id(world: World) -> UUID:
    """The new key of a club, of which its members say that somebody has left. Nobody else has confirmed it."""
    world.new_key(CLUB, CLUB, removed=[uuid4()])
    return world.places[CLUB].teams[CLUB].key_id


def _found(world: World, sent: SentRecord) -> Found:
    with world.db.read() as session:
        rows = SignedRows(session, trust_of(session, world.senco), {})
        return rows.grants(rows.grant_rows(Grant.transfer_id == sent.transfer_id, *STANDING))


def test_a_grant_that_the_key_did_not_sign_is_signed_by_nobody(
    world: World, sent: SentRecord, waiting_id: UUID
) -> None:
    before = _found(world, sent)
    assert before.signed
    with world.db.write() as session:
        grant = session.scalars(
            select(Grant).where(Grant.transfer_id == sent.transfer_id, Grant.revision_id.is_not(None))
        ).first()
        assert grant is not None
        copied = {column.key: getattr(grant, column.key) for column in Grant.__table__.columns}
        false = {"id": uuid4(), "statement": "{}", "signature": bytes(64), "grantor_key_id": waiting_id}
        session.add(Grant(**(copied | false)))
    after = _found(world, sent)
    assert (after.signed, after.awaited) == (before.signed, frozenset())
    assert world.open(sent.transfer_id).answers, "and it keeps nobody from what is signed"


def test_a_version_that_the_key_did_not_sign_is_signed_by_nobody(
    world: World, sent: SentRecord, waiting_id: UUID
) -> None:
    with world.db.write() as session:
        session.execute(
            update(Revision)
            .where(Revision.record_id == sent.record_id, Revision.number > 0)
            .values(team_key_id=waiting_id)
        )
    with world.db.read() as session:
        rows = SignedRows(session, trust_of(session, world.senco), {})
        _, found = rows.versions(Revision.record_id == sent.record_id)
    assert found == Found({}, frozenset())


def test_a_transfer_that_the_key_did_not_sign_keeps_nobody_waiting(
    world: World, sent: SentRecord, waiting_id: UUID
) -> None:
    with world.db.write() as session:
        session.execute(
            update(Transfer).where(Transfer.id == sent.transfer_id).values(team_key_id=waiting_id)
        )
    with world.db.read() as session:
        record = session.get_one(Record, sent.record_id)
        assert at_providers(session, trust=trust_of(session, world.senco), record=record) == {}
