"""A value that Python cannot hold makes its own row unreadable, and no query fails because of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import func, select, text

from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation, Team, TermStart
from transition_exchange.store.unreadable import Unreadable, forget, left_out

POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DAYS = ("infinity", "-infinity", "20000-01-01", "5874897-12-31", "0044-03-15 BC")
MOMENTS = ("infinity", "-infinity", "20000-01-01 00:00:00+00", "294276-12-31 00:00:00+00", "0044-03-15 BC")
"""Dates and times that PostgreSQL stores and Python has not."""

DEEP = "[" * 3000 + "]" * 3000


@pytest.fixture
def ids(db: Database) -> Iterator[dict[str, UUID]]:
    """Two areas, each with a school that has a team."""
    forget()
    ids = {name: uuid4() for name in ("Ashdown", "Beech")}
    with db.write() as session:
        for name, id in ids.items():
            session.add(Area(id=id, name=name))
            session.add(TermStart(id=id, area_id=id, first_day=date(2027, 9, 1)))
            session.add(Organisation(id=id, area_id=id, name=name, kind="school"))
            session.add(Team(id=id, organisation_id=id, name=name, purposes=["transition"]))
    yield ids
    forget()


def put_day(db: Database, id: UUID, value: str) -> None:
    """Write a first day of term into an area's row, likewise."""
    with db.engine.begin() as connection:
        connection.execute(
            text("UPDATE term_starts SET first_day = CAST(:value AS date) WHERE id = :id"),
            {"value": value, "id": id},
        )


def put(db: Database, table: str, column: str, value: str, type: str) -> None:
    """Write a value into Ashdown's row, as somebody does who has the database's own tools."""
    with db.engine.begin() as connection:
        connection.execute(
            text(f"UPDATE {table} SET {column} = CAST(:value AS {type}) WHERE name = 'Ashdown'"),
            {"value": value},
        )


@POSTGRESQL
@pytest.mark.parametrize("value", DAYS)
def test_a_day_that_python_has_not_leaves_one_row_out(db: Database, ids: dict[str, UUID], value: str) -> None:
    put_day(db, ids["Ashdown"], value)
    with db.read() as session:
        assert [row.id for row in session.scalars(select(TermStart))] == [ids["Beech"]]
        assert left_out() == 1
        assert session.execute(select(TermStart.id, TermStart.first_day)).all()[0].id == ids["Beech"]
        with pytest.raises(Unreadable):
            session.get_one(TermStart, ids["Ashdown"])


@POSTGRESQL
@pytest.mark.parametrize("value", MOMENTS)
def test_a_moment_that_python_has_not_leaves_one_row_out(
    db: Database, ids: dict[str, UUID], value: str
) -> None:
    put(db, "areas", "created_at", value, "timestamptz")
    with db.read() as session:
        assert [area.name for area in session.scalars(select(Area))] == ["Beech"]
        assert left_out() == 1
        assert session.execute(select(Area.name, Area.created_at)).all()[0].name == "Beech"
        with pytest.raises(Unreadable):
            session.get_one(Area, ids["Ashdown"])
        assert not session.execute(select(func.min(Area.created_at), func.max(Area.created_at))).all()


@POSTGRESQL
def test_every_other_moment_is_read_as_before(db: Database, ids: dict[str, UUID]) -> None:
    put_day(db, ids["Ashdown"], "2027-09-02")
    with db.read() as session:
        area = session.get_one(Area, ids["Ashdown"])
        assert session.get_one(TermStart, ids["Ashdown"]).first_day == date(2027, 9, 2)
    assert area.created_at.utcoffset() is not None


@POSTGRESQL
def test_a_binary_cursor_reads_them_too(db: Database, ids: dict[str, UUID]) -> None:
    raw = db.engine.raw_connection()
    connection = raw.driver_connection
    assert isinstance(connection, psycopg.Connection)
    for type in ("date", "timestamp", "timestamptz"):
        for binary in (True, False):
            cursor = connection.cursor(binary=binary)
            row = cursor.execute(f"SELECT 'infinity'::{type}, '2027-09-01'::{type}").fetchone()
            assert row is not None
            odd, sound = row
            assert repr(odd) == "UNREADABLE"
            assert (sound.year, sound.month, sound.day) == (2027, 9, 1)
    raw.close()


@pytest.mark.parametrize("value", [DEEP, '["\\ud800"]', '["exams", 1e999]', '{"a": 1}', "[1]"])
def test_json_that_nobody_wrote_leaves_one_row_out(db: Database, ids: dict[str, UUID], value: str) -> None:
    put(db, "teams", "purposes", value, "json" if db.is_postgresql else "text")
    with db.read() as session:
        assert [team.name for team in session.scalars(select(Team))] == ["Beech"]
        assert left_out() == 1


@SQLITE
def test_a_text_that_is_no_utf_8_leaves_one_row_out(db: Database, ids: dict[str, UUID]) -> None:
    connection = sqlite3.connect(str(db.url.database))
    connection.execute(
        f"UPDATE organisations SET phone = CAST(x'ff' AS TEXT) WHERE id = '{ids['Ashdown'].hex}'"
    )
    connection.execute(f"UPDATE teams SET purposes = CAST(x'ff' AS TEXT) WHERE id = '{ids['Ashdown'].hex}'")
    connection.commit()
    connection.close()
    with db.read() as session:
        assert [place.name for place in session.scalars(select(Organisation))] == ["Beech"]
        assert [team.name for team in session.scalars(select(Team))] == ["Beech"]
        assert left_out() == 2
