"""Answers as a reader wants them: one shape for the record page, "check your answers" and the PDF alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transition_exchange.proforma.asking import asked, asked_columns, not_asked
from transition_exchange.proforma.conditions import Answers, value_at
from transition_exchange.proforma.findings import REASONS, Finding
from transition_exchange.proforma.model import Question, Version
from transition_exchange.proforma.saying import answer_text, heading


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of a table: what it is called, its answers as (label, text), and which labels are of telephones."""

    title: str
    items: tuple[tuple[str, str], ...]
    note: str | None = None
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One answer. Exactly one of text, paragraphs, rows and missing says something; a note may stand beside."""

    question: Question
    label: str
    text: str | None = None
    paragraphs: tuple[str, ...] = ()
    rows: tuple[ShownRow, ...] = ()
    note: str | None = None
    missing: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with what there is to show of it; no items where there is nothing."""

    name: str
    title: str
    items: tuple[ShownItem, ...]


def show(
    version: Version,
    answers: Answers,
    sections: Iterable[str],
    *,
    findings: Sequence[Finding] = (),
    unanswered: bool = False,
    released: bool = False,
) -> tuple[ShownSection, ...]:
    """The sections named, in the order given (`Access.sections` gives a reader's).

    Args:
        version: the version of the record.
        answers: the answers, those of transfer's own sections among them.
        sections: which sections, in which order.
        findings: gaps to name as missing and warnings to note beside answers; those of other sections are ignored.
        unanswered: also show asked questions that have no answer and need none ("check your answers").
        released: the answers come from a release, which holds nothing but what was asked; a reader may lack the
            sections that the conditions look at, so they are not asked again.
    """
    paths = (
        frozenset(question.path for question in version.questions) if released else asked(version, answers)
    )
    shown = []
    for name in sections:
        section = version.section(name)
        items = []
        for question in section.questions:
            if question.path not in paths or (question.system and value_at(answers, question.path) is None):
                continue
            about = [finding for finding in findings if finding.question == question.path]
            item = _item(question, answers, about, released=released)
            if unanswered or item.text or item.paragraphs or item.rows or item.missing:
                items.append(item)
        shown.append(ShownSection(name, section.title, tuple(items)))
    return tuple(shown)


def show_kept(version: Version, answers: Answers, sections: Iterable[str]) -> tuple[ShownItem, ...]:
    """What is kept in some sections though it is not asked any more (`asking.not_asked`)."""
    names = set(sections)
    return tuple(
        _item(question, answers, (), released=True)
        for question in not_asked(version, answers)
        if question.section in names and not question.system
    )


def _item(question: Question, answers: Answers, findings: Sequence[Finding], *, released: bool) -> ShownItem:
    values = answers.get(question.section, {})
    value = value_at(answers, question.path)
    gaps = [finding for finding in findings if finding.code.endswith(".missing")]
    notes = [
        finding.message
        for finding in findings
        if not finding.code.endswith(".missing") and len(finding.path) <= 2
    ]
    note = ". ".join([*notes, *([question.note] if question.note else [])]) or None
    base: dict[str, Any] = {"question": question, "label": heading(question), "source": question.source}
    if value is None:
        return ShownItem(**base, **_instead(question, values, gaps), note=note)
    if question.kind == "rows":
        lacking = [gap.message for gap in gaps if len(gap.path) > 2]
        return ShownItem(
            **base,
            rows=tuple(
                _row(question, row, index=index, answers=None if released else answers, findings=findings)
                for index, row in enumerate(value)
            ),
            note=note,
            missing="; ".join(lacking) or None,
        )
    if question.kind == "long_text":
        return ShownItem(**base, paragraphs=_paragraphs(str(value)), note=note)
    return ShownItem(**base, text=answer_text(question, value), note=note)


def _instead(question: Question, values: Mapping[str, Any], gaps: Sequence[Finding]) -> dict[str, Any]:
    """What to say where there is no answer: see attached, does not apply, or missing and why."""
    if attached := values.get("_attached", {}).get(question.name):
        return {"text": f"See the attached document, page {attached['page']}"}
    reason = values.get("_reasons", {}).get(question.name, {}).get("reason")
    if gaps:
        why = gaps[0].message.removeprefix(question.heading).strip(" ()")
        return {"missing": f"{why[0].upper()}{why[1:]}" if why else "Missing"}
    if reason:
        return {"text": dict(REASONS)[reason]}
    return {}


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _row(
    question: Question,
    row: Mapping[str, Any],
    *,
    index: int,
    answers: Answers | None,
    findings: Sequence[Finding],
) -> ShownRow:
    put = question.rows if answers is None else asked_columns(question, row, answers)
    columns = [column for column in put if not column.system]
    items = tuple(
        (heading(column), answer_text(column, row[column.name]))
        for column in columns
        if row.get(column.name) is not None
    )
    notes = [
        finding.message
        for finding in findings
        if not finding.code.endswith(".missing") and len(finding.path) > 2 and finding.path[2] == index
    ]
    word = question.row_word or question.heading
    phones = frozenset(heading(column) for column in columns if column.kind == "phone")
    return ShownRow(f"{word[0].upper()}{word[1:]} {index + 1}", items, ". ".join(notes) or None, phones)
