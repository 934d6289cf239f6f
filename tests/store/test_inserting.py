"""Rows that another transaction may insert at the same moment."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from tests.store.doubled import double_tables
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.inserting import insert_or_ignore
from transition_exchange.store.models import AddressSlowdown

DIGEST = "d" * 64


def slowdown(failures: int) -> dict[str, object]:
    return {"address_digest": DIGEST, "failures": failures, "last_failure_at": utc_now()}


def failures(db: Database) -> list[int]:
    with db.read() as session:
        return list(session.scalars(select(AddressSlowdown.failures)))


def test_a_row_that_is_there_stays_as_it_is(db: Database) -> None:
    for count in (1, 2):
        with db.write() as session:
            insert_or_ignore(session, AddressSlowdown, key="address_digest", values=slowdown(count))
    assert failures(db) == [1]


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
def test_it_does_not_need_the_constraint_that_forbids_a_second_row(db: Database) -> None:
    double_tables(db, [])
    for count in (1, 2):
        with db.write() as session:
            insert_or_ignore(session, AddressSlowdown, key="address_digest", values=slowdown(count))
    assert failures(db) == [1]
