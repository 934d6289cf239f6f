"""From core/2026.1 to core/2027.1."""

from __future__ import annotations

import copy
from typing import Any

from transition_exchange.proforma.model import Upgraded

#: The four texts of 2026 and the parts of life they are rows of in 2027.
OUTCOMES = {
    "outcome_employment": "employment",
    "outcome_independent_living": "independent_living",
    "outcome_community": "community",
    "outcome_health": "health",
}
AT_PLACES = ("provider", "staying_on", "apprenticeship")
#: What stands in a section of its own, because others read it: the section of 2026, that of 2027, and the fields.
MOVED = (
    ("known_as", "language", ("first_language", "eal", "contact_language", "interpreter_needed")),
    ("enrolment", "pupil_number", ("upn", "upn_missing_reason")),
    ("numbers", "pupil_number", ("former_upn",)),
    ("numbers", "candidate_number", ("uci",)),
)
CLOSED_CATEGORY, ITS_SUCCESSOR = "15", "14"


def carry_over(answers: dict[str, Any]) -> Upgraded:
    """The answers in the form of 2027, what changed, and what has to be asked again. `answers` stay as they are.

    The old outcomes are kept as the first words of each new one; steps, who helps and by when were never asked.
    """
    carried = copy.deepcopy(answers)
    changes: list[str] = []
    enrolment = carried.get("enrolment", {})
    for place in (enrolment, enrolment.get("_reasons", {})):
        if "gender" in place:
            place["sex"] = place.pop("gender")
            changes.append("Gender is called sex, as in CTF 25")
    if [moved for moved in MOVED if _move(carried, *moved)]:
        changes.append("Languages, the UPN and the UCI stand in sections of their own, by who reads them")
    if _close_category(carried):
        changes.append("ILR category 15 (Asperger's syndrome) has closed; 14 (autism) is suggested instead")
    if _forget(carried.get("exams", {}), "jcq_consent"):
        changes.append("JCQ's consent form is no longer asked for")
    if _outcomes_to_rows(carried.get("adulthood", {})):
        changes.append("Outcomes are now rows with steps, who helps and by when")
    if _move_start(carried):
        changes.append("The start date stands with the destination, for every team there")
    changes += [
        "New: what the learner is waiting for",
        "New: contributions from health and social care",
        "New: Down syndrome among the types of need",
        "New: a place may be allocated",
    ]
    ask_again: tuple[str, ...] = (
        "adulthood.outcomes",
        "waiting.waiting",
        "contributions.contributions",
        "needs.needs",
    )
    if any("start_date" not in row for row in _places(carried)):
        ask_again += ("destinations.destinations",)
    return Upgraded(carried, tuple(dict.fromkeys(changes)), ask_again)


def _close_category(answers: dict[str, Any]) -> bool:
    closed = False
    for need in answers.get("needs", {}).get("needs", []):
        if need.get("ilr_category") == CLOSED_CATEGORY:
            need["ilr_category"] = ITS_SUCCESSOR
            closed = True
    return closed


def _move(answers: dict[str, Any], old: str, new: str, fields: tuple[str, ...]) -> bool:
    """Take fields from one section to another, with what stands beside each; whether there was anything to take."""
    source, moved = answers.get(old, {}), False
    for field in fields:
        for beside in ("", "_reasons", "_attached"):
            place = source.get(beside, {}) if beside else source
            if field in place:
                target = answers.setdefault(new, {})
                (target.setdefault(beside, {}) if beside else target)[field] = place.pop(field)
                moved = True
    for beside in ("_reasons", "_attached"):
        if beside in source and not source[beside]:
            del source[beside]
    return moved


def _move_start(answers: dict[str, Any]) -> bool:
    """The start goes to the only destination. Where there are several, nothing says which of them it was about."""
    visits = answers.get("visits", {})
    start = visits.get("start_date")
    held = _forget(visits, "start_date")
    rows = _places(answers)
    if start and len(rows) == 1:
        rows[0].setdefault("start_date", start)
    return held


def _places(answers: dict[str, Any]) -> list[dict[str, Any]]:
    """The destinations at which there is a course or an apprenticeship."""
    rows = answers.get("destinations", {}).get("destinations", [])
    return [row for row in rows if row.get("kind") in AT_PLACES]


def _forget(section: dict[str, Any], field: str) -> bool:
    """Drop a field with all that stands beside it."""
    held = [place for place in (section, *_beside(section)) if field in place]
    for place in held:
        del place[field]
    return bool(held)


def _beside(section: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    return section.get("_reasons", {}), section.get("_attached", {})


def _outcomes_to_rows(adulthood: dict[str, Any]) -> bool:
    """Each text becomes a row; reasons and pages of the old questions do not answer the new one."""
    texts = {field: adulthood[field] for field in OUTCOMES if field in adulthood}
    dropped = [_forget(adulthood, field) for field in OUTCOMES]
    if texts:
        adulthood["outcomes"] = [{"area": OUTCOMES[field], "outcome": text} for field, text in texts.items()]
    return any(dropped)
