"""Whatever text stands in a column that holds JSON, every page answers, and none breaks.

A writer can put any text there: nested too deep, with numbers too large, with half a character, of another shape, or
the own text with one such value in it. A new column of text or JSON joins by itself.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Text

from tests.exchange.walks.writer.rows import kind_of
from tests.exchange.world import World
from tests.web.spoiling import FAILED, Area, build, written_to
from tests.web.visitor import Visitor
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database
from transition_exchange.store.events import hash_of

COLUMNS: list[Column[Any]] = [
    column
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(kind_of(column), (JSON, Text))
]
HOSTILE = (
    "[" * 5000 + "]" * 5000,
    '{"a":' * 3000 + "1" + "}" * 3000,
    "[" * 40 + "]" * 40,
    '"\\ud800"',
    '{"\\ud800":"\\udfff"}',
    '"\\u0000"',
    "NaN",
    "1e999",
    "9" * 400,
    "9" * 5000,
    "-1",
    "0.5",
    "[]",
    "{}",
    "[[1]]",
    '""',
    "null",
    "true",
    '"9999-12-31T23:59:59-14:00"',
    '"0001-01-01T00:00:00"',
)
"""Values of JSON as they are written."""

VALUES = st.sampled_from(HOSTILE) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
).map(json.dumps)


def _spoilt(held: object, value: str, field: int) -> str:
    """A text with a hostile value in one of its fields; the value alone if it has none, or for another number."""
    try:
        fields = json.loads(held) if isinstance(held, str) else None
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or not 0 <= field < len(fields):
        return value
    written = {name: json.dumps(content) for name, content in fields.items()}
    written[list(fields)[field]] = value
    return "{" + ",".join(f"{json.dumps(name)}:{content}" for name, content in written.items()) + "}"


def _put(file: sqlite3.Connection, column: Column[Any], row: int, field: int, value: str) -> None:
    """Spoil the text of a row. An event gets the hash that belongs to its new text."""
    table, name = column.table.name, column.name
    rows = file.execute(f"SELECT rowid, {name} FROM {table} ORDER BY {name} IS NULL, rowid").fetchall()
    if not rows:
        return
    rowid, held = rows[row % len(rows)]
    text = _spoilt(held, value, field)
    file.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", (text, rowid))
    if table == "events":
        file.execute("UPDATE events SET hash = ? WHERE rowid = ?", (hash_of(text), rowid))


@pytest.fixture
def area(app: Flask, world: World, joined: tuple[Visitor, str]) -> Area:
    """An area in which something stands in most tables."""
    return build(app, world, joined[0])


def test_the_columns_of_texts_are_found() -> None:
    names = {f"{column.table.name}.{column.name}" for column in COLUMNS}
    assert {"events.body", "unlocks.wrapped", "areas.rules", "teams.purposes", "grants.statement"} <= names


def test_no_text_breaks_a_page(area: Area, web_db: Database) -> None:
    with written_to(web_db) as file:
        whole = sqlite3.connect(":memory:")
        file.backup(whole)
        reads = area.reads()  # it signs somebody in, and uses the invitation
        assert {column.table.name for column in COLUMNS} <= frozenset().union(*reads.values())

        # A failing example is short as it is; to find a shorter one would take minutes.
        @settings(max_examples=10, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
        @given(st.sampled_from(COLUMNS), st.integers(0, 30), st.integers(-1, 9), VALUES)
        def tried(column: Column[Any], row: int, field: int, value: str) -> None:
            whole.backup(file)
            _put(file, column, row, field, value)
            for name, look in area.everything().items():
                if column.table.name in reads[name]:
                    page = look()  # an exception would reach the test
                    assert page.status < 500 or FAILED in page.text, (str(column), name)

        tried()
        whole.close()
