"""The only door for values: whatever comes in (a form, a CSV row, an API body, a file) meets the same schema."""

from __future__ import annotations

import contextlib
import datetime
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, ValidationError

from transition_exchange.proforma import values as kinds
from transition_exchange.proforma.findings import REASONS, Finding
from transition_exchange.proforma.model import Question, Section, Version
from transition_exchange.proforma.values import Choice, IsoDate, Problem, Text, Whole

RESERVED = ("_reasons", "_attached")


class _Reason(Schema):
    """Why a field is empty, and when it is expected."""

    class Meta:
        unknown = RAISE

    reason = Choice(codes=[code for code, _ in REASONS], required=True)
    expected = IsoDate()


class _Attached(Schema):
    """Where in the attachments an answer stands."""

    class Meta:
        unknown = RAISE

    page = Whole(least=1, most=2000, required=True)
    attachment = Text(limit=100)


@dataclass(frozen=True, slots=True)
class SectionRead:
    """What was right, normalised, and what was wrong. A table with a wrong cell is wrong as a whole."""

    values: dict[str, Any]
    errors: tuple[Finding, ...]


def read_section(
    version: Version, section: str, raw: Mapping[str, Any], *, today: datetime.date | None = None
) -> SectionRead:
    """Read the raw answers of one section.

    Args:
        version: the version whose schema applies.
        section: the section's name.
        raw: field → value as JSON has it; `_reasons` and `_attached` beside the fields.
        today: the day against which "in the past" is measured; the real one if left out.

    Returns:
        The right values, and one error for each wrong one; nothing is raised for wrong values.

    Raises:
        UnknownName: the version has no such section.
    """
    place = version.section(section)
    with _on(today):
        values, messages = _load(_reader(place.schema), _fields_of(raw))
        errors = [_finding(place, path, message) for path, message in _flat(messages)]
        for finding in errors:
            values.pop(finding.field, None)
        for reserved, schema in (("_reasons", _reader(_Reason)), ("_attached", _reader(_Attached))):
            kept: dict[str, Any] = {}
            for name, given in _mapping(raw.get(reserved)).items():
                read, wrong = _beside(place, str(name), given, reserved=reserved, schema=schema)
                errors += wrong
                if read and name not in values:
                    kept[name] = read
            if kept:
                values[reserved] = kept
    return SectionRead(values, tuple(errors))


@contextlib.contextmanager
def _on(today: datetime.date | None) -> Iterator[None]:
    """Read dates against `today`."""
    token = kinds.today_is.set(today)
    try:
        yield
    finally:
        kinds.today_is.reset(token)


@functools.cache
def _reader(schema: type[Schema]) -> Schema:
    """The one instance of a schema: making one costs more than reading with it, and reading changes nothing in it."""
    return schema()


def _fields_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The raw answers without what stands beside them."""
    return {name: value for name, value in raw.items() if name not in RESERVED}


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _load(schema: Schema, raw: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[Any, Any]]:
    """The right values and marshmallow's messages about the wrong ones."""
    try:
        return dict(schema.load(raw)), {}
    except ValidationError as refused:
        return dict(_mapping(refused.valid_data)), _mapping(refused.messages)


def _flat(messages: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every message with the path to what it is about; the first one of each place."""
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from _flat(inner, (*path, step))
    elif isinstance(messages, list) and messages:
        yield path, messages[0]


def _finding(section: Section, path: tuple[str | int, ...], message: str) -> Finding:
    """The finding for a marshmallow message at `path` inside `section`."""
    code = message.code if isinstance(message, Problem) else "not_asked"
    field = str(path[0]) if path and path[0] != "_schema" else ""
    known = {question.name for question in section.questions}
    # An unknown name was typed by whoever made the file, so it is not repeated.
    steps = tuple(step for step in path if step != "_schema") if field in known else ()
    joined = message.joined if isinstance(message, Problem) else ()
    return Finding(
        section.name,
        field if field in known else "",
        (section.name, *steps),
        code,
        str(message),
        joined=tuple(f"{section.name}.{name}" for name in joined),
    )


def _beside(
    section: Section, name: str, given: object, *, reserved: str, schema: Schema
) -> tuple[dict[str, Any], list[Finding]]:
    """Read one entry of `_reasons` or `_attached`: what is kept, and what is wrong with it."""
    question = next((question for question in section.questions if question.name == name), None)
    part = "reason" if reserved == "_reasons" else "page"

    def wrong(code: str, message: str, step: str = part) -> list[Finding]:
        field = name if question else ""
        path = (section.name, f"{name}!{step}") if question else (section.name,)
        return [Finding(section.name, field, path, code, message)]

    if question is None:
        return {}, wrong("not_asked", "This is not asked here")
    read, messages = _load(schema, _mapping(given))
    if messages:
        path, message = next(_flat(messages))
        code = message.code if isinstance(message, Problem) else f"{part}.kind"
        shown = message if isinstance(message, Problem) else "Choose one of the answers listed"
        return {}, wrong(code, shown, str(path[0]) if path else part)
    return (read, []) if not (problem := _not_allowed(question, reserved, read)) else ({}, wrong(*problem))


def _not_allowed(question: Question, reserved: str, read: Mapping[str, Any]) -> tuple[str, str] | None:
    """Why this question takes no such reason or page."""
    if reserved == "_attached" and not question.may_be_attached:
        return "attached.not_here", "Answer this question here, not in an attachment"
    if read.get("reason") == "does_not_apply" and not question.may_not_apply:
        return "reason.applies", "This question applies to every learner who is asked it"
    return None
