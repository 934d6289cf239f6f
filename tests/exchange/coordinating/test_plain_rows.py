"""The plain rows behind a coordinator's lists: read again for the organisations that did something, and compared."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete

from tests.exchange.coordinators import acknowledges
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.coordinating.plain_rows import PlainRows, PlainTransfer
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries.asking import ask, close, reply
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.store.models import Record


def _reload(world: World, rows: PlainRows, *places: str) -> set[UUID]:
    """Read the rows of some organisations again, or of all. Returns the records of which something differs."""
    with world.db.read() as session:
        signed_rows = SignedRows(session, trust_of(session, world.coordinator), {})
        ids = [world.places[name].id for name in places or world.places]
        return rows.reload(session, ids, signed_rows=signed_rows)


def _transfer(world: World, sent: SentRecord) -> PlainTransfer:
    rows = PlainRows()
    _reload(world, rows)
    return rows.transfers[sent.record_id][sent.transfer_id]


def test_a_first_look_reads_every_record_and_a_second_finds_nothing_new(world: World) -> None:
    first, second = world.add(), world.add("Ben", actor=world.other_senco)
    rows = PlainRows()
    assert _reload(world, rows) == {first, second}
    assert _reload(world, rows) == set()
    record = rows.records[first]
    assert (record.school_id, record.started, record.complete) == (world.school.id, False, False)
    assert not record.safeguarding_released


def test_only_the_organisations_that_did_something_are_read_again(world: World) -> None:
    first, second = world.add(), world.add("Ben", actor=world.other_senco)
    rows = PlainRows()
    _reload(world, rows)
    for record_id, actor in ((first, world.senco), (second, world.other_senco)):
        world.save(record_id, {"known_as": {"preferred_name": "Mo"}}, actor=actor)
    assert _reload(world, rows, "Ashdown School") == {first}
    assert not rows.records[second].started
    assert _reload(world, rows, "Beech Lane School") == {second}


def test_a_deleted_record_is_gone(world: World) -> None:
    first, second = world.add(), world.add("Ben")
    rows = PlainRows()
    _reload(world, rows)
    with world.db.write() as session:
        session.execute(delete(Record).where(Record.id == first))
    assert _reload(world, rows, "Ashdown School") == {first}
    assert rows.records.keys() == {second}


def test_that_safeguarding_was_released_shows_and_not_what_it_says(world: World, sent: SentRecord) -> None:
    rows = PlainRows()
    _reload(world, rows)
    assert not rows.records[sent.record_id].safeguarding_released
    world.send(sent.record_id, owner="school_safeguarding")
    assert sent.record_id in _reload(world, rows, "Ashdown School")
    assert rows.records[sent.record_id].safeguarding_released


def test_a_transfer_waits_for_the_college_until_every_team_has_acknowledged(
    world: World, sent: SentRecord
) -> None:
    assert _transfer(world, sent).waiting_since is not None
    assert _transfer(world, sent).state == "sent"
    acknowledges(world, sent.record_id, "college_support")
    assert _transfer(world, sent).waiting_since is not None
    acknowledges(world, sent.record_id, "college_admissions", "college_safeguarding", "college_exams")
    assert _transfer(world, sent).waiting_since is None
    assert _transfer(world, sent).state == "acknowledged"


def test_the_safeguarding_team_waits_with_its_own_part_only(world: World, sent: SentRecord) -> None:
    def safeguarding() -> tuple[bool, bool]:
        transfer = _transfer(world, sent)
        return transfer.safeguarding_waiting, transfer.safeguarding_opened

    world.open(sent.transfer_id, world.college_safeguarding)
    assert safeguarding() == (False, False), "it has opened what the transition team wrote"
    world.send(sent.record_id, owner="school_safeguarding")
    assert safeguarding() == (True, False)
    world.open(sent.transfer_id)
    assert safeguarding() == (True, False), "learning support has opened what it may read"
    world.open(sent.transfer_id, world.college_safeguarding)
    assert safeguarding() == (False, True)


def test_an_open_question_waits_for_whoever_has_the_next_word(world: World, sent: SentRecord) -> None:
    questions = [
        ask(
            db=world.db,
            actor=world.college_support,
            transfer_id=sent.transfer_id,
            text="Which bus?",
            owner=owner,
        )
        for owner in ("transition", "school_safeguarding")
    ]
    assert [owner for owner, _ in _transfer(world, sent).asked] == ["school_safeguarding", "transition"]
    reply(db=world.db, actor=world.senco, query_id=questions[0], text="The 22.")
    assert [owner for owner, _ in _transfer(world, sent).asked] == ["school_safeguarding"]
    reply(db=world.db, actor=world.college_support, query_id=questions[0], text="From where?")
    assert len(_transfer(world, sent).asked) == 2
    for question in questions:
        close(db=world.db, actor=world.college_support, query_id=question)
    assert _transfer(world, sent).asked == ()


@pytest.mark.parametrize("place", ["Ashdown School", "Northway College"])
def test_a_recalled_transfer_goes_whichever_side_is_read_again(
    world: World, sent: SentRecord, place: str
) -> None:
    rows = PlainRows()
    _reload(world, rows)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert _reload(world, rows, place) == {sent.record_id}
    assert rows.transfers[sent.record_id] == {}


def test_a_college_that_acted_is_read_again_without_the_school(world: World, sent: SentRecord) -> None:
    rows = PlainRows()
    _reload(world, rows)
    world.open(sent.transfer_id)
    assert _reload(world, rows, "Riverside Boxing") == set()
    assert _reload(world, rows, "Northway College") == {sent.record_id}
    assert rows.transfers[sent.record_id][sent.transfer_id].state == "received"


def test_a_new_version_is_not_opened_because_the_one_before_was(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    assert _transfer(world, sent).state == "received"
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    assert _transfer(world, sent).state == "sent"
    world.open(sent.transfer_id)
    assert _transfer(world, sent).state == "received"
