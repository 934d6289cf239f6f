"""What a version file is written in: a marshmallow field with everything about it beside it."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError
from marshmallow.fields import Field

from transition_exchange.proforma import BadVersion, Question
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.fields import (
    RowSchema,
    changed,
    choice,
    choices,
    day,
    hours,
    identifier,
    long_text,
    money,
    number,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.values import Problem

SET = (("a", "First"), ("b", "Second"))


class Row(RowSchema):
    """A row."""

    name = text("Name", required=ALWAYS)
    kind = choice("Kind", SET)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (text("A"), "text"),
        (long_text("A"), "long_text"),
        (day("A"), "date"),
        (yes_no("A"), "yes_no"),
        (choice("A", SET), "choice"),
        (choices("A", SET), "choices"),
        (number("A"), "number"),
        (hours("A"), "hours"),
        (money("A"), "money"),
        (identifier("A", "upn"), "upn"),
        (rows("A", Row), "rows"),
    ],
)
def test_each_kind_of_question_has_its_field_and_its_label(field: Field[Any], kind: str) -> None:
    question: Question = field.metadata["question"]
    assert (question.kind, question.label) == (kind, "A")


def test_limits_stand_beside_the_field_as_they_hold() -> None:
    assert text("A").metadata["question"].max_length == 100
    assert long_text("A").metadata["question"].max_length == 4000
    assert text("A", max_length=7).metadata["question"].max_length == 7
    counted = number("A", least=1, most=20).metadata["question"]
    assert (counted.least, counted.most) == (1, 20)
    assert rows("A", Row, most=3).metadata["question"].most == 3


def test_what_stands_beside_a_field_is_kept() -> None:
    question: Question = text(
        "Town", hint="In England", required=ALWAYS, from_ctf=True, source="CTF"
    ).metadata["question"]
    assert (question.hint, question.required, question.from_ctf, question.source) == (
        "In England",
        ALWAYS,
        True,
        "CTF",
    )


class TestChanged:
    def test_what_is_named_differs_and_all_else_stays(self) -> None:
        field = changed(Row, "name", hint="In full", required=None)
        question: Question = field.metadata["question"]
        assert (question.label, question.hint, question.required) == ("Name", "In full", None)
        before: Question = Row._declared_fields["name"].metadata["question"]
        assert (before.hint, before.required) == ("", ALWAYS), "the old field stays as it is"

    def test_a_longer_text_is_taken(self) -> None:
        class Longer(Row):
            """A row with a longer name."""

            name = changed(Row, "name", max_length=200)

        long = {"name": "x" * 150}
        assert Longer().load(long) == long
        with pytest.raises(ValidationError):
            Row().load(long)

    def test_it_keeps_its_place_in_the_section(self) -> None:
        class Other(Row):
            """The first field changed."""

            name = changed(Row, "name", hint="In full")

        assert list(Other._declared_fields) == ["name", "kind"]

    def test_an_unknown_field_is_refused(self) -> None:
        with pytest.raises(BadVersion, match="Row has no field nobody to change"):
            changed(Row, "nobody", hint="x")


def test_a_row_refuses_what_is_not_asked_with_a_message_of_its_own() -> None:
    with pytest.raises(ValidationError) as refused:
        Row().load({"name": "A", "other": 1})
    assert refused.value.messages == {"other": ["This is not asked here"]}


def test_a_wrong_answer_has_a_code_beside_its_message() -> None:
    with pytest.raises(ValidationError) as refused:
        Row().load({"kind": "c"})
    (message,) = refused.value.messages_dict["kind"]
    assert isinstance(message, Problem)
    assert (message, message.code) == ("Choose one of the answers listed", "choice.unknown")
