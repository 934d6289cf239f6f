"""A transfer stands as its school signed it, unless the row or the log contradicts that: then it is disputed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from tests.exchange.recalls import cut, end_of, forge, row_of, stay, turn, write
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.standings import Standing, at_providers, standings
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Event, Record

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


def _found(world: World, sent: SentRecord) -> list[Standing]:
    with world.db.read() as session:
        record = session.get_one(Record, sent.record_id)
        return standings(session, trust=trust_of(session, world.senco), record=record)


def _told(world: World, sent: SentRecord) -> list[str]:
    return [standing.told for standing in _found(world, sent)]


def _recall(world: World, sent: SentRecord) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)


def test_what_was_sent_is_held_and_what_was_taken_back_is_recalled(world: World, sent: SentRecord) -> None:
    assert _told(world, sent) == ["held"]
    _recall(world, sent)
    assert _told(world, sent) == ["recalled"]
    [standing] = _found(world, sent)
    assert standing.dispute("Northway College") == ""


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (forge, "The log says that this was taken back on"),
        (
            turn,
            "The database says that this was taken back, but neither the log nor what your school’s team signed",
        ),
    ],
)
def test_what_contradicts_the_signed_statement_is_not_believed_and_said(
    world: World, sent: SentRecord, lie: Callable[[World, SentRecord], None], words: str
) -> None:
    lie(world, sent)
    [standing] = _found(world, sent)
    assert standing.told == "disputed"
    assert standing.dispute("Northway College").startswith(words)
    assert "Ask Northway College whether it has the record" in standing.dispute("Northway College")


def test_a_signed_recall_needs_nothing_beside_it(world: World, sent: SentRecord) -> None:
    _recall(world, sent)
    write(world, sent, state="sent", recalled_at=None, recalled_by=None)
    with world.db.write() as session:
        session.execute(delete(Event).where(Event.body.contains("transfer.recalled")))
    [standing] = _found(world, sent)
    assert (standing.told, standing.recalled_at) == ("recalled", standing.signed_at)


def test_an_older_row_that_is_put_back_is_disputed(world: World, sent: SentRecord) -> None:
    older = row_of(world, sent)
    _recall(world, sent)
    write(world, sent, **older)
    assert _told(world, sent) == ["disputed"]


def test_what_was_decided_ends_the_dispute_until_something_else_contradicts_it(
    world: World, sent: SentRecord
) -> None:
    older = row_of(world, sent)
    forge(world, sent)
    stay(world, sent)
    [standing] = _found(world, sent)
    assert (standing.told, standing.event) == ("held", None)
    forge(world, sent)
    assert _told(world, sent) == ["disputed"], "another event is not the one that was overruled"
    stay(world, sent)
    decided = row_of(world, sent)
    write(world, sent, **older)
    assert _told(world, sent) == ["disputed"], "nor does the statement from before the decision overrule it"
    write(world, sent, **decided)
    _recall(world, sent)
    write(world, sent, **decided)
    assert _told(world, sent) == ["disputed"], "the event of the real recall is a later one"


def test_a_decision_covers_the_events_that_stood_there_then_and_no_other(
    world: World, sent: SentRecord
) -> None:
    """An invented event is decided and taken out again. Then a real recall has its number, but not its hash."""
    end = end_of(world)
    forge(world, sent)
    stay(world, sent)
    decided = row_of(world, sent)
    cut(world, end)
    assert _told(world, sent) == ["held"]
    _recall(world, sent)
    write(world, sent, **decided)
    [standing] = _found(world, sent)
    assert standing.told == "disputed"
    assert standing.event is not None
    assert standing.event.seq == end[0] + 1


def test_what_was_decided_once_need_not_be_decided_again(world: World, sent: SentRecord) -> None:
    for _ in range(2):
        forge(world, sent)
        stay(world, sent)
    forge(world, sent)
    forge(world, sent)
    assert len(_found(world, sent)[0].events) == 2
    stay(world, sent)
    [standing] = _found(world, sent)
    assert standing.told == "held"
    assert standing.statement is not None
    assert len(standing.statement.overrules) == 4


def test_of_several_transfers_to_a_provider_the_one_that_was_signed_last_counts(
    world: World, sent: SentRecord
) -> None:
    older = row_of(world, sent)
    _recall(world, sent)
    world.send(sent.record_id, providers=[world.college.id])
    write(world, sent, **older | {"state": "recalled"})
    assert _told(world, sent) == ["recalled", "held"]
    newer = SentRecord(sent.record_id, world.transfer_of(sent.record_id))
    turn(world, newer)
    write(world, sent, state="sent")
    assert _told(world, sent) == ["recalled", "disputed"], "also where the older one is made to look held"
    with world.db.read() as session:
        record = session.get_one(Record, sent.record_id)
        found = at_providers(session, trust=trust_of(session, world.senco), record=record)
    assert {id: standing.transfer.id for id, standing in found.items()} == {
        world.college.id: newer.transfer_id
    }
