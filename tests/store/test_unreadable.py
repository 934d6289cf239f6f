"""A row that cannot be read is left out of lists, counted, and refused to whoever asks for it."""

from __future__ import annotations

import sqlite3
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from tests.store.doubled import double_tables
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation
from transition_exchange.store.unreadable import KEEP, UNREADABLE, Unreadable, forget, left_out

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def spoil(db: Database, table: str, column: str, value: object, name: str) -> None:
    connection = sqlite3.connect(str(db.url.database))
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE name = ?", (value, name))
    connection.commit()
    connection.close()


@pytest.fixture
def ids(db: Database) -> dict[str, UUID]:
    """Two schools of one area."""
    forget()
    ids = {name: uuid4() for name in ("Ashdown", "Beech", "Cedar")}
    with db.write() as session:
        session.add(Area(id=ids["Ashdown"], name="Ashdown"))
        session.flush()
        for name in ("Beech", "Cedar"):
            session.add(Organisation(id=ids[name], area_id=ids["Ashdown"], name=name, kind="school"))
    return ids


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("created_at", "soon"),
        ("kind", "whatever"),
        ("sends", "x"),
        ("created_at", "9999-12-31 00:00:00.000000"),
    ],
)
def test_the_other_rows_are_read(db: Database, ids: dict[str, UUID], column: str, value: object) -> None:
    spoil(db, "organisations", column, value, "Beech")
    with db.read() as session:
        assert [row.name for row in session.scalars(select(Organisation))] == ["Cedar"]
        assert left_out() == 1
        columns = select(Organisation.name, getattr(Organisation, column))
        assert [row.name for row in session.execute(columns)] == ["Cedar"]
        assert session.scalar(select(func.count()).select_from(Organisation)) == 2
    forget()
    assert left_out() == 0


@ONLY_SQLITE
def test_whoever_asks_for_the_row_is_told(db: Database, ids: dict[str, UUID]) -> None:
    spoil(db, "organisations", "created_at", "soon", "Beech")
    with db.read() as session:
        kept = session.scalars(select(Organisation)).all()
        for _ in range(2):
            with pytest.raises(Unreadable):
                session.get(Organisation, ids["Beech"])
        assert session.get(Organisation, uuid4()) is None
        assert session.get_one(Organisation, ids["Cedar"]) is kept[0]


def test_a_row_that_another_one_names_and_that_is_missing_is_told_apart_from_none(
    db: Database, ids: dict[str, UUID]
) -> None:
    with db.read() as session, pytest.raises(Unreadable):
        session.get_one(Organisation, uuid4())


@ONLY_SQLITE
def test_a_row_is_left_out_with_what_was_loaded_with_it(db: Database, ids: dict[str, UUID]) -> None:
    spoil(db, "areas", "created_at", 7, "Ashdown")
    with db.read() as session:
        from transition_exchange.store.models import Team

        assert session.scalars(select(Team).options(joinedload(Team.organisation))).unique().all() == []
        assert (
            session.execute(select(Organisation, Area).join(Area, Area.id == Organisation.area_id)).all()
            == []
        )
        assert len(session.scalars(select(Organisation)).all()) == 2


@ONLY_SQLITE
def test_a_query_may_ask_for_such_rows_too(db: Database, ids: dict[str, UUID]) -> None:
    spoil(db, "organisations", "created_at", "soon", "Beech")
    with db.read() as session:
        query = select(Organisation.name, Organisation.created_at).execution_options(**{KEEP: True})
        made = {row.name: row.created_at for row in session.execute(query)}
    assert made["Beech"] is UNREADABLE
    assert made["Cedar"] is not UNREADABLE
    assert left_out() == 0


@ONLY_SQLITE
def test_whoever_asks_for_one_row_of_two_is_told_and_lists_go_on(db: Database, ids: dict[str, UUID]) -> None:
    double_tables(db, ["organisations"])
    one = select(Organisation.name).where(Organisation.id == ids["Beech"])
    for block in (db.read, db.write):
        for ask in ("one", "one_or_none", "scalar_one"):
            with pytest.raises(Unreadable), block() as session:
                getattr(session.execute(one), ask)()
        with block() as session:
            assert len(session.scalars(select(Organisation.name)).all()) == 4


@ONLY_SQLITE
def test_a_change_that_reaches_two_rows_is_refused_whole(db: Database, ids: dict[str, UUID]) -> None:
    double_tables(db, ["organisations"])

    def change() -> None:
        with db.write() as session:
            session.get_one(Organisation, ids["Cedar"]).name = "Other"

    with pytest.raises(Unreadable):
        change()
    with db.read() as session:
        assert sorted(session.scalars(select(Organisation.name))) == ["Beech", "Beech", "Cedar", "Cedar"]


def test_a_change_to_a_row_that_is_deleted_meanwhile_is_told(db: Database, ids: dict[str, UUID]) -> None:
    def change() -> None:
        with db.write() as session:
            organisation = session.get_one(Organisation, ids["Cedar"])
            session.execute(
                delete(Organisation)
                .where(Organisation.id == ids["Cedar"])
                .execution_options(synchronize_session=False)
            )
            organisation.name = "Other"

    with pytest.raises(Unreadable):
        change()
