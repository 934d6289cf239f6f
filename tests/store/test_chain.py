"""Somebody with the database in hand changes it; the tests are that somebody."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.store.doubled import double_tables
from tests.store.rows import organisation
from transition_exchange.store import chain, events
from transition_exchange.store.chain import Head
from transition_exchange.store.database import Database
from transition_exchange.store.models import ChainHead, Event
from transition_exchange.store.newest_events import stretch
from transition_exchange.store.unreadable import Unreadable

LENGTH = 8


def write_chain(db: Database, length: int = LENGTH) -> UUID:
    school = organisation(db)
    with db.write() as session:
        for count in range(length):
            events.append(session, organisation_id=school, kind="record.saved", about={"count": count})
    return school


def rows(session: Session) -> list[Event]:
    return list(session.scalars(select(Event).order_by(Event.seq)))


def fault_of(db: Database, school: UUID, *heads: Head) -> tuple[str, int] | None:
    with db.read() as session:
        fault = chain.verify(session, school, heads=heads).fault
    return (fault.kind, fault.seq) if fault else None


def forge(forged: Event, /, **said: object) -> None:
    """Write another text, with the hash that belongs to it."""
    forged.body = json.dumps(json.loads(forged.body) | said, separators=(",", ":"), sort_keys=True)
    forged.hash = events.hash_of(forged.body)


def make_room(session: Session, seq: int) -> None:
    """Number the events from `seq` on one higher, the last first."""
    for event in reversed(rows(session)[seq - 1 :]):
        event.seq += 1
        session.flush()


def remove(session: Session, seq: int) -> None:
    session.execute(delete(Event).where(Event.seq == seq))


def remove_and_close_the_gap(session: Session, seq: int) -> None:
    remove(session, seq)
    for event in rows(session)[seq - 1 :]:
        event.seq -= 1
        session.flush()


def change_body(session: Session, seq: int) -> None:
    event = rows(session)[seq - 1]
    event.body = event.body.replace("record.saved", "record.moved")


def change_body_and_hash(session: Session, seq: int) -> None:
    forge(rows(session)[seq - 1], kind="record.moved")


def change_time_beside_the_body(session: Session, seq: int) -> None:
    rows(session)[seq - 1].at = datetime(2020, 1, 1, tzinfo=UTC)


def make_it_no_json(session: Session, seq: int) -> None:
    event = rows(session)[seq - 1]
    event.body = "[]"
    event.hash = events.hash_of(event.body)


def insert(session: Session, seq: int) -> None:
    before = rows(session)[seq - 2].hash if seq > 1 else events.GENESIS
    like = json.loads(rows(session)[0].body)
    make_room(session, seq)
    id = uuid4()
    forged = Event(
        id=id, organisation_id=UUID(like["organisation"]), seq=seq, at=datetime.fromisoformat(like["at"])
    )
    forged.body = json.dumps(like)
    forge(forged, event=str(id), seq=seq, previous=before)
    session.add(forged)


def insert_with_a_wrong_hash(session: Session, seq: int) -> None:
    insert(session, seq)
    session.flush()
    rows(session)[seq - 1].hash = "f" * 64


def insert_without_looking_back(session: Session, seq: int) -> None:
    insert(session, seq)
    session.flush()
    forge(rows(session)[seq - 1], previous="f" * 64)


def swap_with_the_next(session: Session, seq: int) -> None:
    first, second = rows(session)[seq - 1 : seq + 1]
    first.seq = LENGTH + 100
    session.flush()
    second.seq = seq
    session.flush()
    first.seq = seq + 1


def move_to_the_end(session: Session, seq: int) -> None:
    event = rows(session)[seq - 1]
    event.seq = LENGTH + 100
    session.flush()
    for later in rows(session)[seq - 1 : -1]:
        later.seq -= 1
        session.flush()
    event.seq = LENGTH


DONE: dict[str, tuple[Callable[[Session, int], None], str, range]] = {
    "removed": (remove, "removed", range(1, LENGTH)),
    "removed, gap closed": (remove_and_close_the_gap, "removed", range(1, LENGTH)),
    "body changed": (change_body, "changed", range(1, LENGTH + 1)),
    "body and hash changed": (change_body_and_hash, "changed", range(1, LENGTH + 1)),
    "time changed": (change_time_beside_the_body, "changed", range(1, LENGTH + 1)),
    "no JSON": (make_it_no_json, "changed", range(1, LENGTH + 1)),
    "inserted": (insert, "inserted", range(1, LENGTH + 2)),
    "inserted, wrong hash": (insert_with_a_wrong_hash, "inserted", range(1, LENGTH + 1)),
    "inserted, nothing before": (insert_without_looking_back, "inserted", range(1, LENGTH + 1)),
    "swapped": (swap_with_the_next, "reordered", range(1, LENGTH)),
    "moved": (move_to_the_end, "reordered", range(1, LENGTH)),
}


def test_an_untouched_chain_is_whole(db: Database) -> None:
    school = write_chain(db)
    with db.read() as session:
        assert chain.verify(session, school) == chain.Verdict(school, LENGTH)
        assert chain.verify(session, uuid4()).events == 0


@pytest.mark.parametrize("action", DONE)
def test_what_was_done_is_found_and_the_first_event_concerned_is_named(db: Database, action: str) -> None:
    school = write_chain(db)
    act, kind, places = DONE[action]
    for seq in (places[0], places[len(places) // 2], places[-1]):
        with db.write() as session:
            act(session, seq)
            session.flush()
            fault = chain.verify(session, school).fault
            session.rollback()
            assert fault is not None
            assert (fault.kind, fault.seq) == (kind, seq)
            assert str(seq) in fault.message


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_of_several_things_done_the_first_is_named(db: Database, data: st.DataObject) -> None:
    with db.read() as session:
        head = session.scalars(select(ChainHead)).one_or_none()
    school = head.organisation_id if head else write_chain(db)
    first = data.draw(st.integers(1, LENGTH - 4))
    later = data.draw(st.lists(st.integers(first + 2, LENGTH), min_size=1, max_size=3, unique=True))
    act, kind, _ = DONE[data.draw(st.sampled_from(["removed", "body changed", "time changed"]))]
    with db.write() as session:
        for seq in later:
            change_body(session, seq)
        session.flush()
        act(session, first)
        session.flush()
        fault = chain.verify(session, school).fault
        session.rollback()
    assert fault is not None
    assert (fault.kind, fault.seq) == (kind, first)


def test_a_cut_off_tail_is_found_where_the_head_stayed(db: Database) -> None:
    school = write_chain(db)
    with db.write() as session:
        session.execute(delete(Event).where(Event.seq > 5))
    assert fault_of(db, school) == ("cut_off", 6)


def wind_back(db: Database, to: int) -> None:
    """Cut the tail off and leave no trace in the database."""
    with db.write() as session:
        last = rows(session)[to - 1]
        session.execute(delete(Event).where(Event.seq > to))
        session.execute(update(ChainHead).values(seq=last.seq, hash=last.hash))


def test_a_cut_off_tail_is_found_against_a_head_kept_elsewhere(db: Database) -> None:
    school = write_chain(db)
    with db.read() as session:
        kept = Head(school, LENGTH, rows(session)[-1].hash)
    wind_back(db, 5)
    assert fault_of(db, school) is None
    assert fault_of(db, school, kept) == ("cut_off", 6)


def test_a_chain_that_grew_after_the_head_was_kept_is_whole(db: Database) -> None:
    school = write_chain(db)
    with db.read() as session:
        kept = Head(school, 4, rows(session)[3].hash)
    assert fault_of(db, school, kept, Head(uuid4(), 99, "f" * 64)) is None


def test_a_tail_written_anew_is_found_against_a_head_kept_elsewhere(db: Database) -> None:
    school = write_chain(db)
    with db.read() as session:
        kept = Head(school, LENGTH, rows(session)[-1].hash)
    wind_back(db, 5)
    with db.write() as session:
        for _ in range(5):
            events.append(session, organisation_id=school, kind="record.saved")
    assert fault_of(db, school) is None
    assert fault_of(db, school, kept) == ("changed", LENGTH)


def test_a_chain_deleted_altogether_is_found_against_a_head_kept_elsewhere(db: Database) -> None:
    school = write_chain(db)
    with db.write() as session:
        session.execute(delete(Event))
        session.execute(delete(ChainHead))
    assert fault_of(db, school, Head(school, LENGTH, "f" * 64)) == ("cut_off", 1)


def test_events_without_a_head_are_noticed(db: Database) -> None:
    school = write_chain(db)
    with db.write() as session:
        session.execute(delete(ChainHead))
    assert fault_of(db, school) == ("inserted", 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", ["id", "seq", "at", "body", "hash"])
@pytest.mark.parametrize("value", ["x'ff'", "CAST(x'ff' AS TEXT)", "'soon'", "-9000000000000000000"])
@pytest.mark.parametrize("which", [1, 3, LENGTH])
def test_a_value_that_nobody_wrote_is_a_fault_and_breaks_neither_the_audit_nor_the_page(
    db: Database, column: str, value: str, which: int
) -> None:
    school = write_chain(db)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql(f"UPDATE events SET {column} = {value} WHERE seq = {which}")
    fault = fault_of(db, school)
    assert fault is not None
    assert fault[1] in (which, 1), "one that is in no order is first or last"
    with db.read() as session:
        shown = stretch(session, school, before=None, most=50)
        assert not shown.whole
        chain.told(session, school, Event.body.contains("record.saved"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_end_that_is_there_twice_is_a_fault(db: Database) -> None:
    school = write_chain(db)
    double_tables(db, ["chain_heads"])
    assert fault_of(db, school) == ("inserted", 0)
    with pytest.raises(Unreadable), db.read() as session:
        chain.told(session, school, Event.body.contains("record.saved"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_events_that_are_there_twice_are_a_fault(db: Database) -> None:
    school = write_chain(db)
    double_tables(db, ["events"])
    assert fault_of(db, school) is not None


def test_an_event_that_nobody_caused_is_found_by_nothing_in_the_chain(db: Database) -> None:
    """As docs/trust.md says: whoever appends one writes the end of the chain too, and a later head covers it."""
    school = write_chain(db)
    with db.read() as session:
        kept = chain.head_of(session, school)
    assert kept is not None
    with db.write() as session:
        events.append(session, organisation_id=school, kind="transfer.recalled")  # as the writer does by hand
    assert fault_of(db, school) is None
    assert fault_of(db, school, kept) is None, (
        "it came after what was kept elsewhere, as each later event does"
    )
    with db.read() as session:
        later = chain.head_of(session, school)
    assert later is not None
    assert fault_of(db, school, kept, later) is None
