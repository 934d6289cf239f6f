"""What rests in a draft comes back as it was typed, and nothing else is taken for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.writing.unsaved import (
    NOTHING_RESTS,
    Resting,
    Unsaved,
    put,
    resting,
    typed_at,
)
from transition_exchange.proforma.forms import TypedDate

RAW = st.recursive(
    st.text(min_size=1) | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, min_size=1) | st.dictionaries(st.sampled_from(["name", "when"]), inner, min_size=1)
    ),
)


def _again(typed: dict[str, Any]) -> Any:
    unsaved = Unsaved(typed, by=uuid4(), at=datetime(2027, 3, 1, 9, 30, tzinfo=UTC), met=uuid4())
    rests = Resting({"pupil_number.upn": unsaved}, {"enrolment": uuid4()})
    again = resting(json.loads(rests.plaintext()))
    assert again == rests
    return again.answers["pupil_number.upn"].typed


@given(raw=RAW)
def test_what_was_typed_comes_back_as_it_was(raw: Any) -> None:
    assert _again({"": raw}) == {"": raw}


@pytest.mark.parametrize("parts", [("27-3-2011", "", ""), ("0", "00", "2011"), ("27", "März", "26")])
def test_the_three_boxes_of_a_date_come_back_apart(parts: tuple[str, str, str]) -> None:
    boxes = dict(zip(("day", "month", "year"), parts, strict=True))
    typed = _again({"": [{"when": TypedDate.of(boxes)}]})
    assert typed[""][0]["when"].parts == boxes


def test_an_untouched_draft_holds_nothing_as_an_empty_section_does() -> None:
    assert NOTHING_RESTS.plaintext() == b"{}"
    assert resting({}) == NOTHING_RESTS


@pytest.mark.parametrize(
    "content",
    [
        {"questions": []},
        {"questions": {"pupil_number.upn": {"typed": {"": "A"}, "by": "nobody", "at": "2027-03-01"}}},
        {"questions": {"pupil_number.upn": {"by": str(uuid4()), "at": "2027-03-01"}}},
        {"writers": {"enrolment": 7}},
    ],
)
def test_anything_else_in_its_place_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(Tampered):
        resting(content)


def test_an_answer_is_put_in_the_place_of_another_with_what_stands_beside_it() -> None:
    values: dict[str, Any] = {"upn": "A", "town": "Ashdown", "_reasons": {"phone": {"reason": "waiting"}}}
    put(values, "upn", {"_reasons": {"reason": "not_known"}})
    assert values == {
        "town": "Ashdown",
        "_reasons": {"phone": {"reason": "waiting"}, "upn": {"reason": "not_known"}},
    }
    assert typed_at(values, "upn") == {"_reasons": {"reason": "not_known"}}
    put(values, "upn", {})
    put(values, "phone", {"": "01709 960123"})
    assert values == {"town": "Ashdown", "phone": "01709 960123"}
    assert typed_at(values, "upn") == {}
