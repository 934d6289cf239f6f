"""A version that takes back what was answered before: it answers nothing, and says whom to ring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from transition_exchange.english import day, day_of
from transition_exchange.proforma.model import Version

Answers = Mapping[str, Mapping[str, Any]]


def withdrawing_answers(
    version: Version, lead: Mapping[str, str], *, day_one: bool
) -> dict[str, dict[str, str]]:
    """What the safeguarding team's sections hold in a version that takes back those before it.

    Args:
        version: the version of the form.
        lead: the safeguarding lead's contact, by question.
        day_one: whether something for safety on the first day was released before. Then its readers are told too.
    """
    answers: dict[str, dict[str, str]] = {
        "safeguarding": {name: value for name, value in lead.items() if value}
    }
    if day_one:
        answers["day_one_safety"] = {"ring": _joined(lead)}
    names = {question.path for section in version.sections for question in section.questions}
    return {
        section: {name: value for name, value in values.items() if f"{section}.{name}" in names}
        for section, values in answers.items()
    }


def withdrawn_words(answers: Answers, at: datetime) -> str:
    """What such a version tells its readers; empty for those who may not know of it.

    Args:
        answers: what they may read of it.
        at: when it was released.
    """
    lead = answers.get("safeguarding", {})
    ring = _joined(lead) or answers.get("day_one_safety", {}).get("ring", "")
    return f"Withdrawn on {day(day_of(at))}: ring {ring}." if ring else ""


def _joined(lead: Mapping[str, Any]) -> str:
    return ", ".join(str(lead[name]) for name in ("lead_name", "lead_phone") if lead.get(name))
