"""No value that stands in a row breaks a page: it says that something failed its safety check, and the rest goes on.

Columns are given values that no code of ours writes, in one row, with the constraints of the database switched off, as
somebody can who can write to its file. A new column joins by itself. Each day has its share of the columns.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.spoiling import FAILED, INCOMPLETE, Area, build, written_to
from tests.web.visitor import Visitor
from transition_exchange.exchange import school_calendar
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database

ODD: tuple[Any, ...] = ("odd \u2028 value", -(2**62))
"""Values that SQLite takes in any column, one column the one and the next column the other."""

SHARES = 6


class Column(NamedTuple):
    """A column of a table."""

    table: str
    name: str


COLUMNS = [
    Column(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns
]


@pytest.fixture
def area(app: Flask, world: World, joined: tuple[Visitor, str]) -> Area:
    """An area in which something stands in most tables."""
    return build(app, world, joined[0])


@pytest.fixture
def file(area: Area, web_db: Database) -> Iterator[sqlite3.Connection]:
    """The database as somebody opens it who can write to its file."""
    with written_to(web_db) as connection:
        yield connection


def _put(file: sqlite3.Connection, column: Column, value: Any) -> bool:
    """Put a value into a row that has one in a column, another one each day; gives whether that was possible."""
    query = f"SELECT rowid FROM {column.table} WHERE {column.name} IS NOT NULL ORDER BY rowid"
    rows = file.execute(query).fetchall()
    if not rows:
        return False
    (row,) = rows[school_calendar.today().toordinal() // SHARES % len(rows)]
    try:
        file.execute(f"UPDATE {column.table} SET {column.name} = ? WHERE rowid = ?", (value, row))
    except sqlite3.IntegrityError:
        return False
    return True


def test_no_value_breaks_a_page(area: Area, file: sqlite3.Connection) -> None:
    whole = sqlite3.connect(":memory:")
    file.backup(whole)
    share = school_calendar.today().toordinal() % SHARES
    for number, column in enumerate(COLUMNS):
        value = ODD[number % len(ODD)]
        if number % SHARES != share or not _put(file, column, value):
            continue
        for visitor, path in area.few_looks:
            page = visitor.get(path)  # an exception would reach the test
            assert page.status < 500 or FAILED in page.text, (column, value, path)
        whole.backup(file)
    whole.close()


def test_an_organisation_that_cannot_be_read_is_left_out_with_its_teams(
    area: Area, file: sqlite3.Connection
) -> None:
    for place in ("Ashdown School", "Northway College"):
        gone = area.world.places[place].id.hex
        file.execute("UPDATE organisations SET kind = 'odd' WHERE id = ?", (gone,))
        for path in (
            "/area",
            "/area/learners",
            "/area/chase",
            "/area/organisations",
            "/area/settings/second-confirmer",
        ):
            page = area.visitor("administrator").get(path)
            assert page.status < 500 or FAILED in page.text, (place, path)


def test_a_list_goes_on_without_the_line_and_says_so(area: Area, file: sqlite3.Connection) -> None:
    assert INCOMPLETE not in area.visitor("senco").get("/learners").text
    file.execute("UPDATE records SET delete_on = 'soon' WHERE id = ?", (area.record.record_id.hex,))
    page = area.visitor("senco").get("/learners")
    assert INCOMPLETE in page.text
    assert "Ben" in page.text
    own = area.visitor("senco").get(f"/learners/{area.record.record_id}")
    assert (own.status, own.h1) == (500, FAILED)


@pytest.mark.parametrize(
    ("change", "person", "path"),
    [
        ("UPDATE records SET version = 'core/2999.1'", "senco", "/learners/{record}"),
        ("UPDATE records SET version = 'core/2999.1'", "senco", "/learners/{record}/send/transition"),
        ("DELETE FROM records", "college_support", "/received/{transfer}"),
        ("UPDATE records SET leaving_year = 99999", "senco", "/learners/{record}"),
    ],
)
def test_what_a_row_names_and_is_not_there_fails_the_safety_check(
    area: Area, file: sqlite3.Connection, change: str, person: str, path: str
) -> None:
    file.execute(change)
    page = area.visitor(person).get(
        path.format(record=area.record.record_id, transfer=area.record.transfer_id)
    )
    assert (page.status, page.h1) == (500, FAILED)


def test_the_list_of_activity_says_that_it_failed_its_check(area: Area, file: sqlite3.Connection) -> None:
    warning = "This list failed its check"
    assert warning not in area.visitor("administrator").get("/area/activity").text
    council = area.world.places["Ashdown Council"].id.hex
    file.execute("UPDATE events SET body = 'no JSON' WHERE organisation_id = ?", (council,))
    page = area.visitor("administrator").get("/area/activity")
    assert page.status == 200
    assert warning in page.text


def test_a_missing_document_is_named_where_documents_are_seen_and_sent(
    area: Area, file: sqlite3.Connection
) -> None:
    here, words = f"/learners/{area.record.record_id}", "1 document that somebody attached here is missing"
    for path in (f"{here}/documents", f"{here}/send/transition"):
        assert words not in area.visitor("senco").get(path).text
    file.execute("UPDATE attachments SET removed_at = '2027-01-01 00:00:00.000000'")
    for path in (f"{here}/documents", f"{here}/send/transition"):
        assert words in area.visitor("senco").get(path).text
