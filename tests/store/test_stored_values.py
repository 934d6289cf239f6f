"""Each type of column gives back what our code wrote, and marks what it cannot have written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, Boolean, Date, Float, Integer, LargeBinary, String, Uuid
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from transition_exchange.store.base import Base
from transition_exchange.store.stored_values import (
    OneOf,
    StoredJson,
    UtcDateTime,
    Whole,
    checked,
    figures,
    list_of_ids,
    list_of_words,
)
from transition_exchange.store.unreadable import UNREADABLE

ID = UUID("12345678-1234-4234-8234-123456789abc")
ODD: tuple[Any, ...] = ("soon", b"\xff", 2**70, -1.5, "[", "9999-12-31", "9999-12-31 23:59:59.000000", "")
CASES: list[tuple[TypeEngine[Any], Any, Any, tuple[Any, ...]]] = [
    (UtcDateTime(), "2027-06-03 10:30:15.000000", datetime(2027, 6, 3, 10, 30, 15, tzinfo=UTC), ODD),
    (checked(Date()), "2027-06-03", date(2027, 6, 3), ODD),
    (checked(Uuid()), ID.hex, ID, ODD),
    (checked(Integer()), 12, 12, ("12", b"\x01", 2**70, 1.5)),
    (Whole(1, 12), 12, 12, (0, 13)),
    (checked(Boolean()), 1, True, ("x", 2, b"\x01")),
    (checked(String(20)), "text", "text", (b"text", 3)),
    (checked(LargeBinary()), b"\x00", b"\x00", ("text", 3, 10**12)),
    (checked(JSON()), '{"a": 1}', {"a": 1}, ("{", b"\xff")),
    (StoredJson(list_of_ids), f'["{ID}"]', [str(ID)], ('{"a": 1}', '["x"]', "[1]", "3", f'"{ID}"')),
    (StoredJson(list_of_words), '["exams"]', ["exams"], ('{"a": 1}', "[1]", '"exams"')),
    (StoredJson(figures), '{"count": 2}', {"count": 2}, ('{"count": "2"}', "[]", '{"count": true}')),
    (OneOf(("due", "post"), String(10)), "due", "due", ("gone", b"due", 1)),
]


@pytest.mark.parametrize(("kind", "stored", "value", "odd"), CASES, ids=lambda case: str(case)[:30])
def test_what_is_read_is_checked(
    kind: TypeEngine[Any], stored: Any, value: Any, odd: tuple[Any, ...]
) -> None:
    read = kind.dialect_impl(sqlite.dialect()).result_processor(sqlite.dialect(), None)
    assert read is not None
    assert read(None) is None
    assert read(stored) == value
    assert [read(other) for other in odd] == [UNREADABLE] * len(odd)


def test_every_column_is_checked() -> None:
    unchecked = [
        str(column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if type(column.type).__module__ != "transition_exchange.store.stored_values"
    ]
    assert unchecked == []
    assert isinstance(Base.metadata.tables["cards"].c.state.type, OneOf)


def test_a_new_kind_of_column_needs_a_word_on_how_it_is_read() -> None:
    with pytest.raises(TypeError, match="Float"):
        checked(Float())
