"""What a team's lists need from one record: a card of a few fields, bands and flags.

Which answer goes on whose card stands beside the question (`Question.card`); design point 8 names what the
coordinators get. An objection under the Education and Skills Act 2008 s.14(4) shrinks theirs.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from transition_exchange.proforma.access import Access
from transition_exchange.proforma.asking import only_asked
from transition_exchange.proforma.conditions import Answers, value_at
from transition_exchange.proforma.findings import Report
from transition_exchange.proforma.model import Question, Version
from transition_exchange.proforma.rulebook import attendance_band
from transition_exchange.purposes import COORDINATING, SENDING, in_order

CARD_FORMAT = 4
"""The version of what a card holds, raised whenever that changes. A card of an older format is written again in the
owner's next session."""

ONE_DAY = datetime.timedelta(days=1)

DATED = ("as_of", "other_gaps", "complete")
"""The entries that a later day has in full; of the gaps it has those that differ."""

BANDED = ("attendance.sessions_possible", "attendance.sessions_attended")


def objects(answers: Answers) -> bool:
    """Whether learner or parent has told the school to give the council no more than the law asks for."""
    return value_at(answers, "objection.objection") in ("by_parent", "by_learner")


def season_days(version: Version, leaving_year: int) -> tuple[datetime.date, ...]:
    """The days of a leaving year on which a gap begins or ceases to count, the same for everybody; in their order."""
    questions = [*version.questions, *(column for question in version.questions for column in question.rows)]
    seasons = {question.season for question in questions if question.season is not None}
    starts = [day for season in seasons if (day := season.first_day(leaving_year)) is not None]
    ends = [datetime.date(leaving_year, *season.ends) + ONE_DAY for season in seasons if season.ends]
    return tuple(sorted({*starts, *ends}))


def on_day(content: Mapping[str, Any], day: datetime.date) -> Mapping[str, Any]:
    """A card as it would be if it had been written on a day, as far as gaps go that begin or cease to count.

    Args:
        content: the entries of the card.
        day: the day. One before `as_of` changes nothing.

    Returns:
        The entries, with `as_of` as the day since which its gaps are these, and `complete_since` as the day since which
        it is complete, or is not, if that was not so when it was written. A card that says nothing readable of later
        days stays as it is.
    """
    later = content.get("later")
    if not isinstance(later, list) or not all(isinstance(entry, Mapping) for entry in later):
        return content
    past = [entry for entry in later if str(entry.get("as_of", "9")) <= day.isoformat()]
    if not past:
        return content
    past.sort(key=lambda entry: str(entry["as_of"]))
    newest = past[-1]
    more, fewer = (_names(newest.get(name)) for name in ("more", "fewer"))
    entries = {**content, **{name: newest[name] for name in DATED if name in newest}}
    gaps = [gap for gap in map(str, content.get("gaps", ())) if gap not in fewer]
    entries["gaps"] = gaps + sorted(more.difference(gaps))
    if "later_gaps" in content:
        entries["later_gaps"] = [gap for gap in content["later_gaps"] if gap not in more]
    told = [content, *past]
    turned = [
        entry for before, entry in pairwise(told) if entry.get("complete") is not before.get("complete")
    ]
    return entries | {"complete_since": turned[-1]["as_of"]} if turned else entries


def _names(value: object) -> set[str]:
    """The names in a list of a card; none if it is no list."""
    return set(map(str, value)) if isinstance(value, list) else set()


def card(
    access: Access,
    answers: Answers,
    report: Report,
    *,
    today: datetime.date,
    leaving_year: int | None = None,
) -> dict[str, Any]:
    """The card of one record for one team, JSON-able.

    Always `format`, `version`, `purpose` and `as_of`, the day for which its gaps were counted; then one entry for each
    answered question that the access puts on the card, under the question's name. Made of theirs: `attendance_band`,
    `primary_need`, `destinations`; for coordinators `objection` (a boolean) and, after one, `parents`; for those who
    chase `gaps`, `other_gaps` and `complete`, and in `later` what these will be on later days. A team with several
    purposes gets what any of them gets.

    Args:
        access: what the team may read of the record.
        answers: the record's answers by section; for a receiving team with the transfer's own sections
            (`destinations.own`).
        report: what `proforma.check` found in them.
        today: the day for which the report was made.
        leaving_year: the year in which the learner leaves, whose days make gaps begin or cease to count; None if the
            card is of what was sent, which says nothing of later days.
    """
    answers = only_asked(access.version, answers)
    entries: dict[str, Any] = {}
    for purpose in in_order(access.purposes):
        entries |= _for_purpose(
            access, answers, report, purpose=purpose, today=today, leaving_year=leaving_year
        )
    return entries


def _for_purpose(
    access: Access,
    answers: Answers,
    report: Report,
    *,
    purpose: str,
    today: datetime.date,
    leaving_year: int | None,
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
        if leaving_year is not None and "gaps" in entries:
            days = [day for day in season_days(access.version, leaving_year) if day > today]
            entries["later"] = [
                {
                    "as_of": day.isoformat(),
                    **_differing(
                        entries,
                        _gaps(access.version, _report_on(day, report, access.version, leaving_year), purpose),
                    ),
                }
                for day in days
            ]
    return entries


def _differing(now: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """How the gaps of a later day differ from those of the card: whole lists would make cards with many gaps longer."""
    return {
        "more": [gap for gap in then["gaps"] if gap not in now["gaps"]],
        "fewer": [gap for gap in now["gaps"] if gap not in then["gaps"]],
        **{name: then[name] for name in ("other_gaps", "complete") if name in then},
    }


def _report_on(day: datetime.date, report: Report, version: Version, leaving_year: int) -> Report:
    """What `check` would find on a later day in the same answers, as far as seasons go."""
    gaps = []
    for gap in report.gaps:
        question = version.question(gap.question) if gap.field else None
        name = gap.path[-1] if len(gap.path) > 2 else None  # a column of a table
        asked = (
            next((column for column in question.rows if column.name == name), question) if question else None
        )
        if asked is None or asked.season is None or not asked.season.over(leaving_year, day):
            counts_from = gap.counts_from if gap.counts_from and gap.counts_from > day else None
            gaps.append(replace(gap, counts_from=counts_from))
    return replace(report, gaps=tuple(gaps))


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
        complete = not names and not others and not errors
        return {"gaps": names, "other_gaps": len(others), "errors": len(errors), "complete": complete}
    if purpose in SENDING:
        mine = [gap for gap in report.gaps if of.get(gap.section) == purpose]
        gaps = [gap.question for gap in mine if gap.counts_from is None]
        wrong = len([error for error in report.errors if of.get(error.section) == purpose])
        return {
            "gaps": gaps,
            "later_gaps": [gap.question for gap in mine if gap.counts_from],
            "errors": wrong,
            "complete": not gaps and not wrong,
        }
    return {}
