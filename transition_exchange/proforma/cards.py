"""What a team's lists need from one record: a card of a few fields, bands and flags.

Which answer goes on whose card stands beside the question (``Question.card``); design point 8 names what the
coordinators get. An objection under the Education and Skills Act 2008 s.14(4) shrinks theirs.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from . import audience, destinations
from .conditions import Answers, value_at
from .findings import Report
from .model import COORDINATING, RECEIVING, Question, Section, Version
from .rulebook import attendance_band

CARD_FORMAT = 1
"""The format of a card; a stale one is written anew."""

#: What a coordinator still gets after an objection: s.14(3)(a) to (c), and the status of the destinations.
AFTER_OBJECTION = (
    "learner.legal_forename",
    "learner.legal_surname",
    "learner.date_of_birth",
    "learner.school_name",
    "enrolment.address_line_1",
    "enrolment.address_line_2",
    "enrolment.town",
    "enrolment.postcode",
)
#: Only after an objection: until then the coordinator gets what design point 8 names, and an address is not there.
ONLY_AFTER_OBJECTION = (
    "enrolment.address_line_1",
    "enrolment.address_line_2",
    "enrolment.town",
    "enrolment.postcode",
)
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

    Always ``format``, ``version``, ``purpose`` and ``as_of``, the day for which its gaps were counted; then one entry for each answered question that has this purpose
    among its cards, under the question's name; ``attendance_band``, ``primary_need`` and ``destinations`` made of
    theirs; ``gaps`` and ``other_gaps`` for those who chase. What learner or family hold back is on no card of a
    receiving team. For a receiving purpose pass answers with the transfer's own sections (``destinations.own``).
    """
    found: dict[str, Any] = {
        "format": CARD_FORMAT,
        "version": version.name,
        "purpose": purpose,
        "as_of": today.isoformat(),
    }
    if purpose in COORDINATING and objects(answers):
        return {**found, **_shrunk(version, answers)}
    held = audience.withheld_sections(version, answers) if purpose in RECEIVING else frozenset()
    for section in version.sections:
        if section.name not in held:
            found.update(_of_section(section, answers, purpose))
    band = attendance_band(answers)
    if band and any(purpose in version.question(path).card for path in BANDED):
        found["attendance_band"] = band
    found.update(_gaps(report, purpose))
    if purpose in COORDINATING:
        found["objection"] = False
    return found


def _of_section(section: Section, answers: Answers, purpose: str) -> dict[str, Any]:
    values = answers.get(section.name, {})
    found: dict[str, Any] = {}
    for question in section.questions:
        value = values.get(question.name)
        if value is None or purpose not in question.card or question.path in BANDED:
            continue
        if question.path in ONLY_AFTER_OBJECTION or question.name == "contacts":
            continue
        if question.path == "needs.needs":
            found["primary_need"] = (
                min(value, key=lambda row: row.get("rank", 99)).get("type") if value else None
            )
        elif question.kind == "rows":
            found[question.name] = [_row(question, row, purpose) for row in value]
        else:
            found[question.name] = value
    return found


def _row(question: Question, row: Mapping[str, Any], purpose: str) -> dict[str, Any]:
    return {c.name: row[c.name] for c in question.rows if purpose in c.card and c.name in row}


def _shrunk(version: Version, answers: Answers) -> dict[str, Any]:
    """Name, address, date of birth, parents' names and destination status; no gaps."""
    found: dict[str, Any] = {"objection": True}
    for path in AFTER_OBJECTION:
        if (value := value_at(answers, path)) is not None:
            found[version.question(path).name] = value
    contacts = value_at(answers, "contacts.contacts") or []
    found["parents"] = [contact["name"] for contact in contacts if contact.get("name")]
    found["destinations"] = [
        {name: row[name] for name in ("kind", "status") if name in row} for row in destinations.rows(answers)
    ]
    return found


def _gaps(report: Report, purpose: str) -> dict[str, Any]:
    """Coordinators: names of the gaps everybody may have, and the number of the others. The school: all names."""
    counting = report.counting_gaps
    if purpose in COORDINATING:
        names = [gap.question for gap in report.everybody_gaps]
        return {"gaps": names, "other_gaps": len(counting) - len(names), "errors": len(report.errors)}
    if purpose == "transition":
        later = [gap.question for gap in report.gaps if gap.counts_from]
        return {"gaps": [gap.question for gap in counting], "later_gaps": later, "errors": len(report.errors)}
    return {}
