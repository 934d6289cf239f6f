"""Whatever text stands in the database, reading it gives what the program can have written, or one plain error."""

from __future__ import annotations

import ast
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import transition_exchange
from transition_exchange.stored_text import (
    DEEPEST,
    LARGEST_NUMBER,
    UnreadableText,
    read_json,
    read_moment,
    read_object,
    read_texts,
)

PROGRAM = Path(transition_exchange.__file__).parent

OTHER_READERS = {
    "commands/proforma.py": "the file that somebody names on their own command line",
    "exchange/records/signed_rows.py": "a statement whose signature and fields were checked just before",
    "web/fieldsets.py": "a rule that the line before has written",
}
"""Where JSON is read that neither the database nor anybody who could seal something has written."""

WRONG: tuple[str | bytes, ...] = (
    "",
    "nonsense",
    "[1",
    '{"a": 1} {}',
    "\ufeff{}",
    "NaN",
    "-Infinity",
    "1e999",
    "-1e999",
    str(LARGEST_NUMBER + 1),
    "-" + "9" * 5000,
    '"\\ud800"',
    '{"\\udfff": 1}',
    '"\ud800"',
    '{"a": 1, "a": 1}',
    '[{"b": {"a": 1, "a": 2}}]',
    '"a\nb"',
    "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    '{"a":' * 100_000 + "1" + "}" * 100_000,
    "[" * 100_000,
    b"\xff",
    b"\xed\xa0\x80",
    "{}".encode("utf-16"),
)


@pytest.mark.parametrize("text", WRONG, ids=lambda text: str(text)[:20])
def test_what_the_program_does_not_write_is_one_error(text: str | bytes) -> None:
    with pytest.raises(UnreadableText) as raised:
        read_json(text)
    assert raised.value.args == ("a stored text cannot be read",), "it repeats nothing of the text"
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2.5, true, null, "\\ud83d\\ude00 Zoë"]}',
        "[" * DEEPEST + "]" * DEEPEST,
        f"[{LARGEST_NUMBER}, -{LARGEST_NUMBER}]",
        '"\\u0000"',
    ],
)
def test_sound_json_is_read_as_it_is(text: str) -> None:
    assert read_json(text) == read_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize("text", ["[]", "1", '"text"', "null", "true"])
def test_another_value_than_an_object_is_refused_where_one_is_needed(text: str) -> None:
    read_json(text)
    with pytest.raises(UnreadableText):
        read_object(text)


@pytest.mark.parametrize("value", [None, 1, b"{}x", memoryview(b"{}"), ["{}"]])
def test_what_is_no_text_at_all_is_the_same_error(value: Any) -> None:
    with pytest.raises(UnreadableText):
        read_object(value)


@given(st.text() | st.binary())
def test_any_text_gives_a_value_that_can_be_written_again_or_the_error(text: str | bytes) -> None:
    try:
        value = read_json(text)
    except UnreadableText:
        return
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-LARGEST_NUMBER, LARGEST_NUMBER) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_what_is_written_is_read(value: Any) -> None:
    assert read_json(json.dumps(value)) == read_json(json.dumps(value, ensure_ascii=False)) == value


def test_some_texts_of_an_object_are_read() -> None:
    text = '{"body": "words", "key": "k", "count": 3}'
    assert read_texts(text, "key", "body") == ["k", "words"]
    for name in ("count", "missing"):
        with pytest.raises(UnreadableText):
            read_texts(text, "body", name)


def test_a_moment_is_read_in_utc() -> None:
    assert read_moment("2027-06-03T11:30:15+01:00") == datetime(2027, 6, 3, 10, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2027-06-03",
        "2027-06-03T11:30:15",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "1969-12-31T23:59:59+00:00",
        None,
        7,
        ["2027-06-03T11:30:15+01:00"],
    ],
)
def test_what_is_no_moment_that_is_stored_is_the_error(text: object) -> None:
    with pytest.raises(UnreadableText):
        read_moment(text)


def test_nothing_else_reads_json() -> None:
    found = {
        path.relative_to(PROGRAM).as_posix()
        for path in PROGRAM.rglob("*.py")
        if _reads_json(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == {"stored_text.py", *OTHER_READERS}


def _reads_json(tree: ast.AST) -> bool:
    """Whether a module has a way to read JSON, under whatever name it was imported."""
    nodes = list(ast.walk(tree))
    names = {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "json"
    }
    return any(
        (isinstance(node, ast.ImportFrom) and node.module in {"json", "json.decoder"})
        or (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in names
            and node.attr not in {"dumps", "dump"}
        )
        for node in nodes
    )
