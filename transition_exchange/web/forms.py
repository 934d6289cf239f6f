"""What a browser sent, read by the schemas of the exchange; and what was typed, to show it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from transition_exchange.exchange.arguments import Arguments, read, read_wanted
from transition_exchange.proforma import forms

SEARCH = "q"
"""The field of a search. It holds somebody's name, so it is read from a form's body and never from an address."""


def sent(schema: type[Arguments], **beside: Any) -> dict[str, Any]:
    """The arguments of an action, as the form has sent them.

    Args:
        schema: what the action is given.
        beside: what does not stand in the form's fields, such as a file.

    Raises:
        Refused: something is missing or cannot be read.
        NotFound: an id or a code, which no person types, is none.
    """
    arguments = schema()
    return read(arguments, {**_raw(arguments, request.form), **beside})


def wanted(schema: type[Arguments]) -> dict[str, Any]:
    """What a list or a page is asked for, by its address or by its filters; what makes no sense is left out."""
    arguments = schema()
    raw = _raw(arguments, request.values)
    if SEARCH in raw:
        raw[SEARCH] = request.form.get(SEARCH, "")
    return read_wanted(arguments, raw)


def typed(schema: type[Arguments]) -> dict[str, Any]:
    """What was typed into each field, for the form to show it again; all of them empty where nothing was sent.

    Returns:
        By the field's name: a list for what may be ticked several times, day, month and year for a date, else text.
    """
    return {name: _as_typed(field, name) for name, field in _fields(schema()).items()}


def _fields(arguments: Arguments) -> Mapping[str, fields.Field[Any]]:
    """The fields of a schema by the names that they have in a form."""
    return {field.data_key or name: field for name, field in arguments.fields.items()}


def _raw(arguments: Arguments, values: MultiDict[str, str]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for name, field in _fields(arguments).items():
        if isinstance(field, fields.Date):
            raw[name] = forms.date_text(values.to_dict(flat=False), name)
        elif isinstance(field, fields.List):
            raw[name] = values.getlist(name)
        else:
            raw[name] = values.get(name)
    return raw


def _as_typed(field: fields.Field[Any], name: str) -> Any:
    if isinstance(field, fields.Date):
        return {part: request.form.get(f"{name}-{part}", "").strip() for part in forms.PARTS}
    if isinstance(field, fields.List):
        return request.form.getlist(name)
    return request.form.get(name, "")
