"""What a page of the form shows: each question with its name, value, error and condition, ready for a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transition_exchange.proforma import Finding
from transition_exchange.web.problems import Summary

MANY = 8
"""With more choices than this a list to pick from is easier than a column of buttons."""


@dataclass(frozen=True)
class Item:
    """A choice."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class Instead:
    """What may stand instead of an answer: why it is missing, or where it is attached."""

    id: str
    name: str
    reasons: tuple[Item, ...]
    reason_error: str | None
    expected: Mapping[str, str]
    expected_error: str | None
    may_be_attached: bool
    page: str
    page_error: str | None
    attachments: tuple[Item, ...]
    open: bool


@dataclass(frozen=True)
class Field:
    """One question, or one column of a row.

    Attributes:
        name: the form field's name; dates and tables build theirs on it.
        id: the element that an error message links to.
        value: as `proforma.forms.to_fields` gives it.
        only_if: the condition in words, where this very page decides whether it is asked; else None.
        rule: the same condition as JSON, for the script that hides what is not asked.
        holds: whether it is asked as the answers stand.
        max_length: how many characters it takes, where somebody may well reach that.
        lines: how many lines of text the box shows.
        instead: where it may be left unanswered with a reason; None where no reason is taken.
        rows: for tables.
    """

    name: str
    id: str
    kind: str
    label: str
    hint: str
    value: Any
    error: str | None
    optional: bool
    width: int | None
    numeric: bool
    items: tuple[Item, ...]
    only_if: str | None = None
    rule: str | None = None
    holds: bool = True
    max_length: int | None = None
    lines: int = 1
    instead: Instead | None = None
    row_word: str = ""
    rows: tuple[Row, ...] = ()
    note: str = ""

    @property
    def long(self) -> bool:
        """Whether its choices are too many for buttons."""
        return len(self.items) > MANY


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    number: int
    title: str
    fields: tuple[Field, ...]
    new: bool


@dataclass(frozen=True)
class Fieldset:
    """A section of the page."""

    name: str
    title: str
    intro: str
    fields: tuple[Field, ...]


def summary(
    fieldsets: Sequence[Fieldset],
    errors: Sequence[Finding],
    say: Callable[[Finding], str] = lambda finding: finding.message,
) -> tuple[Summary, ...]:
    """The error summary: one entry for each error, in the page's order, linked to the field it is about.

    Args:
        fieldsets: what the page shows.
        errors: what is wrong.
        say: what the entry says; the message alone where the page asks so little that it need not name the question.
    """
    known = _ids(fieldsets)
    order = {name: place for place, name in enumerate(known)}
    entries = []
    for finding in sorted(errors, key=lambda error: order.get(error.form_name, len(order))):
        field_id = known.get(finding.form_name) or known.get(finding.question)
        entries.append(Summary(say(finding), f"#{field_id}" if field_id else ""))
    return tuple(dict.fromkeys(entries))


def asked_to_add(form: Mapping[str, Sequence[str]]) -> str | None:
    """The table whose "Add another" button was pressed, or None."""
    return next(iter(form.get("add", ())), None)


def without_removed(form: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The form without the row whose "Remove" button was pressed (`remove=section.field.2`)."""
    gone = next(iter(form.get("remove", ())), None)
    if gone is None or not re.fullmatch(r"[a-z_0-9]+(\.[a-z_0-9]+)*\.[0-9]{1,3}", gone):
        return dict(form)
    return {name: values for name, values in form.items() if not name.startswith(f"{gone}.")}


def _ids(fieldsets: Sequence[Fieldset]) -> dict[str, str]:
    """By the names that findings have: the element that an error message links to."""
    ids: dict[str, str] = {}
    for fieldset in fieldsets:
        for field in fieldset.fields:
            ids[field.name] = field.id
            if field.instead:
                inside = field.instead.id
                ids[f"{field.name}!reason"] = f"{inside}-reason"
                ids[f"{field.name}!expected"] = f"{inside}-expected-day"
                ids[f"{field.name}!page"] = f"{inside}-page"
            ids.update({column.name: column.id for row in field.rows for column in row.fields})
    return ids
