"""Reading what an action is given from outside. One marshmallow schema serves a form, a row of a table and an API body.

The schemas of a room's actions stand in its `arguments.py`. A schema turns text into values and reports, field by
field, what is missing or unreadable. An action takes plain keyword arguments and checks its own rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, pre_load
from marshmallow.validate import OneOf, Range

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.proforma.values import StrictSchema, storable

LONGEST_NAME, LONGEST_EMAIL, LONGEST_PHONE = 200, 254, 30
LARGEST_ID = 2**63 - 1
"""The largest number that a column of a database holds."""
UNSTORABLE = "Remove the characters that cannot be printed"


class Arguments(StrictSchema):
    """The arguments of one action. Forms leave out their buttons before they are read."""

    @pre_load
    def refuse_unstorable(self, data: Any, **_: Any) -> Any:
        """Refuse text that no database takes, so that it never reaches a query.

        Raises:
            ValidationError: a field holds NUL or half a surrogate pair.
        """
        raw = data if isinstance(data, Mapping) else {}
        if wrong := [name for name, value in raw.items() if not _storable(value)]:
            raise ValidationError({name: [UNSTORABLE] for name in wrong})
        return data


def read(schema: Arguments, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an action.

    Raises:
        Refused: something is missing or unreadable; `fields` says what, in the order of the schema.
        NotFound: an id or a code that a page put into its own form is unreadable or unknown.
    """
    try:
        arguments: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        # Not chained: marshmallow's error holds what was typed.
        raise Refused("Something is missing or wrong.", _messages(schema, error)) from None
    return arguments


def read_wanted(schema: Arguments, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a list is narrowed to. Unreadable values are ignored, because an address may be old or mistyped.

    A value that no database takes is found before any other is read, so what is wrong is left out until the rest loads.

    Raises:
        NotFound: as for `read`.
        Refused: something that the list cannot do without is missing.
    """
    left = dict(raw)
    while True:
        try:
            wanted: dict[str, Any] = schema.load(left)
        except ValidationError as error:
            wrong = error.messages_dict.keys() & left.keys()
            if not wrong:
                raise Refused("Something is missing or wrong.", _messages(schema, error)) from None
            left = {name: value for name, value in left.items() if name not in wrong}
        else:
            return wanted


def _messages(schema: Arguments, error: ValidationError) -> dict[str, str]:
    """The first message of each field, in the order of the schema."""
    wrong = error.messages_dict
    names = [field.data_key or name for name, field in schema.fields.items()]
    return {name: _first(wrong[name]) for name in (*names, *wrong) if name in wrong}


def _first(messages: Any) -> str:
    """The first message of a field, which may have a list of them, or lists of them by entry."""
    while not isinstance(messages, str):
        messages = next(iter(messages.values() if isinstance(messages, Mapping) else messages))
    return messages


def _storable(value: Any) -> bool:
    """Whether a database takes all text in a raw value, which may be a list."""
    if isinstance(value, list | tuple):
        return all(_storable(entry) for entry in value)
    return not isinstance(value, str) or storable(value)


class FromAPage:
    """A value that a page put into its own form or link. An unreadable one is answered like an unknown one."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Read the value.

        Raises:
            NotFound: the value is unreadable, or missing although it is required.
        """
        try:
            return super().deserialize(value, attr, data, **kwargs)  # type: ignore[misc]  # beside a field
        except ValidationError:
            raise NotFound from None


class Id(FromAPage, fields.UUID):
    """An id."""


class Code(FromAPage, fields.String):
    """One of a few codes, as buttons and links have them.

    Args:
        codes: the codes.
        kwargs: what every field of marshmallow takes.
    """

    def __init__(self, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(validate=OneOf(tuple(codes)), **kwargs)


class Ids(fields.List[UUID]):
    """Several ids: a list, as ticked boxes send them, or one text with spaces, as the steps of a long job send it.

    One that is sent several times counts once.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Id, **{"load_default": (), **kwargs})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[UUID | None]:
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            value = " ".join(texts).split()
        return list(dict.fromkeys(super()._deserialize(value, attr, data, **kwargs)))


def flag() -> fields.Boolean:
    """A box that is ticked or not. Browsers send nothing for one that is not ticked."""
    return fields.Boolean(load_default=False)


def secret() -> fields.String:
    """A passphrase or a code exactly as it was typed; empty if nothing was typed."""
    return fields.String(load_default="")


class Count(FromAPage, fields.Integer):
    """How many there are, as the steps of a long job carry it from one to the next; 0 if nothing was sent."""

    def __init__(self, *, most: int = 99_999) -> None:
        super().__init__(load_default=0, validate=Range(0, most))


def page() -> fields.Integer:
    """The number of a page of a list, from 1."""
    return fields.Integer(load_default=1, validate=Range(1, 99_999))


def year() -> fields.Integer:
    """A leaving year; None for all."""
    return fields.Integer(load_default=None, validate=Range(1, 9_999))
