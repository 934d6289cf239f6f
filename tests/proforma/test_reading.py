"""A value is right, wrong or missing, whatever door it came through."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proforma.records import TODAY, V2027, Answers, ehc_plan, sen_support, without_sen
from transition_exchange.proforma import load, read_section

VERSION = load(V2027)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def read(section: str, **raw: Any) -> tuple[dict[str, Any], list[str]]:
    found = read_section(VERSION, section, raw, today=TODAY)
    return found.values, [error.code for error in found.errors]


@pytest.mark.parametrize("record", [without_sen(), sen_support(), ehc_plan()], ids=["N", "K", "E"])
def test_right_values_come_back_as_they_were_and_reading_twice_changes_nothing(record: Answers) -> None:
    for section, values in record.items():
        once = read_section(VERSION, section, values, today=TODAY)
        assert not once.errors, section
        assert read_section(VERSION, section, once.values, today=TODAY).values == once.values
        json.dumps(once.values)


def test_what_was_left_empty_is_missing_and_not_wrong() -> None:
    assert read("learner", legal_surname="", legal_forename="  ", date_of_birth=None) == ({}, [])
    assert read("contacts", contacts=[{}, {"name": ""}]) == ({}, [])


def test_right_fields_are_kept_beside_wrong_ones() -> None:
    values, wrong = read("learner", legal_surname="Testlearner", date_of_birth="2011-02-30")
    assert values == {"legal_surname": "Testlearner"}
    assert wrong == ["date.real"]


def test_nobody_attends_more_sessions_than_there_were() -> None:
    assert read("attendance", sessions_possible=10, sessions_attended=11)[1] == ["sessions.attended"]
    assert read("attendance", sessions_possible=10, sessions_attended=9, sessions_authorised=2)[1] == [
        "sessions.sum"
    ]
    assert read("attendance", sessions_possible=10, sessions_attended=10)[1] == []


def test_a_wrong_cell_is_named_by_its_place() -> None:
    found = read_section(VERSION, "needs", {"needs": [{"type": "ASD"}, {"type": "XYZ"}]}, today=TODAY)
    assert [error.form_name for error in found.errors] == ["needs.needs.1.type"]
    assert "needs" not in found.values


def test_what_is_not_asked_is_refused_without_repeating_its_name() -> None:
    found = read_section(VERSION, "learner", {"Amina": "x"}, today=TODAY)
    assert [error.code for error in found.errors] == ["not_asked"]
    assert "Amina" not in repr(found.errors)


def test_a_gap_may_carry_a_reason() -> None:
    reasons = {"last_review": {"reason": "waiting", "expected": "2027-07-01"}}
    assert read("ehc_plan", _reasons=reasons) == ({"_reasons": reasons}, [])
    assert read("ehc_plan", _reasons={"last_review": {"reason": "lost"}})[1] == ["choice.unknown"]
    assert read("ehc_plan", _reasons={"nothing": {"reason": "waiting"}})[1] == ["not_asked"]
    assert read("ehc_plan", _reasons={"last_review": {"reason": "waiting", "expected": "soon"}})[1] == [
        "date.real"
    ]


def test_only_where_the_field_allows_it_something_does_not_apply() -> None:
    said = {"reason": "does_not_apply"}
    assert read("enrolment", _reasons={"email": said})[1] == []
    assert read("learner", _reasons={"legal_surname": said})[1] == ["reason.applies"]


def test_an_answer_makes_its_reason_superfluous() -> None:
    values, _ = read("enrolment", email="amina@example.org", _reasons={"email": {"reason": "not_known"}})
    assert values == {"email": "amina@example.org"}


def test_a_support_question_may_be_answered_in_an_attachment() -> None:
    assert read("support", _attached={"provision": {"page": "3"}})[0] == {
        "_attached": {"provision": {"page": 3}}
    }
    assert read("support", _attached={"provision": {"page": 0}})[1] == ["number.range"]
    assert read("learner", _attached={"legal_surname": {"page": 3}})[1] == ["attached.not_here"]


@settings(max_examples=300)
@given(
    section=st.sampled_from([section.name for section in VERSION.sections]),
    data=st.data(),
)
def test_whatever_comes_in_is_right_or_wrong_and_never_breaks_anything(
    section: str, data: st.DataObject
) -> None:
    names = [question.name for question in VERSION.section(section).questions]
    raw = data.draw(st.dictionaries(st.sampled_from([*names, "_reasons", "_attached", "other"]), json_values))
    found = read_section(VERSION, section, raw, today=TODAY)
    assert not {error.field for error in found.errors} & set(found.values)
    again = read_section(VERSION, section, found.values, today=TODAY)
    assert again.values == found.values
    assert not again.errors
    json.dumps(found.values)


@given(text=st.text(min_size=9, max_size=30))
def test_no_message_repeats_what_was_typed(text: str) -> None:
    for section in VERSION.sections:
        raw = {
            question.name: text
            for question in section.questions
            if question.kind not in ("text", "long_text")
        }
        for error in read_section(VERSION, section.name, raw, today=TODAY).errors:
            assert text not in error.message
