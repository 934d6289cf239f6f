"""What an action is given from outside, read by marshmallow: one schema for a form, a row of a table and an API body.

A schema stands in the room of the action that it feeds (`ROOM/arguments.py`). It turns text into values and says what
is missing or cannot be read, at the field; an action takes plain keyword arguments and keeps its own rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load
from marshmallow.validate import OneOf, Range

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.proforma.values import without_nothing

LONGEST_NAME, LONGEST_EMAIL = 200, 254


class Arguments(Schema):
    """What one action is given. What was left empty is not there, as in the pro-forma's own schemas."""

    class Meta:
        """What is not asked is refused; a form leaves its buttons out before it is read."""

        unknown = RAISE

    error_messages = {  # noqa: RUF012  # as marshmallow declares it
        "unknown": "This is not asked here",
        "type": "Enter this as a group of answers",
    }

    @pre_load
    def leave_out_nothing(self, data: Any, **_: Any) -> Any:
        """Drop what was left empty before anything is read."""
        return without_nothing(data) if isinstance(data, Mapping) else data


def read(schema: Arguments, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an action.

    Raises:
        Refused: something is missing or cannot be read; `fields` says what, in the order of the schema.
        NotFound: an id or a code, which no person types, is none.
    """
    try:
        arguments: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        # Not chained: marshmallow's error holds what was typed.
        raise Refused("Something is missing or wrong.", _messages(schema, error)) from None
    return arguments


def read_wanted(schema: Arguments, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a list was asked for. What makes no sense is left out, for an address may be old or mistyped."""
    try:
        wanted: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        wrong = error.messages_dict
        wanted = schema.load({name: value for name, value in raw.items() if name not in wrong})
    return wanted


def _messages(schema: Arguments, error: ValidationError) -> dict[str, str]:
    """The first message of each field, in the order in which the schema asks for them."""
    wrong = error.messages_dict
    names = [field.data_key or name for name, field in schema.fields.items()]
    return {name: _first(wrong[name]) for name in (*names, *wrong) if name in wrong}


def _first(messages: Any) -> str:
    """A field's message: the first of a list, or of the first entry where each entry has its own."""
    while not isinstance(messages, str):
        messages = next(iter(messages.values() if isinstance(messages, Mapping) else messages))
    return messages


class FromAPage:
    """A value that a page put into its own form or link. One that cannot be is as unknown as somebody else's."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Read the value.

        Raises:
            NotFound: it is none, or not there although it has to be.
        """
        try:
            return super().deserialize(value, attr, data, **kwargs)  # type: ignore[misc]  # beside a field
        except ValidationError:
            raise NotFound from None


class Id(FromAPage, fields.UUID):
    """An id."""


class Code(FromAPage, fields.String):
    """One of a few codes, as a button or a link of a page has it.

    Args:
        codes: the codes.
        kwargs: as every field of marshmallow takes them.
    """

    def __init__(self, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(validate=OneOf(tuple(codes)), **kwargs)


class Ids(fields.List[UUID]):
    """Several ids: a list, as ticks send them, or one text with blanks between, as a long job's steps do."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Id, **{"load_default": (), **kwargs})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[UUID | None]:
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            value = " ".join(texts).split()
        return super()._deserialize(value, attr, data, **kwargs)


def flag() -> fields.Boolean:
    """A box that is ticked or not; not ticked, nothing is sent."""
    return fields.Boolean(load_default=False)


def secret() -> fields.String:
    """A passphrase or a code, just as it was typed; empty where nothing was."""
    return fields.String(load_default="")


def page() -> fields.Integer:
    """Which page of a list is wanted, from 1."""
    return fields.Integer(load_default=1, validate=Range(1, 99_999))


def year() -> fields.Integer:
    """A leaving year; None for all."""
    return fields.Integer(load_default=None, validate=Range(1, 9_999))
