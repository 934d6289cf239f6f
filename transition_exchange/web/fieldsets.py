"""A page of the form made of its version and of answers.

The same answers make the page, whether they come from the record or have just been refused: nothing typed is lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from transition_exchange.exchange.writing.needed import NEEDED
from transition_exchange.proforma import REASONS, Finding, Page, Question, Section, Version, forms
from transition_exchange.proforma.asking import only_asked
from transition_exchange.proforma.conditions import AllOf, Answers, AnyOf, Condition, Not
from transition_exchange.proforma.fields import SHORT as ONE_LINE
from transition_exchange.web.form_fields import Field, Fieldset, Instead, Item, Row
from transition_exchange.web.templating import slug

SHORT = {"number": 5, "hours": 5, "money": 10, "upn": 20, "uln": 20, "postcode": 10, "phone": 20, "ukprn": 10,
         "urn": 10, "laestab": 10, "la_code": 5}  # fmt: skip
"""How wide the field is, in characters: the width says what is expected."""

NUMERIC = frozenset({"number", "uln", "ukprn", "urn", "la_code"})


def fieldsets(
    version: Version,
    page: Page,
    answers: Answers,
    *,
    errors: Sequence[Finding] = (),
    extra_row: str | None = None,
    attachments: Sequence[tuple[str, str]] = (),
    leave_out: frozenset[str] = frozenset(),
) -> tuple[Fieldset, ...]:
    """A page's sections with their questions.

    Args:
        version: the version that the page belongs to.
        page: the page.
        answers: the whole record's answers, those of this page as stored or as just typed.
        errors: what is wrong with them.
        extra_row: the table (`section.field`) to which somebody asked to add a row.
        attachments: id and name of the record's documents, to say which one an answer stands in.
        leave_out: questions (`section.field`) that a page renders in its own way.

    Questions that other pages decide are left out where they are not asked; those that this page decides are
    always there, with the condition in words, so that they can be answered without a script.
    """
    messages = {finding.form_name: finding.message for finding in errors}
    build = _Building(
        page=page,
        answers=answers,
        # What is not asked decides nothing, although it is shown without a script, and is kept.
        deciding=only_asked(version, answers),
        messages=messages,
        extra_row=extra_row,
        attachments=attachments,
    )
    made = []
    for name in page.sections:
        section = version.section(name)
        fields = tuple(
            build.field(question)
            for question in section.questions
            if not question.system and question.path not in leave_out and build.visible(section, question)
        )
        if fields:
            made.append(Fieldset(name, section.title, section.intro, fields))
    return tuple(made)


def _lines(most: int) -> int:
    """How many lines a box shows for a text of at most so many characters: enough to see most of a long one at once."""
    return min(max(most // 250 + 1, 3), 12)


class _Building:
    """Makes fields of one page."""

    def __init__(
        self,
        *,
        page: Page,
        answers: Answers,
        deciding: Answers,
        messages: Mapping[str, str],
        extra_row: str | None,
        attachments: Sequence[tuple[str, str]],
    ) -> None:
        self.page, self.answers, self.deciding, self.messages = page, answers, deciding, messages
        self.extra_row, self.attachments = extra_row, attachments

    def visible(self, section: Section, question: Question) -> bool:
        """Whether it is asked, or this page may yet decide that it is."""
        return all(
            condition is None or self._decides(condition) or condition.holds(self.deciding)
            for condition in (section.asked, question.asked)
        )

    def _decides(self, condition: Condition) -> bool:
        return any(path.partition(".")[0] in self.page.sections for path in condition.reads)

    def field(self, question: Question) -> Field:
        values = self.answers.get(question.section, {})
        asked = question.asked if question.asked is not None and self._decides(question.asked) else None
        return self._field(
            question,
            question.path,
            forms.to_fields(question, values.get(question.name)),
            asked=asked,
            holds=asked is None or asked.holds(self.deciding),
            rows=self._rows(question, values.get(question.name)) if question.kind == "rows" else (),
            instead=self._instead(question, values),
        )

    def _field(
        self,
        question: Question,
        name: str,
        value: Any,
        *,
        asked: Condition | None,
        holds: bool,
        rows: tuple[Row, ...] = (),
        instead: Instead | None = None,
        rule: dict[str, Any] | None = None,
    ) -> Field:
        made = self._rule(asked) if asked is not None and rule is None else rule
        return Field(
            name=name,
            id=self._first_id(question.kind, slug(name)),
            kind=question.kind,
            label=question.label,
            hint=question.hint,
            value=value,
            error=self.messages.get(name),
            optional=question.required is None and asked is None and question.kind != "rows",
            width=SHORT.get(question.kind),
            numeric=question.kind in NUMERIC,
            items=self._items(question, value),
            only_if=asked.words if asked is not None else None,
            rule=json.dumps(made, sort_keys=True) if made is not None else None,
            holds=holds,
            max_length=question.max_length if (question.max_length or 0) > ONE_LINE else None,
            lines=_lines(question.max_length or 0) if question.kind == "long_text" else 1,
            instead=instead,
            row_word=question.row_word or "entry",
            rows=rows,
        )

    def _rule(self, condition: Condition) -> dict[str, Any]:
        """The condition for the page's script. What other pages decide is decided here: the script can't see it."""
        if not self._decides(condition):
            return {"always": condition.holds(self.deciding)}
        match condition:
            case AllOf():
                return {"all": [self._rule(part) for part in condition.of]}
            case AnyOf():
                return {"any": [self._rule(part) for part in condition.of]}
            case Not():
                return {"not": self._rule(condition.of)}
            case _:
                return condition.json()

    @staticmethod
    def _first_id(kind: str, base: str) -> str:
        return f"{base}-day" if kind == "date" else base

    @staticmethod
    def _items(question: Question, value: Any) -> tuple[Item, ...]:
        if question.kind == "yes_no":
            return (Item("yes", "Yes", value == "yes"), Item("no", "No", value == "no"))
        chosen = value if isinstance(value, list) else [value]
        return tuple(Item(code, label, code in chosen) for code, label in question.choices)

    def _rows(self, question: Question, value: Any) -> tuple[Row, ...]:
        stored = [row for row in value or [] if isinstance(row, Mapping)]
        blank = 1 if not stored or self.extra_row == question.path else 0
        word = (question.row_word or "entry").capitalize()
        rows = []
        for number in range(len(stored) + blank):
            row: Mapping[str, Any] = stored[number] if number < len(stored) else {}
            fields = tuple(self._column(question, column, number=number, row=row) for column in question.rows)
            new = number >= len(stored) and self.extra_row == question.path
            rows.append(Row(number, f"{word} {number + 1}", fields, new))
        return tuple(rows)

    def _column(self, table: Question, column: Question, *, number: int, row: Mapping[str, Any]) -> Field:
        name = f"{table.path}.{number}.{column.name}"
        value = forms.to_fields(column, row.get(column.name))
        holds, rule = True, None
        if column.asked is not None:
            holds = column.asked.holds({**self.deciding, "row": row})
            # In the browser a path is a form field's name, so the row's own columns get their full names.
            text = json.dumps(column.asked.json()).replace('"row.', f'"{table.path}.{number}.')
            rule = json.loads(text)
        return self._field(column, name, value, asked=column.asked, holds=holds, rule=rule)

    def _instead(self, question: Question, values: Mapping[str, Any]) -> Instead | None:
        if question.path in NEEDED or (question.required is None and not question.may_be_attached):
            return None
        given = values.get("_reasons", {}).get(question.name, {})
        attached = values.get("_attached", {}).get(question.name, {})
        name = question.path
        answered = values.get(question.name) not in (None, "", [])
        if answered and not given and not attached:
            return None
        allowed = [pair for pair in REASONS if pair[0] != "does_not_apply" or question.may_not_apply]
        reason_error, expected_error, page_error = (
            self.messages.get(f"{name}!{part}") for part in ("reason", "expected", "page")
        )
        return Instead(
            id=slug(name),
            name=name,
            reason_error=reason_error,
            reasons=tuple(Item(code, text, given.get("reason") == code) for code, text in allowed),
            expected=forms.date_fields(given.get("expected")),
            expected_error=expected_error,
            may_be_attached=question.may_be_attached,
            page=str(attached.get("page") or ""),
            page_error=page_error,
            attachments=tuple(
                Item(code, text, attached.get("attachment") == code) for code, text in self.attachments
            ),
            open=bool(given or attached or reason_error or expected_error or page_error),
        )
