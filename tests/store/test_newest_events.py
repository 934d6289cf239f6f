"""A page's check of the newest events: what was changed, removed or put in is noticed, on every page of the list."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.store.test_chain import forge, write_chain
from transition_exchange.store.database import Database
from transition_exchange.store.models import ChainHead, Event
from transition_exchange.store.newest_events import Stretch, stretch


def shown(db: Database, school: UUID, *, before: int | None = None, most: int = 3) -> Stretch:
    with db.read() as session:
        return stretch(session, school, before=before, most=most)


def test_a_whole_chain_is_whole_on_every_page(db: Database) -> None:
    school = write_chain(db)
    pages = [shown(db, school), shown(db, school, before=6), shown(db, school, before=3)]
    assert [[entry.seq for entry in page.entries] for page in pages] == [[8, 7, 6], [5, 4, 3], [2, 1]]
    assert [page.whole for page in pages] == [True, True, True]
    assert [page.goes_on for page in pages] == [True, True, False]
    assert all(entry.action and entry.action.kind == "record.saved" for entry in pages[0].entries)


def _body(session: Session) -> None:
    session.execute(update(Event).where(Event.seq == 7).values(body="no JSON"))


def _forged(session: Session) -> None:
    forge(session.scalars(select(Event).where(Event.seq == 7)).one(), kind="pack.downloaded")


def _no_about(session: Session) -> None:
    forge(session.scalars(select(Event).where(Event.seq == 8)).one(), about=[])


def _removed(session: Session) -> None:
    session.execute(delete(Event).where(Event.seq == 7))


def _cut_off(session: Session) -> None:
    session.execute(delete(Event).where(Event.seq == 8))


def _no_head(session: Session) -> None:
    session.execute(delete(ChainHead))


@pytest.mark.parametrize("spoil", [_body, _forged, _no_about, _removed, _cut_off, _no_head])
def test_what_was_changed_is_noticed(db: Database, spoil: Callable[[Session], None]) -> None:
    school = write_chain(db)
    with db.write() as session:
        spoil(session)
    assert not shown(db, school).whole


def test_all_of_a_chain_that_is_gone_is_noticed(db: Database) -> None:
    school = write_chain(db)
    with db.write() as session:
        session.execute(delete(Event))
    assert not shown(db, school).whole
    assert shown(db, UUID(int=7)) == Stretch((), whole=True, goes_on=False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", ["at", "seq", "id", "hash"])
def test_a_value_that_cannot_be_read_is_noticed(db: Database, column: str) -> None:
    school = write_chain(db)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE events SET {column} = 'odd' WHERE seq = 7")
    assert not shown(db, school, most=8).whole
