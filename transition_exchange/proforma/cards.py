"""What a team's lists need from one record: a card of a few fields, bands and flags.

Which answer goes on whose card stands beside the question (`Question.card`); design point 8 names what the
coordinators get. An objection under the Education and Skills Act 2008 s.14(4) shrinks theirs.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from transition_exchange.proforma import audience
from transition_exchange.proforma.conditions import Answers, value_at
from transition_exchange.proforma.findings import Report
from transition_exchange.proforma.model import COORDINATING, SENDING, Question, Section, Version
from transition_exchange.proforma.rulebook import attendance_band

CARD_FORMAT = 1
"""Raised whenever what a card holds changes; a card of an older format is written anew in the owner's next session."""

BANDED = ("attendance.sessions_possible", "attendance.sessions_attended")


def objects(answers: Answers) -> bool:
    """Whether learner or parent has told the school to give the council no more than the law asks for."""
    return value_at(answers, "objection.objection") in ("by_parent", "by_learner")


def card(
    version: Version,
    answers: Answers,
    report: Report,
    *,
    purpose: str,
    today: datetime.date,
) -> dict[str, Any]:
    """The card of one record for one purpose, JSON-able.

    Always `format`, `version`, `purpose` and `as_of`, the day for which its gaps were counted; then one
    entry for each answered question that has this purpose among its cards, under the question's name. Made of
    theirs: `attendance_band`, `primary_need`, `destinations`; for coordinators `objection` (a boolean) and,
    after one, `parents`; for those who chase `gaps` and `other_gaps`. What learner or family hold back is on
    no card outside the school. For a receiving team pass answers with the transfer's own sections
    (`destinations.own`).
    """
    entries: dict[str, Any] = {
        "format": CARD_FORMAT,
        "version": version.name,
        "purpose": purpose,
        "as_of": today.isoformat(),
    }
    shrunk = purpose in COORDINATING and objects(answers)
    held = audience.withheld_sections(version, answers) if purpose != "transition" else frozenset()
    for section in version.sections:
        if section.name not in held:
            entries.update(_of_section(section, answers, purpose=purpose, shrunk=shrunk))
    if purpose in COORDINATING:
        entries["objection"] = shrunk
    if not shrunk:
        band = attendance_band(answers)
        if band and any(purpose in version.question(path).card for path in BANDED):
            entries["attendance_band"] = band
        entries.update(_gaps(version, report, purpose))
    return entries


def _of_section(section: Section, answers: Answers, *, purpose: str, shrunk: bool) -> dict[str, Any]:
    values = answers.get(section.name, {})
    entries: dict[str, Any] = {}
    for question in section.questions:
        value = values.get(question.name)
        if value is None or question.path in BANDED or not _on_card(question, purpose, shrunk):
            continue
        if question.kind != "rows":
            entries[question.name] = value
            continue
        rows = [row for row in (_row(question, row, purpose=purpose, shrunk=shrunk) for row in value) if row]
        if question.path == "needs.needs":
            entries["primary_need"] = (
                min(value, key=lambda row: row.get("rank", 99)).get("type") if value else None
            )
        elif question.path == "contacts.contacts":
            entries["parents"] = [row["name"] for row in rows]
        else:
            entries[question.name] = rows
    return entries


def _on_card(question: Question, purpose: str, shrunk: bool) -> bool:
    return purpose in (question.objection_card if shrunk else question.card)


def _row(question: Question, row: Mapping[str, Any], *, purpose: str, shrunk: bool) -> dict[str, Any]:
    return {
        column.name: row[column.name]
        for column in question.rows
        if column.name in row and _on_card(column, purpose, shrunk)
    }


def _gaps(version: Version, report: Report, purpose: str) -> dict[str, Any]:
    """Coordinators: names of the gaps everybody may have, and the number of the others. A school's team: all of its
    own. Which gaps the safeguarding team's sections have beyond everybody's tells what they say, so only it learns.
    """
    of = {section.name: section.owner for section in version.sections}
    counting = report.counting_gaps
    if purpose in COORDINATING:
        names = [gap.question for gap in report.everybody_gaps]
        others = [gap for gap in counting if not gap.everybody and of.get(gap.section) == "transition"]
        errors = [error for error in report.errors if of.get(error.section) != "safeguarding"]
        return {"gaps": names, "other_gaps": len(others), "errors": len(errors)}
    if purpose in SENDING:
        mine = [gap for gap in report.gaps if of.get(gap.section) == purpose]
        return {
            "gaps": [gap.question for gap in mine if gap.counts_from is None],
            "later_gaps": [gap.question for gap in mine if gap.counts_from],
            "errors": len([error for error in report.errors if of.get(error.section) == purpose]),
        }
    return {}
