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
from transition_exchange.proforma.findings import Finding
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
    return [row for _, row in _numbered_rows(question, name, form)] or None


def _numbered_rows(question: Question, name: str, form: Form) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a table in which something stands, each with its number in the form."""
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
            rows.append((number, row))
    return rows


def name_in_form(version: Version, finding: Finding, form: Form) -> str:
    """The name of the field of a form that a finding about what `from_form` read there is about.

    A finding counts the rows of a table without those that were left empty; a form in a browser still has those.
    """
    if len(finding.path) < 4:
        return finding.form_name
    section, name, row, column = finding.path[:4]
    question = version.question(f"{section}.{name}")
    numbers = [number for number, _ in _numbered_rows(question, question.path, form)]
    if not isinstance(row, int) or row >= len(numbers):
        return finding.form_name
    return f"{question.path}.{numbers[row]}.{column}"


def label_of(version: Version, name: str) -> str:
    """What a page calls the question of a form's field: its label, of a row's with what the row is called.

    Args:
        version: the version.
        name: the field's name, as `Finding.form_name` and `name_in_form` give it.
    """
    section, _, rest = name.partition("!")[0].partition(".")
    field, *place = rest.split(".")
    if not field:
        return version.section(section).title
    question = version.question(f"{section}.{field}")
    if len(place) < 2:
        return question.label
    row = f"{(question.row_word or 'entry').capitalize()} {int(place[0]) + 1}"
    return f"{row}: {question.column(place[1]).label}"


def said_of(version: Version, name: str, message: str) -> str:
    """A message with the question that it is about, for where it does not stand beside it.

    Args:
        name: the form field's name, as for `label_of`.
    """
    label = label_of(version, name)
    return f"{label}{'' if label.endswith('?') else ':'} {message}"


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
