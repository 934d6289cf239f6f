"""Between a page's form fields and answers.

Names: `section.field`; a date has `-day`, `-month` and `-year`; a table `section.field.0.column`; a list
of choices repeats its name. Why something is missing: `section.field!reason` (and `!expected-day` …); where it is
attached: `section.field!page` and `!attachment`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from transition_exchange.proforma.conditions import Answers, value_at
from transition_exchange.proforma.model import Page, Question, Version
from transition_exchange.proforma.values import showable

Form = Mapping[str, Sequence[str]]
PARTS = ("day", "month", "year")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def from_form(version: Version, page: Page | str, form: Form) -> dict[str, dict[str, Any]]:
    """The raw answers of every section of `page`, ready for `read_section`; what was left empty is not there.

    What this page's own answers say is not asked is there too: a browser sends the fields that a script has hidden, and
    without one somebody may answer them. It is kept, and goes nowhere while it is not asked (`asking.not_asked`).
    """
    place = version.page(page) if isinstance(page, str) else page
    raw: dict[str, dict[str, Any]] = {}
    for name in place.sections:
        answers: dict[str, Any] = {}
        beside: dict[str, dict[str, Any]] = {"_reasons": {}, "_attached": {}}
        for question in version.section(name).questions:
            if question.system:
                continue
            value = _value(question, question.path, form)
            if value is not None:
                answers[question.name] = value
            if why := _first(form, f"{question.path}!reason"):
                expected = date_text(form, f"{question.path}!expected")
                beside["_reasons"][question.name] = {
                    "reason": why,
                    **({"expected": expected} if expected else {}),
                }
            if where := _first(form, f"{question.path}!page"):
                attachment = _first(form, f"{question.path}!attachment")
                beside["_attached"][question.name] = {
                    "page": where,
                    **({"attachment": attachment} if attachment else {}),
                }
        raw[name] = {**answers, **{key: entries for key, entries in beside.items() if entries}}
    return raw


def _first(form: Form, name: str) -> str:
    values = form.get(name) or ("",)
    return values[0].strip()


def _value(question: Question, name: str, form: Form) -> Any:
    """The raw value at `name`, or None if it was left empty."""
    match question.kind:
        case "rows":
            return _rows(question, name, form)
        case "date":
            return date_text(form, name)
        case "yes_no":
            text = _first(form, name)
            return _YES_NO.get(text.lower(), text) if text else None
        case "choices":
            chosen = [value for value in form.get(name, ()) if value.strip()]
            return chosen or None
        case "number":
            # A number at once, for conditions compare with it; other text stays as it is, to be refused.
            text = _first(form, name)
            return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else text or None
        case _:
            return _first(form, name) or None


class TypedDate(str):
    """A date as ISO text that still knows what was typed into its three boxes, so that a page can show it again."""

    parts: Mapping[str, str]

    def __new__(cls, iso: str, parts: Mapping[str, str]) -> TypedDate:
        """A date, with what was typed by part."""
        made = super().__new__(cls, iso)
        made.parts = dict(parts)
        return made

    @classmethod
    def of(cls, parts: Mapping[str, str]) -> TypedDate:
        """A date of what was typed by part."""
        return cls(_iso(*(parts[part] for part in PARTS)), parts)


def date_text(form: Form, name: str) -> str | None:
    """A date out of its three parts; a whole ISO date under the bare name is taken too. Wrong parts stay wrong."""
    parts = {part: _first(form, f"{name}-{part}") for part in PARTS}
    return TypedDate.of(parts) if any(parts.values()) else _first(form, name) or None


def _iso(day: str, month: str, year: str) -> str:
    if month[:3].lower() in _MONTHS:
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in (day, month, year)):
        return f"{year}-{month}-{day}"
    return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"


def date_fields(value: Any) -> dict[str, str]:
    """What stands in the three boxes of a date: what was typed, or a stored date; empty for None."""
    if isinstance(value, TypedDate):
        return {part: showable(text) for part, text in value.parts.items()}
    parts = re.fullmatch(r"(.*)-(.*)-(.*)", str(value or ""))
    year, month, day = parts.groups() if parts else ("", "", "")
    return {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}


def _rows(question: Question, name: str, form: Form) -> list[dict[str, Any]] | None:
    pattern = re.compile(re.escape(name) + r"\.([0-9]{1,3})\.")
    numbers = sorted({int(parts[1]) for key in form if (parts := pattern.match(key))})
    rows = []
    for number in numbers:
        row = {
            column.name: value
            for column in question.rows
            if (value := _value(column, f"{name}.{number}.{column.name}", form)) is not None
        }
        if row:
            rows.append(row)
    return rows or None


def offered(question: Question, answers: Answers) -> Any:
    """What a page offers in an unanswered `question`: an answer given elsewhere that is mostly the same one.

    None where there is nothing to offer. The writer sees it in the field and sends it with the page, or changes it.
    """
    if question.offer_from is None:
        return None
    section, field, *column = question.offer_from.split(".")
    value = value_at(answers, f"{section}.{field}")
    return value[0].get(column[0]) if value and column else value


def to_fields(question: Question, value: Any) -> Any:
    """What a template puts into the fields of `question`: text, three date parts, codes, or one such for each row.

    Returns `""`/text for one-line kinds, `{"day", "month", "year"}` for dates, `"yes"`/`"no"`/`""` for
    yes or no, a list of codes for choices, and for a table a list of dictionaries of the same by column.
    """
    match question.kind:
        case "rows":
            return [
                {column.name: to_fields(column, row.get(column.name)) for column in question.rows}
                for row in value or []
            ]
        case "date":
            return date_fields(value)
        case "yes_no":
            return {True: "yes", False: "no"}.get(value, "")
        case "choices":
            return list(value or [])
        case "hours":
            return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        case _:
            return "" if value is None else showable(str(value))
