"""How names and statements become bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.encoding import canonical, framed, from_base64, moment, to_base64

FIELDS = st.lists(st.text(max_size=8) | st.binary(max_size=8), max_size=5)
JSON = st.dictionaries(
    st.text(max_size=8), st.none() | st.booleans() | st.integers() | st.text(max_size=20), max_size=6
)


def raw(fields: list[str | bytes]) -> list[bytes]:
    return [field.encode() if isinstance(field, str) else field for field in fields]


@given(st.text("abc-/", max_size=5), FIELDS, st.text("abc-/", max_size=5), FIELDS)
def test_only_the_same_label_and_fields_give_the_same_bytes(
    label: str, fields: list[str | bytes], other_label: str, others: list[str | bytes]
) -> None:
    same = (label, raw(fields)) == (other_label, raw(others))
    assert (framed(label, *fields) == framed(other_label, *others)) == same


def test_framing_is_written_as_the_document_says() -> None:
    assert framed("part", "é", b"\0") == b"\0\0\0\x1atransition-exchange/part/1\0\0\0\2\xc3\xa9\0\0\0\1\0"


@given(JSON)
def test_canonical_json_does_not_depend_on_the_order_and_reads_back(value: dict[str, object]) -> None:
    backwards = dict(reversed(value.items()))
    assert canonical(backwards) == canonical(value)
    assert json.loads(canonical(value)) == value


def test_canonical_json_is_written_in_one_way() -> None:
    assert canonical({"b": 1, "a": "é "}) == '{"a":"é ","b":1}'
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"a": float("nan")})


def test_a_moment_is_written_in_utc() -> None:
    at = datetime(2027, 6, 3, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert moment(at) == moment(at.astimezone(UTC)) == "2027-06-03T09:30:00+00:00"
    assert moment("as it stands") == "as it stands"
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2027, 6, 3))  # noqa: DTZ001 - what must be refused


@given(st.binary(max_size=60))
def test_base64_comes_back(raw: bytes) -> None:
    assert from_base64(to_base64(raw)) == raw


@pytest.mark.parametrize("text", [None, 1, b"AA==", "A", "AA=", "A\nA==", "é", "A-_A"])
def test_what_is_not_base64_cannot_be_opened(text: object) -> None:
    with pytest.raises(CannotOpen):
        from_base64(text)
