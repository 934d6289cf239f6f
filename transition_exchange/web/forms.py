"""Reading what a browser sent by the schemas of the exchange, and showing again what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from transition_exchange.exchange.arguments import Arguments, read, read_wanted
from transition_exchange.proforma import forms
from transition_exchange.proforma.values import showable
from transition_exchange.web import searches


def sent(schema: type[Arguments], **beside: Any) -> dict[str, Any]:
    """The arguments of an action, from the form that was sent.

    Args:
        schema: the schema of the arguments.
        beside: arguments that are not fields of the form, such as a file.

    Raises:
        Refused: something is missing or unreadable.
        NotFound: an id or a code that a page put into its own form is unreadable or unknown.
    """
    arguments = schema()
    return read(arguments, {**_raw(arguments, request.form), **beside})


def wanted(schema: type[Arguments]) -> dict[str, Any]:
    """What a list or a page is narrowed to, from its address or its filters. Unreadable values are ignored."""
    arguments = schema()
    raw = _raw(arguments, request.values)
    if searches.FIELD in raw:
        raw[searches.FIELD] = searches.searched_for() or request.form.get(searches.FIELD, "")
    return read_wanted(arguments, raw)


def typed(schema: type[Arguments]) -> dict[str, Any]:
    """What was typed into each field, so that the form can show it again; empty if no form was sent.

    Returns:
        By the field's name: a list for boxes to tick, day, month and year for a date, otherwise text.
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
        return [showable(value) for value in request.form.getlist(name)]
    return showable(request.form.get(name, ""))
