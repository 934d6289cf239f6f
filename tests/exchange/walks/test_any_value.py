"""No value that somebody puts into a row stops a change of key: what is damaged is passed over, and the work ends.

Columns that the steps read are given values that no code of ours writes, in one row, with the constraints of the
database switched off, as somebody can who can write to its file. The columns are taken from the tables themselves, so a
new one joins by itself. Each day has its share of them. `test_progress.py` has one value of each kind that once stopped
it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.exchange.world import World
from tests.web.spoiling import written_to
from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.renewing import progress, retiring
from transition_exchange.store.base import Base

SCHOOL, TEAM = "Ashdown School", "Transition team"
COLLEGE, SUPPORT = "Northway College", "Learning support"
COUNCIL, GROUP = "Ashdown Council", "NEET group"
CHANGED = {
    "senco": (SCHOOL, TEAM),
    "college_support": (COLLEGE, SUPPORT),
    "coordinator": (COUNCIL, GROUP),
}
"""Whose team's key is changed, in their session."""

ODD: tuple[Any, ...] = ("odd value", "2027-01-01", -(2**62), "1" * 32)
"""Values that SQLite takes in any column: a text, a day without a time, a number, and an id that nothing has."""

SHARES = 150

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Column(NamedTuple):
    """A column of a table."""

    table: str
    name: str


COLUMNS = [
    Column(table.name, column.name)
    for table in Base.metadata.sorted_tables
    if table.name not in ("events", "chain_heads")
    for column in table.columns
]


@pytest.fixture
def changed(world: World) -> World:
    """Two records, one of them sent and opened with a document and a question, before the keys are changed."""
    record_id = world.add()
    world.fill(record_id)
    world.attach(record_id)
    world.send(record_id)
    transfer_id = world.transfer_of(record_id)
    world.open(transfer_id)
    asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text="Which bus?")
    world.sent("Ben", "Adams")
    for place, team in CHANGED.values():
        world.new_key(place, team)
    return world


@pytest.fixture
def file(changed: World) -> Iterator[sqlite3.Connection]:
    """The database as somebody opens it who can write to its file."""
    with written_to(changed.db) as connection:
        yield connection


def finish(world: World, person: str) -> progress.Progress:
    """Carry the work of somebody's team on to its end."""
    for _ in range(30):
        after = progress.carry_on(db=world.db, actor=world.people[person])
        if not after.left:
            return after
    raise AssertionError("the work does not end")


def is_retired(world: World, person: str) -> bool:
    actor = world.people[person]
    with world.db.read() as session:
        return not retiring.due(session, actor=actor, trust=trust_of(session, actor))


def put(file: sqlite3.Connection, column: Column, value: Any) -> bool:
    """Put a value into the first row that has one in a column; gives whether that was possible."""
    row = file.execute(f"SELECT rowid FROM {column.table} WHERE {column.name} IS NOT NULL LIMIT 1").fetchone()
    if row is None:
        return False
    try:
        file.execute(f"UPDATE {column.table} SET {column.name} = ? WHERE rowid = ?", (value, row[0]))
    except sqlite3.IntegrityError:
        return False
    return True


@pytest.mark.parametrize("person", CHANGED)
def test_no_value_stops_it(changed: World, file: sqlite3.Connection, person: str) -> None:
    whole = sqlite3.connect(":memory:")
    file.backup(whole)
    share = school_calendar.today().toordinal() % SHARES
    cases = [(column, value) for column in COLUMNS for value in ODD]
    for number, (column, value) in enumerate(cases):
        if number % SHARES != share or not put(file, column, value):
            continue
        try:
            finish(changed, person)
        except Exception as error:
            raise AssertionError((column, value)) from error
        assert is_retired(changed, person), (column, value)
        whole.backup(file)
    whole.close()
