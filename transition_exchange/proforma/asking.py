"""Which questions are put to this learner; what is not asked is not checked, not shown and not sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from transition_exchange.proforma.conditions import Answers
from transition_exchange.proforma.model import Question, Section, Version
from transition_exchange.proforma.reading import RESERVED


def asked(version: Version, answers: Answers) -> frozenset[str]:
    """The paths (`section.field`) of the questions that are put to the learner with these answers.

    An answer that is left over in a question no longer asked decides nothing: it is taken away and the conditions
    are looked at again until nothing changes.
    """
    questions = version.questions
    paths = frozenset(question.path for question in questions)
    for _ in range(len(questions)):
        left = _only(answers, paths)
        now = frozenset(
            question.path
            for question in questions
            if _put(version, version.section(question.section), question, left)
        )
        if now == paths:
            break
        paths = now
    return paths


def _only(answers: Answers, paths: frozenset[str]) -> dict[str, dict[str, Any]]:
    return {
        section: {name: value for name, value in values.items() if f"{section}.{name}" in paths}
        for section, values in answers.items()
    }


def _put(version: Version, section: Section, question: Question, answers: Answers) -> bool:
    if question.asked is None:
        return True
    if section.per_transfer:
        answers = with_row(answers, _own_row(version, answers))
    return question.asked.holds(answers)


def _own_row(version: Version, answers: Answers) -> dict[str, Any]:
    """The row of the list of destinations that a transfer's own sections were filled from.

    Each section holds some of its columns, and a condition may look at a column that another section holds.
    """
    own = (answers.get(section.name, {}) for section in version.sections if section.per_transfer)
    return {name: value for values in own for name, value in values.items()}


def with_row(answers: Answers, row: Mapping[str, Any]) -> Answers:
    """`answers` with one row of a table as `row`, for the conditions of its columns."""
    return {**answers, "row": row}


def asked_columns(question: Question, row: Mapping[str, Any], answers: Answers) -> tuple[Question, ...]:
    """The columns of a table question that are put for this row."""
    seen = with_row(answers, row)
    return tuple(column for column in question.rows if column.asked is None or column.asked.holds(seen))


def only_asked(version: Version, answers: Answers) -> dict[str, dict[str, Any]]:
    """All answers, as far as the questions are asked. What was answered and is not asked any more is left out."""
    return asked_answers(version, answers, answers)


def not_asked(version: Version, answers: Answers) -> tuple[Question, ...]:
    """The questions that have an answer, a reason or a place in a document, and are not asked any more.

    What stands there is kept, so that it comes back when it is asked again. It is not sent.
    """
    paths = asked(version, answers)
    return tuple(
        question
        for question in version.questions
        if question.path not in paths and _answered(answers.get(question.section, {}), question.name)
    )


def _answered(values: Mapping[str, Any], name: str) -> bool:
    return values.get(name) not in (None, "", []) or any(
        name in values.get(beside, {}) for beside in RESERVED
    )


def asked_answers(version: Version, answers: Answers, sections: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What a release of `sections` contains: their answers, reasons and references to attachments, as far as
    the questions are asked. Every section is there, even when empty.
    """
    paths = asked(version, answers)
    released: dict[str, dict[str, Any]] = {}
    for name in sections:
        section, values = version.section(name), answers.get(name, {})
        kept: dict[str, Any] = {}
        for question in section.questions:
            if question.path not in paths or question.name not in values:
                continue
            value = values[question.name]
            kept[question.name] = (
                [_asked_row(question, row, answers) for row in value] if question.kind == "rows" else value
            )
        for reserved in RESERVED:
            beside = {
                field: entry
                for field, entry in values.get(reserved, {}).items()
                if f"{name}.{field}" in paths and field not in kept
            }
            if beside:
                kept[reserved] = beside
        released[name] = kept
    return released


def _asked_row(question: Question, row: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    names = {column.name for column in asked_columns(question, row, answers)}
    return {name: value for name, value in row.items() if name in names}
