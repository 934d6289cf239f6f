"""What a team's lists need from one record: a card of a few fields, bands and flags.

Which answer goes on whose card stands beside the question (`Question.card`); design point 8 names what the
coordinators get. An objection under the Education and Skills Act 2008 s.14(4) shrinks theirs.
"""

from __future__ import annotations

import datetime
from typing import Any

from transition_exchange.proforma.access import Access
from transition_exchange.proforma.asking import only_asked
from transition_exchange.proforma.conditions import Answers, value_at
from transition_exchange.proforma.findings import Report
from transition_exchange.proforma.model import Question, Version
from transition_exchange.proforma.rulebook import attendance_band
from transition_exchange.purposes import COORDINATING, SENDING, in_order

CARD_FORMAT = 2
"""The version of what a card holds, raised whenever that changes. A card of an older format is written again in the
owner's next session."""

BANDED = ("attendance.sessions_possible", "attendance.sessions_attended")


def objects(answers: Answers) -> bool:
    """Whether learner or parent has told the school to give the council no more than the law asks for."""
    return value_at(answers, "objection.objection") in ("by_parent", "by_learner")


def card(access: Access, answers: Answers, report: Report, *, today: datetime.date) -> dict[str, Any]:
    """The card of one record for one team, JSON-able.

    Always `format`, `version`, `purpose` and `as_of`, the day for which its gaps were counted; then one entry for each
    answered question that the access puts on the card, under the question's name. Made of theirs: `attendance_band`,
    `primary_need`, `destinations`; for coordinators `objection` (a boolean) and, after one, `parents`; for those who
    chase `gaps` and `other_gaps`. A team with several purposes gets what any of them gets.

    Args:
        access: what the team may read of the record.
        answers: the record's answers by section; for a receiving team with the transfer's own sections
            (`destinations.own`).
        report: what `proforma.check` found in them.
        today: the day for which the report was made.
    """
    answers = only_asked(access.version, answers)
    entries: dict[str, Any] = {}
    for purpose in in_order(access.purposes):
        entries |= _for_purpose(access, answers, report, purpose=purpose, today=today)
    return entries


def _for_purpose(
    access: Access, answers: Answers, report: Report, *, purpose: str, today: datetime.date
) -> dict[str, Any]:
    entries: dict[str, Any] = {
        "format": CARD_FORMAT,
        "version": access.version.name,
        "purpose": purpose,
        "as_of": today.isoformat(),
    }
    shrunk = purpose in COORDINATING and objects(answers)
    questions = access.card_questions(purpose, shrunk=shrunk)
    for question in questions:
        value = answers.get(question.section, {}).get(question.name)
        if value is not None and question.path not in BANDED:
            name, entry = _entry(question, value, purpose=purpose, shrunk=shrunk)
            entries[name] = entry
    if purpose in COORDINATING:
        entries["objection"] = shrunk
    if not shrunk:
        band = attendance_band(answers)
        if band and any(question.path in BANDED for question in questions):
            entries["attendance_band"] = band
        entries.update(_gaps(access.version, report, purpose))
    return entries


def _entry(question: Question, value: Any, *, purpose: str, shrunk: bool) -> tuple[str, Any]:
    """The name and the content of one entry. Of a table only the columns go there that the purpose has."""
    if question.kind != "rows":
        return question.name, value
    if question.path == "needs.needs":
        return "primary_need", min(value, key=lambda row: row.get("rank", 99)).get("type") if value else None
    columns = [
        column.name
        for column in question.rows
        if purpose in (column.objection_card if shrunk else column.card)
    ]
    rows = [kept for row in value if (kept := {name: row[name] for name in columns if name in row})]
    if question.path == "contacts.contacts":
        return "parents", [row["name"] for row in rows]
    return question.name, rows


def _gaps(version: Version, report: Report, purpose: str) -> dict[str, Any]:
    """Coordinators: names of the gaps everybody may have, and the number of the others. A school's team: all of its
    own. Which gaps the safeguarding team's sections have beyond everybody's tells what they say, so only it learns.
    """
    of = {section.name: section.owner for section in version.sections}
    counting = report.counting_gaps
    if purpose in COORDINATING:
        names = [gap.question for gap in report.everybody_gaps]
        others = [gap for gap in counting if not gap.everybody and of.get(gap.section) == "transition"]
        errors = [error for error in report.errors if of.get(error.section) != "school_safeguarding"]
        return {"gaps": names, "other_gaps": len(others), "errors": len(errors)}
    if purpose in SENDING:
        mine = [gap for gap in report.gaps if of.get(gap.section) == purpose]
        return {
            "gaps": [gap.question for gap in mine if gap.counts_from is None],
            "later_gaps": [gap.question for gap in mine if gap.counts_from],
            "errors": len([error for error in report.errors if of.get(error.section) == purpose]),
        }
    return {}
