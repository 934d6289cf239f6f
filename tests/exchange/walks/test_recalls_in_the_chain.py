"""A recall in a school's chain of events counts if the event fits into the chain, and is not passed over in silence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.exchange.records.test_transfers import held
from tests.exchange.walks.test_tampering_with_transfers import followed
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.records import standings
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.events import append, hash_of
from transition_exchange.store.models import Event, Transfer
from transition_exchange.store.unreadable import forget, left_out


def _put_back(world: World, sent: SentRecord, then: Callable[[Session], None]) -> None:
    """Recall the transfer, put its whole row back as it was before, and change the chain of events."""
    with world.db.read() as session:
        before = session.get_one(Transfer, sent.transfer_id)
        older = {column.name: getattr(before, column.name) for column in Transfer.__table__.columns}
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    with world.db.write() as session:
        session.merge(Transfer(**older))
        then(session)
    forget()


def _recall_event(session: Session) -> Event:
    return session.scalars(select(Event).where(Event.body.contains(standings.RECALL_EVENT))).one()


def _body(session: Session) -> None:
    row = _recall_event(session)
    row.body = row.body.replace('"principal":', '"principal" :')


def _hash(session: Session) -> None:
    _recall_event(session).hash = "0" * 64


def _rehashed(session: Session, **said: Any) -> None:
    row = _recall_event(session)
    row.body = json.dumps(json.loads(row.body) | said, separators=(",", ":"), sort_keys=True)
    row.hash = hash_of(row.body)


def _rewritten(session: Session) -> None:
    _rehashed(session, at="2027-01-01T00:00:00+00:00")


def _number(session: Session) -> None:
    _rehashed(session, seq=99)


def _before(session: Session) -> None:
    _rehashed(session, previous="0" * 64)


def _deep(session: Session) -> None:
    row = _recall_event(session)
    row.body = f'{{"kind":"{standings.RECALL_EVENT}","about":{"[" * 50_000}'
    row.hash = hash_of(row.body)


def _half_a_character(session: Session) -> None:
    _rehashed(session, about={"transfer": "\ud800"})


@pytest.mark.parametrize(
    "change_chain", [_body, _hash, _rewritten, _number, _before, _deep, _half_a_character]
)
def test_an_event_that_does_not_fit_into_its_chain_is_not_believed_and_not_passed_over_in_silence(
    world: World, sent: SentRecord, change_chain: Callable[[Session], None]
) -> None:
    _put_back(world, sent, change_chain)
    assert held(world, sent) == {world.college.id}
    assert left_out() == 1, "so the page says that something stored cannot be read"


@pytest.mark.parametrize("later", [0, 1, 3])
def test_an_event_that_fits_is_not_passed_over_whether_it_is_the_last_or_not(
    world: World, sent: SentRecord, later: int
) -> None:
    def go_on(session: Session) -> None:
        for _ in range(later):
            append(session, organisation_id=world.school.id, kind="record.saved")

    _put_back(world, sent, go_on)
    assert held(world, sent) == set()
    assert "The log says" in followed(world, sent.record_id, sent.transfer_id).dispute
    assert left_out() == 0


def test_an_event_that_was_inserted_with_a_sound_hash_is_not_believed(world: World, sent: SentRecord) -> None:
    """Neither the event before it nor the end of the chain knows it."""
    with world.db.write() as session:
        last = session.scalars(
            select(Event).where(Event.organisation_id == world.school.id).order_by(Event.seq.desc())
        ).first()
        assert last is not None
        id = uuid4()
        said = json.loads(last.body) | {
            "event": str(id),
            "kind": standings.RECALL_EVENT,
            "about": {"transfer": str(sent.transfer_id)},
            "seq": last.seq + 1,
            "previous": last.hash,
        }
        body = json.dumps(said, separators=(",", ":"), sort_keys=True)
        session.add(
            Event(
                id=id,
                organisation_id=world.school.id,
                seq=last.seq + 1,
                at=last.at,
                body=body,
                hash=hash_of(body),
            )
        )
    forget()
    assert held(world, sent) == {world.college.id}
    assert left_out() == 1


def test_looking_for_recalls_takes_three_queries_however_long_the_chain_is(
    world: World, sent: SentRecord
) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    with world.db.write() as session:
        for _ in range(50):
            append(session, organisation_id=world.school.id, kind="record.saved")
    counted: list[str] = []
    event.listen(world.db.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    with world.db.read() as session:
        assert list(standings.recalled_in_chain(session, world.school.id)) == [sent.transfer_id]
    assert sum(query.startswith("SELECT") for query in counted) == 3
