from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.store.doubled import double_tables
from tests.store.rows import organisation
from transition_exchange.store import chain, events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, ChainHead, Event
from transition_exchange.store.unreadable import Unreadable, forget


def test_each_event_holds_the_hash_of_the_one_before_and_is_hashed_as_stored(db: Database) -> None:
    school = organisation(db)
    for count in range(3):
        with db.write() as session:
            events.append(session, organisation_id=school, kind="record.saved", about={"count": count})
    with db.read() as session:
        rows = session.scalars(select(Event).order_by(Event.seq)).all()
        head = session.get_one(ChainHead, school)
    previous = events.GENESIS
    for seq, row in enumerate(rows, start=1):
        assert row.seq == seq
        assert f'"previous":"{previous}"' in row.body
        assert row.hash == hashlib.sha256(row.body.encode()).hexdigest()
        previous = row.hash
    assert (head.seq, head.hash) == (3, previous)


def test_an_event_says_who_did_what_about_what(db: Database) -> None:
    school, person, record = organisation(db), uuid4(), uuid4()
    with db.write() as session:
        event = events.append(
            session,
            organisation_id=school,
            kind="record.released",
            principal_id=person,
            about={"record": record, "version": "core/2027.1", "teams": 5, "transfer": None},
        )
    entry = events.read(event)
    assert (entry.seq, entry.kind, entry.principal_id, entry.at) == (1, "record.released", person, event.at)
    assert entry.about == {"record": str(record), "version": "core/2027.1", "teams": 5, "transfer": None}


@pytest.mark.parametrize("said", ["Ada Lovelace", "ada@example.org", "O'Neill", "Zoë", "x" * 201])
def test_an_event_takes_no_names_addresses_or_texts(db: Database, said: str) -> None:
    school = organisation(db)
    with pytest.raises(ValueError, match="ids, codes and counts"), db.write() as session:
        events.append(session, organisation_id=school, kind="record.saved", about={"note": said})
    with pytest.raises(ValueError, match="lower case"), db.write() as session:
        events.append(session, organisation_id=school, kind=f"{said} {said}")


def test_an_event_goes_with_its_action(db: Database) -> None:
    school = organisation(db)

    def fail() -> None:
        with db.write() as session:
            session.add(Area(name="Never"))
            events.append(session, organisation_id=school, kind="area.added")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with db.write() as session:
        assert events.append(session, organisation_id=school, kind="area.added").seq == 1


def test_there_is_no_event_of_an_organisation_that_does_not_exist(db: Database) -> None:
    with pytest.raises(IntegrityError), db.write() as session:
        events.append(session, organisation_id=uuid4(), kind="record.saved")


def test_chains_of_two_organisations_run_apart(db: Database) -> None:
    one, two = organisation(db, "One"), organisation(db, "Two")
    with db.write() as session:
        for school in (one, two, one):
            events.append(session, organisation_id=school, kind="record.saved")
    with db.read() as session:
        assert chain.verify(session, one) == chain.Verdict(one, 2)
        assert chain.verify(session, two) == chain.Verdict(two, 1)


def test_fifty_writers_at_once_make_no_fork(db: Database) -> None:
    """None of them knows that the chain exists, so its first row is fought over too."""
    school = organisation(db)
    many = Database(db.url, pool_size=50)

    def write(writer: int) -> None:
        for turn in range(4):
            with many.write() as session:
                session.add(Area(name=f"{writer}-{turn}"))
                events.append(session, organisation_id=school, kind="area.added", about={"writer": writer})

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(write, range(50)))
    with many.read() as session:
        assert chain.verify(session, school) == chain.Verdict(school, 200)
        assert session.scalar(select(func.count()).select_from(Event)) == 200
    many.dispose()


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "\ud800"},
        {"kind": "Somebody <b>did</b> something"},
        {"kind": ["record.saved"]},
        {"at": "soon"},
        {"at": "2027-06-03T09:30:00"},
        {"at": "9999-12-31T23:59:59+00:00"},
        {"at": 7},
        {"seq": "1"},
        {"seq": True},
        {"principal": "nobody"},
        {"principal": 7},
        {"about": {"note": "Ada Lovelace"}},
        {"about": {"note": ["x"]}},
        {"about": {"note": 1.5}},
        {"about": []},
        {"about": None},
    ],
    ids=str,
)
def test_an_event_that_says_what_none_says_cannot_be_read(db: Database, said: dict[str, object]) -> None:
    """Its hash fits, because whoever writes the text can write the hash as well."""
    school = organisation(db)
    with db.write() as session:
        event = events.append(session, organisation_id=school, kind="record.saved", about={"count": 1})
        event.body = json.dumps(json.loads(event.body) | said)
        event.hash = events.hash_of(event.body)
        with pytest.raises(Unreadable):
            events.read(event)


@pytest.mark.parametrize("body", ["[" * 100_000, "NaN", "[]", "", '{"seq": 1, "seq": 2}'])
def test_an_event_that_is_no_object_cannot_be_read(db: Database, body: str) -> None:
    with pytest.raises(Unreadable):
        events.read(Event(body=body, hash=events.hash_of(body)))


def test_nothing_follows_on_an_end_that_cannot_be_read(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        events.append(session, organisation_id=school, kind="record.saved")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE chain_heads SET seq = -2147483648")
    with pytest.raises(Unreadable), db.write() as session:
        events.append(session, organisation_id=school, kind="record.saved")
    forget()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_follows_on_an_end_that_is_there_twice(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        events.append(session, organisation_id=school, kind="record.saved")
    double_tables(db, ["chain_heads"])
    with pytest.raises(Unreadable), db.write() as session:
        events.append(session, organisation_id=school, kind="record.saved")


def test_nothing_follows_on_an_end_that_lies_behind_or_is_gone(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        events.append(session, organisation_id=school, kind="record.saved")
    for change in ("UPDATE chain_heads SET seq = 0", "DELETE FROM chain_heads"):
        with db.engine.begin() as connection:
            connection.exec_driver_sql(change)
        with pytest.raises(Unreadable), db.write() as session:
            events.append(session, organisation_id=school, kind="record.saved")
