"""Answers that were taken back: what a signed version says of those before it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from tests.exchange.safeguarding_answers import answer, taken_back
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.signed_rows import Found, SignedRows, VersionRow
from transition_exchange.exchange.records.withdrawals import answered, taken_back_in_chain, withdrawals
from transition_exchange.store.models import Revision

OWNER = "school_safeguarding"
SCHOOL = uuid4()
AT = datetime(2027, 6, 3, 9, 30, tzinfo=UTC)


def _version(record_id: UUID, number: int) -> VersionRow:
    return VersionRow(uuid4(), record_id, OWNER, number, None, SCHOOL)


def test_the_last_signed_version_decides() -> None:
    given, taken, anew, unsigned = (uuid4() for _ in range(4))
    rows = [
        _version(given, 1),
        _version(taken, 1),
        _version(anew, 1),
        _version(unsigned, 1),
        _version(taken, 2),
        _version(anew, 2),
        _version(anew, 3),
    ]
    signed = {row.id: "" for row in rows if row.record_id != unsigned}
    signed |= {row.id: AT.isoformat() for row in rows if row.number == 2}
    said = answered(rows, Found(signed, frozenset()))
    assert said.newest == {given: rows[0].id, anew: rows[6].id}
    assert said.taken_back == {taken: AT}
    assert said.doubtful == frozenset()


def test_an_answer_of_which_the_log_tells_that_it_was_taken_back_is_neither() -> None:
    record_id = uuid4()
    row = _version(record_id, 1)
    said = answered([row], Found({row.id: ""}, frozenset()), told={record_id: 2})
    assert not said.newest
    assert not said.taken_back
    assert said.doubtful == {record_id}
    assert answered([row], Found({row.id: ""}, frozenset()), told={record_id: 1}).newest == {
        record_id: row.id
    }


def test_what_was_signed_and_what_the_log_tells(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    taken_back(world, sent.record_id)
    for actor in (world.safeguarding_lead, world.college_safeguarding, world.coordinator):
        with world.db.read() as session:
            rows = SignedRows(session, trust_of(session, actor), {})
            (withdrawal,) = withdrawals(rows, Revision.record_id == sent.record_id).values()
            assert withdrawal.number == 2
    with world.db.read() as session:
        assert taken_back_in_chain(session, world.school.id) == {sent.record_id: 2}
