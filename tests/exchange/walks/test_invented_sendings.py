"""Somebody takes away what was signed about a transfer and appends an event about it; no event ends the doubt.

The event fits into the chain, and its end is written too. It may name another record, another provider or an earlier
time. What was named before stays named, and only what the school signs later ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from tests.exchange.lost_transfers import BOXING, moved, standing_grants, without_row, without_statement
from tests.exchange.recalls import cut, end_of, forge, shown, write
from tests.exchange.safeguarding_answers import answer
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.states import DISPUTED
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store import chain, events
from transition_exchange.store.models import Grant

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

COLLEGE = "Northway College"
Lie = Callable[[World, SentRecord], None]


def _says_sent(
    world: World,
    sent: SentRecord,
    *,
    record_id: UUID | None = None,
    provider: str = COLLEGE,
    at: datetime | None = None,
) -> None:
    """Append an event that nobody caused: a sending by the transfer."""
    with world.db.write() as session:
        events.append(
            session,
            organisation_id=world.school.id,
            kind="record.sent",
            principal_id=world.senco.principal_id,
            at=at,
            about={
                "record": record_id or sent.record_id,
                "owner": "transition",
                "providers": 1,
                "transfer1": sent.transfer_id,
                "provider1": world.places[provider].id,
            },
        )
    with world.db.read() as session:
        assert chain.verify(session, world.school.id).fault is None


def _withdraw(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        of_transfer = update(Grant).where(Grant.transfer_id == sent.transfer_id)
        session.execute(of_transfer.values(withdrawn_at=datetime.now(UTC)))
    assert standing_grants(world, sent) == 0


def _to_boxing(world: World, sent: SentRecord) -> None:
    _says_sent(world, sent, provider=BOXING)


def _earlier(world: World, sent: SentRecord) -> None:
    _says_sent(world, sent, at=datetime.now(UTC) - timedelta(days=30))


def _of_another(world: World, sent: SentRecord) -> None:
    _says_sent(world, sent, record_id=world.add("Ben", "Stone"))


def _lost_names(world: World, record_id: UUID) -> set[str]:
    delivered = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    return {one.provider for one in delivered if one.follows == "lost"}


def _assert_in_doubt(world: World, record_id: UUID) -> None:
    assert COLLEGE in _lost_names(world, record_id)
    assert COLLEGE in [place.name for place in world.plan(record_id, owner="school_safeguarding").lost]
    for actor, purpose in ((world.senco, "transition"), (world.safeguarding_lead, "school_safeguarding")):
        rows = learners(db=world.db, actor=actor, purpose=purpose)
        (row,) = [row for row in rows if row.record_id == record_id]
        assert DISPUTED in row.transfers
        assert row.uncertain
    step = answer(world, {record_id: "nothing"})
    assert step.done == ()
    assert COLLEGE in step.left[0].why


@pytest.mark.parametrize("lie", [forge, _to_boxing, _earlier, _of_another])
@pytest.mark.parametrize(("lose", "withdrawn"), [(without_statement, True), (without_row, False)])
def test_no_event_ends_the_doubt(
    world: World, sent: SentRecord, lose: Lie, lie: Lie, withdrawn: bool
) -> None:
    """The school took it back once before, and sent it again; that was signed before, and ends nothing either."""
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    world.send(sent.record_id)
    newer = SentRecord(sent.record_id, world.transfer_of(sent.record_id))
    if withdrawn:
        _withdraw(world, newer)
    lose(world, newer)
    if withdrawn and lose is without_statement:
        write(world, newer, state="recalled")
    lie(world, newer)
    _assert_in_doubt(world, sent.record_id)


def test_a_row_moved_to_another_record_stays_this_ones_too(world: World, sent: SentRecord) -> None:
    other = world.add("Ben", "Stone")
    write(world, sent, record_id=other)
    _withdraw(world, sent)
    _says_sent(world, sent, record_id=other)
    _assert_in_doubt(world, sent.record_id)
    assert _lost_names(world, other) == {COLLEGE}, "of that one it is not certain either"


def test_taking_back_the_row_that_names_another_record_ends_no_doubt_about_this_one(
    world: World, sent: SentRecord
) -> None:
    other = world.add("Ben", "Stone")
    write(world, sent, record_id=other)
    _says_sent(world, sent, record_id=other)
    recall(db=world.db, actor=world.senco, record_id=other, transfer_id=sent.transfer_id)
    _assert_in_doubt(world, sent.record_id)


def test_a_provider_that_an_event_names_too_is_shown_beside_the_other(world: World, sent: SentRecord) -> None:
    without_statement(world, sent)
    _to_boxing(world, sent)
    assert _lost_names(world, sent.record_id) == {COLLEGE, BOXING}
    assert shown(world, sent).provider in (COLLEGE, BOXING)


def test_a_recall_is_not_signed_where_what_is_left_names_two_providers(
    world: World, sent: SentRecord
) -> None:
    without_statement(world, sent)
    _to_boxing(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert standing_grants(world, sent) == 0
    assert not shown(world, sent).genuine
    assert _lost_names(world, sent.record_id) == {COLLEGE, BOXING}
    world.send(sent.record_id)
    assert _lost_names(world, sent.record_id) == {BOXING}, "the school has signed where it is with the other"


def test_a_recall_is_for_the_provider_that_its_page_named_or_for_none(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    end = end_of(world)
    world.send(record_id)
    sent = SentRecord(record_id, world.transfer_of(record_id))
    without_statement(world, sent)
    page = shown(world, sent)
    assert page.provider == COLLEGE
    _withdraw(world, sent)
    cut(world, end)
    _to_boxing(world, sent)
    with pytest.raises(Refused, match="has changed since this page was opened"):
        recall(
            db=world.db,
            actor=world.senco,
            record_id=record_id,
            transfer_id=sent.transfer_id,
            seen=page.where,
        )
    assert not shown(world, sent).genuine, "nothing is signed for the other provider"


def test_the_earliest_of_all_times_ends_nothing_and_the_latest_does(world: World, sent: SentRecord) -> None:
    without_row(world, sent)
    _says_sent(world, sent, at=datetime.now(UTC) + timedelta(days=1))
    world.send(sent.record_id)
    assert _lost_names(world, sent.record_id) == {COLLEGE}, "the doubt may be made longer"


def test_one_that_was_taken_back_already_cannot_be_once_more(world: World, sent: SentRecord) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    moved(world, sent)
    with pytest.raises(Refused, match="already been taken back"):
        recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
