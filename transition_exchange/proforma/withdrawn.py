"""A version that takes back what was answered before: it answers nothing, and says whom to ring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from transition_exchange.english import day, day_of
from transition_exchange.proforma.findings import Finding
from transition_exchange.proforma.model import Question, Version
from transition_exchange.proforma.safeguarding_answer import QUESTION

Answers = Mapping[str, Mapping[str, Any]]

WITHDRAWN_WORD = "Withdrawn"
"""What stands in place of an answer that was taken back."""

DAY_ONE = "day_one_safety"
"""The section of what must be known on the first day."""


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
        answers[DAY_ONE] = {"ring": _joined(lead)}
    names = {question.path for section in version.sections for question in section.questions}
    return {
        section: {name: value for name, value in values.items() if f"{section}.{name}" in names}
        for section, values in answers.items()
    }


def withdrawn_questions(version: Version, answers: Answers) -> tuple[Question, ...]:
    """The questions of which such a version says that their answers do not count any more, as far as readers had them.

    Args:
        version: the version of the form.
        answers: what the readers may read of it.
    """
    names = {question.path: question for question in version.questions}
    asked = (QUESTION, f"{DAY_ONE}.information")
    return tuple(names[path] for path in asked if path in names and answers.get(path.partition(".")[0]))


def withdrawn_findings(version: Version, answers: Answers) -> tuple[Finding, ...]:
    """What `show` is given so that these questions read "Withdrawn" and are not simply left out.

    Args:
        version: the version of the form.
        answers: what the readers may read of the version that takes others back.
    """
    return tuple(
        Finding(
            question.section,
            question.name,
            (question.section, question.name),
            f"{question.path}.missing",
            WITHDRAWN_WORD,
        )
        for question in withdrawn_questions(version, answers)
    )


def what_does_not_count(answers: Answers) -> str:
    """What its readers had and shall not go by any more. Readers of the first day's safety learn of that alone.

    Args:
        answers: what they may read of it.
    """
    if answers.get("safeguarding"):
        return "What the school’s safeguarding team had answered before does not count any more."
    return "What was written for the first day does not count any more."


def withdrawn_words(answers: Answers, at: datetime) -> str:
    """What such a version tells its readers; empty for those who may not know of it.

    Args:
        answers: what they may read of it.
        at: when it was released.
    """
    lead = answers.get("safeguarding", {})
    ring = _joined(lead) or answers.get(DAY_ONE, {}).get("ring", "")
    return f"Withdrawn on {day(day_of(at))}: ring {ring}." if ring else ""


def _joined(lead: Mapping[str, Any]) -> str:
    return ", ".join(str(lead[name]) for name in ("lead_name", "lead_phone") if lead.get(name))
