"""What a version file is written in: questions, each a marshmallow field with everything about it beside it."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any, ClassVar, Literal, TypedDict, Unpack

from transition_exchange.proforma.conditions import Condition
from transition_exchange.proforma.model import AboutSection, BadVersion, Kind, Question, Season
from transition_exchange.proforma.values import (
    Choice,
    Choices,
    Hours,
    Identifier,
    IsoDate,
    Money,
    Problem,
    Rows,
    RowSchema,
    Text,
    Whole,
    YesNo,
)

SHORT, LONG = 100, 4000


class FieldOptions(TypedDict, total=False):
    """What may stand beside a field; see `model.Question` for the meaning of each."""

    hint: str
    asked: Condition | None
    required: Condition | None
    or_else: str
    season: Season
    source: str
    card: frozenset[str]
    objection_card: frozenset[str]
    may_not_apply: bool
    may_be_attached: bool
    year_group: bool
    from_ctf: bool
    prefilled: bool
    offer_from: str
    system: bool
    own_words: bool
    old_after_days: int
    max_length: int
    pack_label: str
    note: str
    row_word: str


class SectionSchema(RowSchema):
    """One section; `about` says whose it is and who may read it."""

    about: ClassVar[AboutSection]


def _metadata(label: str, kind: Kind, about: FieldOptions, **more: Any) -> dict[str, Any]:
    return {"question": Question(section="", name="", label=label, kind=kind, **{**about, **more})}


def text(label: str, **about: Unpack[FieldOptions]) -> Text:
    """A question answered in one line."""
    limit = about.setdefault("max_length", SHORT)
    return Text(limit=limit, metadata=_metadata(label, "text", about))


def long_text(label: str, **about: Unpack[FieldOptions]) -> Text:
    """A question answered in sentences; line breaks are kept."""
    limit = about.setdefault("max_length", LONG)
    return Text(limit=limit, lines=True, metadata=_metadata(label, "long_text", about))


def day(
    label: str, *, when: Literal["past", "future", "any"] = "any", **about: Unpack[FieldOptions]
) -> IsoDate:
    """A question answered by a date."""
    return IsoDate(when=when, metadata=_metadata(label, "date", about))


def yes_no(label: str, **about: Unpack[FieldOptions]) -> YesNo:
    """A question answered by yes or no."""
    return YesNo(metadata=_metadata(label, "yes_no", about))


def choice(label: str, choices: tuple[tuple[str, str], ...], **about: Unpack[FieldOptions]) -> Choice:
    """A question answered by one of `choices` (code, label)."""
    return Choice(
        codes=[code for code, _ in choices], metadata=_metadata(label, "choice", about, choices=choices)
    )


def choices(label: str, choices: tuple[tuple[str, str], ...], **about: Unpack[FieldOptions]) -> Choices:
    """A question answered by any of `choices` (code, label)."""
    return Choices(
        codes=[code for code, _ in choices], metadata=_metadata(label, "choices", about, choices=choices)
    )


def number(label: str, *, least: int = 0, most: int = 1000, **about: Unpack[FieldOptions]) -> Whole:
    """A question answered by a whole number."""
    return Whole(least=least, most=most, metadata=_metadata(label, "number", about, least=least, most=most))


def hours(label: str, **about: Unpack[FieldOptions]) -> Hours:
    """A question answered by a number of hours."""
    return Hours(metadata=_metadata(label, "hours", about))


def money(label: str, **about: Unpack[FieldOptions]) -> Money:
    """A question answered by an amount of money."""
    return Money(metadata=_metadata(label, "money", about))


IdentifierKind = Literal["upn", "uln", "postcode", "email", "phone", "ukprn", "urn", "laestab", "la_code"]


def identifier(label: str, kind: IdentifierKind, **about: Unpack[FieldOptions]) -> Identifier:
    """A question answered by an identifier, checked by its own rule."""
    return Identifier(kind=kind, metadata=_metadata(label, kind, about))


def rows(
    label: str,
    row: type[RowSchema],
    *,
    most: int = 30,
    ranked: str = "",
    unique: bool = False,
    **about: Unpack[FieldOptions],
) -> Rows:
    """A question answered by a table of `row`."""
    return Rows(
        row, most=most, ranked=ranked, unique=unique, metadata=_metadata(label, "rows", about, most=most)
    )


def changed(schema: type[RowSchema], name: str, **about: Unpack[FieldOptions]) -> Any:
    """A field of another schema with something about it changed, for a subclass that asks it otherwise.

    Args:
        schema: the schema that declares the field, or inherits it.
        name: the field's name there.
        about: what differs, such as `required`; everything else stays.

    Raises:
        BadVersion: the schema has no such field.
    """
    if name not in schema._declared_fields:
        raise BadVersion(f"{schema.__name__} has no field {name} to change.")
    field = copy.copy(schema._declared_fields[name])
    if isinstance(field, Text) and "max_length" in about:
        field.limit = about["max_length"]
    field.metadata = {**field.metadata, "question": replace(field.metadata["question"], **about)}
    return field


__all__ = [
    "Problem",
    "RowSchema",
    "SectionSchema",
    "changed",
    "choice",
    "choices",
    "day",
    "hours",
    "identifier",
    "long_text",
    "money",
    "number",
    "rows",
    "text",
    "yes_no",
]
