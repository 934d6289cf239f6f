"""Is it right, is it complete: errors, gaps and warnings of one record against its version."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from transition_exchange.proforma.asking import asked, asked_columns, only_asked, with_row
from transition_exchange.proforma.conditions import Answers, value_at
from transition_exchange.proforma.findings import REASONS, Case, Finding, Report
from transition_exchange.proforma.model import AttachmentKind, Question, Section, Version
from transition_exchange.proforma.reading import read_section
from transition_exchange.proforma.saying import long_date


def check(
    version: Version,
    answers: Answers,
    *,
    today: datetime.date,
    owner: str | None = None,
    attachments: Sequence[Mapping[str, Any]] = (),
    leaving_year: int | None = None,
) -> Report:
    """Check a record, or one owner's part of it.

    Args:
        version: the version the record was written in.
        answers: section → field → value; what is wrong in it becomes errors.
        today: the day of the check; dates, seasons and old documents are measured against it.
        owner: only the sections of this owner, or of all.
        attachments: what is attached, each with `id` and `kind`, and `dated` where known.
        leaving_year: the year in which the learner leaves; the version's year if left out.
    """
    year = leaving_year or version.year
    errors: list[Finding] = []
    right: dict[str, dict[str, Any]] = {}
    known = {section.name: section for section in version.sections}
    for name in answers:
        if name not in known:
            errors.append(Finding("", "", (), "section_unknown", "The form has no such section"))
    for section in version.sections:
        if section.name not in answers or (owner and section.owner != owner):
            continue
        read = read_section(version, section.name, answers[section.name], today=today)
        right[section.name] = read.values
        errors += read.errors
    paths = asked(version, right)
    # What is not asked any more is kept and goes nowhere, so it contradicts nothing.
    case = Case(only_asked(version, right), year, today)
    for rule in version.error_rules:
        errors += rule(case)

    sections = [
        section
        for section in version.sections
        if not section.per_transfer and (not owner or section.owner == owner)
    ]
    wrong = {finding.question for finding in errors}
    gaps: list[Finding] = []
    warnings: list[Finding] = []
    for section in sections:
        for question in section.questions:
            if question.path in paths and not question.system and question.path not in wrong:
                gaps += _gaps(section, question, case)
                warnings += _old(question, case)
    for rule in version.warning_rules:
        warnings += rule(case)
    gaps += _not_attached(version, sections, case, attached=attachments)
    warnings += _attachments(version, sections, case, attached=attachments)
    warnings += _overdue(gaps, today)
    return Report(tuple(errors), tuple(gaps), tuple(warnings))


def _gaps(section: Section, question: Question, case: Case) -> Iterator[Finding]:
    """What the standard asks for in this question and the record lacks."""
    values = case.answers.get(section.name, {})
    value = values.get(question.name)
    if question.kind == "rows" and value:
        yield from _gaps_in_rows(question, value, case)
        return
    if not _missing(question, values, case) or question.name in values.get("_attached", {}):
        return
    given = values.get("_reasons", {}).get(question.name, {})
    if given.get("reason") == "does_not_apply" and question.may_not_apply:
        return
    expected = given.get("expected")
    yield _gap(
        question,
        case,
        path=(section.name, question.name),
        heading=question.heading,
        reason=given.get("reason"),
        expected=datetime.date.fromisoformat(expected) if expected else None,
    )


def _gaps_in_rows(question: Question, rows: list[dict[str, Any]], case: Case) -> Iterator[Finding]:
    for index, row in enumerate(rows):
        of_row = replace(case, answers=with_row(case.answers, row))
        for column in asked_columns(question, row, case.answers):
            if column.system or not _missing(column, row, of_row):
                continue
            word = f"{question.row_word or 'row'} {index + 1}"
            heading = f"{word[0].upper()}{word[1:]}: {column.heading}"
            path = (question.section, question.name, index, column.name)
            # What stands in rows depends on the learner, so its gaps are never counted openly.
            gap = _gap(column, case, path=path, heading=heading)
            yield replace(gap, field=question.name, everybody=False)


def _missing(question: Question, values: Mapping[str, Any], case: Case) -> bool:
    """Whether the standard asks for this now and neither it nor what may stand for it is there."""
    if question.required is None or not question.required.holds(case.answers):
        return False
    if question.season and question.season.over(case.leaving_year, case.today):
        return False
    if value_at({"": values}, f".{question.name}") is not None:
        return False
    instead = values.get(question.or_else) if question.or_else else None
    return instead in (None, False, "", [])


def _gap(
    question: Question,
    case: Case,
    *,
    path: tuple[str | int, ...],
    heading: str,
    reason: str | None = None,
    expected: datetime.date | None = None,
) -> Finding:
    first = question.season.first_day(case.leaving_year) if question.season else None
    later = first if first and first > case.today else None
    message = heading
    if reason:
        message += (
            f" ({dict(REASONS)[reason].lower()}{f', expected {long_date(expected)}' if expected else ''})"
        )
    elif later:
        message += f" (by {long_date(later)})"
    return Finding(
        question.section,
        question.name,
        path,
        f"{question.path}.missing",
        message,
        expected=expected,
        reason=reason,
        everybody=question.everybody,
        counts_from=later,
    )


def _old(question: Question, case: Case) -> Iterator[Finding]:
    """A warning for each document or review that is older than it should be."""
    value = case.answers.get(question.section, {}).get(question.name)
    if question.kind == "rows":
        for index, row in enumerate(value or []):
            for column in question.rows:
                path = (question.section, question.name, index, column.name)
                yield from _if_old(column, row.get(column.name), path=path, today=case.today)
    else:
        yield from _if_old(question, value, path=(question.section, question.name), today=case.today)


def _if_old(
    question: Question, value: str | None, *, path: tuple[str | int, ...], today: datetime.date
) -> Iterator[Finding]:
    if not value or question.old_after_days is None:
        return
    if is_old(value, question.old_after_days, today):
        message = f"{question.heading}: over a year old"
        yield Finding(question.section, str(path[1]), path, f"{question.path}.old", message)


def is_old(day: str, after_days: int, today: datetime.date) -> bool:
    """Whether something dated `day` (ISO) is older than `after_days`."""
    return (today - datetime.date.fromisoformat(day)).days > after_days


def _is_said_to_be_there(kind: AttachmentKind, case: Case) -> bool:
    return bool(kind.said_to_be_attached) and value_at(case.answers, kind.said_to_be_attached) is not None


def _not_attached(
    version: Version, sections: Iterable[Section], case: Case, *, attached: Sequence[Mapping[str, Any]]
) -> Iterator[Finding]:
    """Documents that an answer says are attached, and that are not."""
    kinds = {entry.get("kind") for entry in attached}
    names = {section.name for section in sections}
    for kind in version.attachment_kinds:
        if kind.section in names and kind.code not in kinds and _is_said_to_be_there(kind, case):
            section, _, name = kind.said_to_be_attached.partition(".")
            message = f"{kind.label}: it is said to be attached, and it is not"
            yield Finding(section, name, (section, name), f"attachment.{kind.code}.missing", message)


def _attachments(
    version: Version, sections: Iterable[Section], case: Case, *, attached: Sequence[Mapping[str, Any]]
) -> Iterator[Finding]:
    """Documents that should be there and are not, and documents that are old."""
    kinds = [entry.get("kind") for entry in attached]
    names = {section.name for section in sections}
    for kind in version.attachment_kinds:
        if kind.section not in names:
            continue
        absent = kind.code not in kinds and not _is_said_to_be_there(kind, case)
        if kind.expected and kind.expected.holds(case.answers) and absent:
            message = f"{kind.label}: please attach it"
            yield Finding(kind.section, "", (kind.section,), f"attachment.{kind.code}.missing", message)
        for entry in attached:
            dated = entry.get("dated")
            if entry.get("kind") != kind.code or not dated or not kind.old_after_days:
                continue
            if is_old(str(dated), kind.old_after_days, case.today):
                message = f"{kind.label}: over a year old"
                yield Finding(kind.section, "", (kind.section,), f"attachment.{kind.code}.old", message)


def _overdue(gaps: Iterable[Finding], today: datetime.date) -> Iterator[Finding]:
    """Something was expected and the day has passed."""
    for gap in gaps:
        if gap.expected and gap.expected < today:
            question = f"{gap.section}.{gap.field}"
            yield replace(gap, code=f"{question}.overdue", message=f"{gap.message}: that day has passed")
