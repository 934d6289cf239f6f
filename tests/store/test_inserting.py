"""Rows that another transaction may insert at the same moment."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.store.doubled import double_tables
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.inserting import insert_or_ignore, insert_or_replace
from transition_exchange.store.models import AddressSlowdown, Ciphertext

DIGEST = "d" * 64


def slowdown(failures: int) -> dict[str, object]:
    return {"address_digest": DIGEST, "failures": failures, "last_failure_at": utc_now()}


def failures(db: Database) -> list[int]:
    with db.read() as session:
        return list(session.scalars(select(AddressSlowdown.failures)))


def bodies(db: Database) -> dict[UUID, bytes]:
    with db.read() as session:
        return {row.id: row.body for row in session.execute(select(Ciphertext.id, Ciphertext.body))}


def test_a_row_that_is_there_stays_as_it_is(db: Database) -> None:
    for count in (1, 2):
        with db.write() as session:
            insert_or_ignore(session, AddressSlowdown, key="address_digest", values=slowdown(count))
    assert failures(db) == [1]


def test_a_row_that_is_there_is_replaced_and_no_other(db: Database) -> None:
    one, other = uuid4(), uuid4()
    for id, body in ((one, b"first"), (other, b"other"), (one, b"second")):
        with db.write() as session:
            insert_or_replace(session, Ciphertext, key="id", values={"id": id, "body": body})
    assert bodies(db) == {one: b"second", other: b"other"}


def test_two_at_once_make_one_row_and_neither_fails(db: Database) -> None:
    """The second waits for the first, on SQLite to write at all and on PostgreSQL at the row."""
    inserted, failed = threading.Event(), list[Exception]()

    def second() -> None:
        inserted.wait(timeout=10)
        try:
            with db.write() as session:
                insert_or_ignore(session, AddressSlowdown, key="address_digest", values=slowdown(2))
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=second)
    thread.start()
    with db.write() as session:
        insert_or_ignore(session, AddressSlowdown, key="address_digest", values=slowdown(1))
        inserted.set()
        thread.join(timeout=0.2)
        assert thread.is_alive()
    thread.join(timeout=30)
    assert failed == []
    assert failures(db) == [1]


def test_where_the_first_is_undone_the_second_is_inserted(db: Database) -> None:
    def undone() -> None:
        with db.write() as session:
            insert_or_ignore(session, AddressSlowdown, key="address_digest", values=slowdown(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    with db.write() as session:
        insert_or_ignore(session, AddressSlowdown, key="address_digest", values=slowdown(2))
    assert failures(db) == [2]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_neither_needs_the_constraint_that_forbids_a_second_row(db: Database) -> None:
    double_tables(db, [])
    id = uuid4()
    for count, body in ((1, b"first"), (2, b"second")):
        with db.write() as session:
            insert_or_ignore(session, AddressSlowdown, key="address_digest", values=slowdown(count))
            insert_or_replace(session, Ciphertext, key="id", values={"id": id, "body": body})
    assert failures(db) == [1]
    assert bodies(db) == {id: b"second"}


def test_of_two_that_replace_at_once_the_later_one_stands(db: Database) -> None:
    id, inserted = uuid4(), threading.Event()

    def second() -> None:
        inserted.wait(timeout=10)
        with db.write() as session:
            insert_or_replace(session, Ciphertext, key="id", values={"id": id, "body": b"second"})

    thread = threading.Thread(target=second)
    thread.start()
    with db.write() as session:
        insert_or_replace(session, Ciphertext, key="id", values={"id": id, "body": b"first"})
        inserted.set()
        thread.join(timeout=0.2)
        assert thread.is_alive(), "it waits for the first"
    thread.join(timeout=30)
    assert bodies(db) == {id: b"second"}
