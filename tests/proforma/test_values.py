"""Each kind of value: what is right, in its one way of writing, and what is refused with which code."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from tests.proforma.records import TODAY, V2027
from transition_exchange.proforma import load, read_section
from transition_exchange.proforma.values import (
    Choices,
    Hours,
    IsoDate,
    Rows,
    RowSchema,
    Text,
    Whole,
    today_is,
    without_nothing,
)

VERSION = load(V2027)


def read(section: str, **raw: Any) -> tuple[dict[str, Any], list[str]]:
    found = read_section(VERSION, section, raw, today=TODAY)
    return found.values, [error.code for error in found.errors]


def test_values_are_normalised() -> None:
    values, wrong = read("enrolment", postcode="s601aa", phone="01709960123", town="  Rotherham \n")
    assert read("pupil_number", upn=" l372400114001 ") == ({"upn": "L372400114001"}, [])
    assert wrong == []
    assert values == {
        "postcode": "S60 1AA",
        "phone": values["phone"],
        "town": "Rotherham",
    }


@pytest.mark.parametrize("mark", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
def test_no_text_turns_round_the_words_after_it(mark: str) -> None:
    assert read("enrolment", town=f"Rother{mark}ham {mark}") == ({"town": "Rotherham"}, [])
    arabic = "\u0623\u0645\u064a\u0646\u0629"
    assert read("enrolment", town=arabic) == ({"town": arabic}, [])


@pytest.mark.parametrize("mark", [*"\v\f\x85\u2028\u2029"])
def test_what_word_puts_between_lines_is_a_line_break(mark: str) -> None:
    assert read("enrolment", town=f"{mark}Rotherham{mark}Moorgate{mark}") == (
        {"town": "Rotherham Moorgate"},
        [],
    )
    values, wrong = read("own_words", hopes=f"First.{mark}Then.{mark}")
    assert (values["hopes"], wrong) == ("First.\nThen.", [])


@pytest.mark.parametrize("value", ["yes", "Yes", "true", 1, 0, "1", [], "no"])
def test_yes_and_no_are_booleans_and_nothing_else(value: object) -> None:
    values, wrong = read("care", in_care=value)
    assert values == {}
    assert wrong == ([] if value == [] else ["yes_no.kind"])


@pytest.mark.parametrize("value", [True, False])
def test_a_boolean_is_an_answer(value: bool) -> None:
    assert read("care", in_care=value) == ({"in_care": value}, [])


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2011-02-29", "date.real"),
        ("27/03/2011", "date.real"),
        ("2011-3-7", "date.real"),
        ("20110327", "date.real"),
        ("1890-01-01", "date.year"),
        ("0025-09-11", "date.short_year"),
        ("0000-09-11", "date.short_year"),
        ("25-09-11", "date.short_year"),
        ("202-9-11", "date.short_year"),
        ("2027-06-16", "date.future"),
        (20110327, "text.kind"),
    ],
)
def test_dates_that_cannot_be_are_wrong(day: object, code: str) -> None:
    assert read("learner", date_of_birth=day)[1] == [code]


def test_a_short_year_is_named_and_no_century_is_guessed() -> None:
    """Somebody who has typed "20" may be about to go on with "12"."""
    [wrong] = read_section(VERSION, "learner", {"date_of_birth": "0012-03-27"}, today=TODAY).errors
    assert wrong.message == "Write the year in four digits, such as 2025"


def test_a_text_that_is_too_long_is_told_its_length() -> None:
    [wrong] = read_section(VERSION, "enrolment", {"town": f" {'x' * 2194}\n"}, today=TODAY).errors
    assert wrong.message == "Shorten this to 100 characters or fewer. It has 2,194"


def test_today_is_not_in_the_future() -> None:
    assert read("learner", date_of_birth=TODAY.isoformat())[1] == []
    found = read_section(VERSION, "learner", {"date_of_birth": "2027-06-16"}, today=date(2027, 6, 16))
    assert not found.errors


def test_an_end_before_its_beginning_cannot_be() -> None:
    row = {"kind": "managed_move", "where": "Another school", "start": "2027-03-01", "end": "2027-02-01"}
    found = read_section(VERSION, "suspensions", {"placements": [row]}, today=TODAY)
    assert [error.code for error in found.errors] == ["date.order"]
    assert found.errors[0].form_name == "suspensions.placements.0.end"


@pytest.mark.parametrize("number", ["ten", "1.5", 1.5, True, -1, 601])
def test_numbers_are_whole_and_in_range(number: object) -> None:
    assert len(read("attendance", sessions_possible=number)[1]) == 1


def test_money_is_kept_to_the_penny() -> None:
    assert read("ehc_plan", top_up_value="£6,200")[0] == {"top_up_value": "6200.00"}
    assert read("ehc_plan", top_up_value="6.2.0")[1] == ["number.kind"]


def test_check_digits_decide() -> None:
    assert read("pupil_number", upn="A801200005001")[1] == ["upn_check_letter"]
    assert len(read("numbers", uln="1234567890")[1]) == 1
    assert read("numbers", uln="1234567899")[1] == []
    assert read("pupil_number", upn="T999400126001")[1] == [], "never by council code"


def test_needs_are_ranked_by_their_order_and_no_two_alike() -> None:
    values, _ = read("needs", needs=[{"type": "ASD"}, {"type": "MLD"}])
    assert [need["rank"] for need in values["needs"]] == [1, 2]
    assert read("needs", needs=[{"type": "ASD", "rank": 1}, {"type": "MLD", "rank": 1}])[1] == ["rows.rank"]


class Ranked(RowSchema):
    """A row with a rank."""

    name = Text(limit=10)
    rank = Whole(least=1, most=9)


class Answer(Schema):
    """One field of each kind that the form has."""

    line = Text(limit=10)
    lines = Text(limit=20, lines=True)
    soon = IsoDate(when="future")
    hours = Hours()
    several = Choices(codes=("a", "b", "c"))
    ranked = Rows(Ranked, most=2, ranked="rank", unique=True)


def loaded(**raw: Any) -> Any:
    """What the field makes of an answer."""
    with_today = today_is.set(TODAY)
    try:
        return next(iter(Answer().load(raw).values()))
    except ValidationError as refused:
        (message,) = next(iter(refused.messages_dict.values()))
        return message.code
    finally:
        today_is.reset(with_today)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"line": " two\n lines "}, "two lines"),
        ({"lines": "two\r\nlines"}, "two\nlines"),
        ({"line": "eleven more"}, "text.long"),
        ({"line": "bell\a"}, "text.characters"),
        ({"line": 7}, "text.kind"),
        ({"soon": "2027-06-15"}, "2027-06-15"),
        ({"soon": "2027-06-14"}, "date.past"),
        ({"soon": "2101-01-01"}, "date.year"),
        ({"hours": "2.5"}, 2.5),
        ({"hours": 2}, 2.0),
        ({"hours": "2.505"}, "number.kind"),
        ({"hours": "169"}, "hours.range"),
        ({"several": ["c", "a"]}, ["a", "c"]),
        ({"several": ["d"]}, "choice.unknown"),
        ({"several": "a"}, "choices.kind"),
        (
            {"ranked": [{"name": "A"}, {"name": "B", "rank": 1}]},
            [{"name": "A", "rank": 2}, {"name": "B", "rank": 1}],
        ),
        ({"ranked": [{"rank": 1}, {"rank": 1}]}, "rows.rank"),
        ({"ranked": [{"name": "A"}] * 3}, "rows.many"),
        ({"ranked": "A"}, "rows.kind"),
    ],
)
def test_each_field_writes_what_is_right_in_one_way_and_refuses_the_rest_by_code(
    raw: dict[str, Any], value: Any
) -> None:
    assert loaded(**raw) == value


def test_an_empty_box_is_no_answer_and_a_row_of_them_no_row() -> None:
    assert without_nothing({"a": "", "b": "  ", "c": None, "d": [{}, {"e": " "}], "f": False, "g": 0}) == {
        "f": False,
        "g": 0,
    }
