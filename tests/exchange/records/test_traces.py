"""What is left of a transfer about which no statement counts, and what follows about it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest

from tests.exchange.lost_transfers import LOSSES, Loss, to_another_learner, without_row, without_statement
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.records.traces import Trace, traces_at, traces_of
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Record, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


def _of(world: World, record_id: UUID) -> Mapping[UUID, Trace]:
    with world.db.read() as session:
        trust = trust_of(session, world.senco)
        found = traces_of(
            session,
            trust=trust,
            signed_rows=SignedRows(session, trust, {}),
            record=session.get_one(Record, record_id),
        )
    assert len({trace.transfer_id for trace in found}) == len(found)
    return {trace.transfer_id: trace for trace in found}


def _at_school(world: World) -> list[Trace]:
    with world.db.read() as session:
        trust = trust_of(session, world.senco)
        rows = SignedRows(session, trust, {})
        return list(traces_at(session, trust=trust, signed_rows=rows, school_id=world.school.id))


def test_nothing_is_left_to_tell_where_the_statement_counts(world: World, sent: SentRecord) -> None:
    assert _of(world, sent.record_id) == {}
    assert _at_school(world) == []


@pytest.mark.parametrize("lose", LOSSES)
def test_what_was_signed_and_logged_tells_where_it_went(world: World, sent: SentRecord, lose: Loss) -> None:
    lose(world, sent)
    trace = _of(world, sent.record_id)[sent.transfer_id]
    assert (trace.record_id, trace.provider_id, trace.follows) == (sent.record_id, world.college.id, "lost")
    assert "Ask Northway College whether it has the record" in trace.words("Northway College")
    assert [found.transfer_id for found in _at_school(world)] == [sent.transfer_id]


def test_a_row_that_names_another_record_is_known_to_be_that_of_this_one(
    world: World, sent: SentRecord
) -> None:
    to_another_learner(world, sent)
    with world.db.read() as session:
        other_id = session.get_one(Transfer, sent.transfer_id).record_id
    trace = _of(world, other_id)[sent.transfer_id]
    assert (trace.record_id, trace.follows, trace.words("Northway College")) == (
        sent.record_id,
        "another",
        "",
    )


def test_another_sending_to_the_provider_settles_it(world: World, sent: SentRecord) -> None:
    without_statement(world, sent)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    trace = _of(world, sent.record_id)[sent.transfer_id]
    assert (trace.follows, trace.words("Northway College")) == ("replaced", "")


def test_one_that_only_the_log_calls_taken_back_is_lost(world: World, sent: SentRecord) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    without_row(world, sent)
    assert _of(world, sent.record_id)[sent.transfer_id].follows == "lost"


def test_another_school_finds_nothing_of_it(world: World, sent: SentRecord) -> None:
    without_statement(world, sent)
    with world.db.read() as session:
        trust = trust_of(session, world.other_senco)
        rows = SignedRows(session, trust, {})
        other_id = world.places["Beech Lane School"].id
        assert list(traces_at(session, trust=trust, signed_rows=rows, school_id=other_id)) == []
