"""Answers that were taken back: what a signed version says of those before it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from tests.exchange.safeguarding_answers import answer, taken_back
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.signed_rows import Found, SignedRows, VersionRow
from transition_exchange.exchange.records.withdrawals import (
    TAKEN_BACK,
    answered,
    doubtful_answers,
    taken_back_in_chain,
    withdrawals,
)
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store import events
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
    said = answered([row], Found({row.id: ""}, frozenset()), doubtful={record_id})
    assert not said.newest
    assert not said.taken_back
    assert said.doubtful == {record_id}
    assert answered([row], Found({row.id: ""}, frozenset())).newest == {record_id: row.id}


def test_what_was_signed_and_what_the_log_tells(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    taken_back(world, sent.record_id)
    for actor in (world.safeguarding_lead, world.college_safeguarding, world.coordinator):
        with world.db.read() as session:
            rows = SignedRows(session, trust_of(session, actor), {})
            (withdrawal,) = withdrawals(rows, Revision.record_id == sent.record_id).values()
            assert withdrawal.number == 2
    with world.db.read() as session:
        told = [(record_id, number) for record_id, number, _ in taken_back_in_chain(session, world.school.id)]
        assert told == [(sent.record_id, 2)]


@pytest.mark.parametrize("number", [2, 10**12])
def test_an_invented_event_counts_until_the_team_releases_another_version(
    world: World, sent: SentRecord, number: int
) -> None:
    answer(world, {sent.record_id: "yes"})

    def doubtful() -> bool:
        (row,) = learners(db=world.db, actor=world.safeguarding_lead, purpose=OWNER)
        return row.safeguarding_doubtful

    def invent(at: datetime) -> None:
        with world.db.write() as session:
            events.append(
                session,
                organisation_id=world.school.id,
                kind=TAKEN_BACK,
                principal_id=world.safeguarding_lead.principal_id,
                at=at,
                about={"record": sent.record_id, "number": number},
            )

    invent(datetime(2099, 1, 1, tzinfo=UTC))
    assert not doubtful()
    invent(datetime.now(UTC))
    assert doubtful()
    world.save(
        sent.record_id,
        {"safeguarding": {"file_exists": "yes", "lead_name": "New Lead", "lead_phone": "01709 382121"}},
        owner=OWNER,
    )
    world.send(sent.record_id, owner=OWNER)
    assert not doubtful()


def test_a_version_that_was_spoilt_since_it_was_checked_is_doubtful_and_stops_no_list(
    world: World, sent: SentRecord
) -> None:
    """A session that has checked a version does not check it again."""
    answer(world, {sent.record_id: "yes"})
    with world.db.read() as session:
        signed_rows = SignedRows(session, trust_of(session, world.safeguarding_lead), {})
        rows, found = signed_rows.versions(Revision.owner == OWNER)
    with world.db.write() as session:
        session.execute(update(Revision).where(Revision.owner == OWNER).values(manifest="{}"))
        events.append(
            session,
            organisation_id=world.school.id,
            kind=TAKEN_BACK,
            principal_id=world.safeguarding_lead.principal_id,
            about={"record": sent.record_id, "number": 2},
        )
    with world.db.read() as session:
        signed_rows = SignedRows(session, trust_of(session, world.safeguarding_lead), {})
        doubtful = doubtful_answers(
            signed_rows, rows, found, school_id=world.school.id, now=datetime.now(UTC)
        )
    assert doubtful == {sent.record_id}
