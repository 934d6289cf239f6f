"""What all schemas of arguments share: what is left empty, messages in order, ids and codes that no person types."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any
from uuid import UUID, uuid4

import pytest
from marshmallow import ValidationError, fields
from marshmallow.validate import Range

from transition_exchange import exchange
from transition_exchange.exchange.arguments import (
    LARGEST_ID,
    Arguments,
    Code,
    Id,
    Ids,
    flag,
    page,
    read,
    read_wanted,
    secret,
    year,
)
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.proforma.values import Text


class Person(Arguments):
    """A schema of its own, as the next doors will have theirs."""

    surname = Text(limit=5, required=True, error_messages={"required": "Enter a surname"})
    age = fields.Integer(load_default=None, error_messages={"invalid": "Enter an age"})
    words = fields.List(fields.String(), load_default=())
    passphrase = secret()
    told = flag()


class Job(Arguments):
    """What a page's own buttons and ticks send."""

    work = Code(("release", "follow"), required=True)
    part = Code(("a", "b"), load_default="a")
    team = Id(load_default=None)
    records = Ids()


class Asked(Arguments):
    """What a list is asked for."""

    page = page()
    year = year()


def schemas() -> list[type[Arguments]]:
    """Every schema of arguments of the program."""
    for module in walk_packages(exchange.__path__, f"{exchange.__name__}."):
        if module.name.endswith(".arguments"):
            import_module(module.name)

    def below(schema: type[Arguments]) -> Iterator[type[Arguments]]:
        for sub in schema.__subclasses__():
            yield sub
            yield from below(sub)

    return [schema for schema in below(Arguments) if schema.__module__.startswith(exchange.__name__)]


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize("schema", schemas(), ids=lambda schema: schema.__qualname__)
def test_no_field_takes_text_that_no_database_takes(schema: type[Arguments], text: str) -> None:
    """PostgreSQL refuses NUL, and half a surrogate pair has no bytes in UTF-8."""
    for name, field in schema().fields.items():
        if type(field) is fields.Raw:  # the bytes of a file
            continue
        for value in (text, [text]):
            with pytest.raises(ValidationError) as wrong:
                schema().load({field.data_key or name: value})
            assert field.data_key or name in wrong.value.messages_dict, (name, value)


@pytest.mark.parametrize("schema", schemas(), ids=lambda schema: schema.__qualname__)
def test_every_whole_number_has_a_least_and_a_largest_value(schema: type[Arguments]) -> None:
    for name, field in schema().fields.items():
        if isinstance(field, fields.Integer):
            [within] = [rule for rule in field.validators if isinstance(rule, Range)]
            assert within.min is not None, name
            assert within.max is not None, name
            assert within.max <= LARGEST_ID, name


def test_what_is_left_empty_is_not_there() -> None:
    person = read(Person(), {"surname": " Khan ", "age": " ", "words": [], "passphrase": "", "told": None})
    assert person == {"surname": "Khan", "age": None, "words": (), "passphrase": "", "told": False}


def test_a_passphrase_stays_as_it_was_typed() -> None:
    assert read(Person(), {"surname": "K", "passphrase": "  two  blanks "})["passphrase"] == "  two  blanks "


@pytest.mark.parametrize("told", ["yes", "on", True, "true"])
def test_a_tick_is_a_tick_in_a_form_and_in_an_api_body(told: object) -> None:
    assert read(Person(), {"surname": "Khan", "told": told})["told"] is True


def test_every_message_stands_at_its_field_in_the_order_of_the_schema() -> None:
    with pytest.raises(Refused) as refused:
        read(Person(), {"age": "old", "surname": ""})
    assert list(refused.value.fields.items()) == [
        ("surname", "Enter a surname"),
        ("age", "Enter an age"),
    ]


def test_what_was_typed_is_in_no_exception() -> None:
    with pytest.raises(Refused) as refused:
        read(Person(), {"surname": "Featherstonehaugh"})
    assert "Featherstonehaugh" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert refused.value.fields == {"surname": "Shorten this to 5 characters or fewer. It has 17"}


def test_what_is_wrong_in_a_list_is_said_once() -> None:
    with pytest.raises(Refused) as refused:
        read(Person(), {"surname": "Khan", "words": ["a", 3, 4]})
    assert refused.value.fields == {"words": "Not a valid string."}


def test_what_is_not_asked_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read(Person(), {"surname": "Khan", "admin": "yes"})
    assert refused.value.fields == {"admin": "This is not asked here"}


def test_a_job_is_read() -> None:
    team, records = uuid4(), [uuid4(), uuid4()]
    raw: dict[str, Any] = {"work": "follow", "team": str(team), "records": [str(one) for one in records]}
    assert read(Job(), raw) == {"work": "follow", "part": "a", "team": team, "records": records}
    raw["records"] = " ".join(raw["records"])
    assert read(Job(), raw)["records"] == records
    raw["records"] = [" ".join(str(one) for one in records)]
    assert read(Job(), raw)["records"] == records


@pytest.mark.parametrize(
    "wrong",
    [
        {"work": "erase"},
        {"work": ""},
        {"work": "follow", "part": "c"},
        {"work": "follow", "team": "12"},
        {"work": "follow", "records": ["x"]},
        {"work": "follow", "records": [str(UUID(int=1)), "x"]},
        {"work": "follow", "records": "x y"},
    ],
)
def test_what_no_button_sends_is_unknown(wrong: dict[str, object]) -> None:
    with pytest.raises(NotFound):
        read(Job(), wrong)


@pytest.mark.parametrize(
    ("raw", "asked"),
    [
        ({"page": "3", "year": "2027"}, {"page": 3, "year": 2027}),
        ({"page": "0", "year": "2027"}, {"page": 1, "year": 2027}),
        ({"page": "x", "year": "never"}, {"page": 1, "year": None}),
        ({"page": "", "year": "20270"}, {"page": 1, "year": None}),
        ({"page": "1", "colour": "red"}, {"page": 1, "year": None}),
    ],
)
def test_what_makes_no_sense_is_left_out_and_the_rest_stays(
    raw: dict[str, str], asked: dict[str, int | None]
) -> None:
    assert read_wanted(Asked(), raw) == asked


@pytest.mark.parametrize("as_text", [True, False])
def test_an_id_that_is_sent_several_times_counts_once(as_text: bool) -> None:
    class Picked(Arguments):
        ids = Ids()

    one, other = uuid4(), uuid4()
    sent = [str(one), str(other), one.hex, str(one).upper()]
    assert read(Picked(), {"ids": " ".join(sent) if as_text else sent}) == {"ids": [one, other]}
