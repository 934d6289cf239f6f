"""The answers that a learner cannot be without: the legal names and the date of birth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from transition_exchange.proforma import Finding

SECTION = "learner"
_MESSAGES = {
    "legal_forename": "Enter the young person’s legal first name",
    "legal_surname": "Enter the young person’s legal last name",
    "date_of_birth": "Enter the young person’s date of birth",
}

NEEDED = frozenset(f"{SECTION}.{name}" for name in _MESSAGES)
"""The questions (`section.field`) that must be answered to add a learner, and stay answered from then on. No reason
can stand in for these answers."""


def missing(learner: Mapping[str, Any], errors: Sequence[Finding]) -> list[Finding]:
    """What is missing of the names and the date of birth, without which nobody could find the learner again.

    Args:
        learner: the section `learner` as it was read.
        errors: what is wrong in what was typed. A question that has an error gets no second one.
    """
    wrong = {finding.question for finding in errors}
    return [
        Finding(
            section=SECTION,
            field=name,
            path=(SECTION, name),
            code=f"{SECTION}.{name}.needed",
            message=message,
        )
        for name, message in _MESSAGES.items()
        if not learner.get(name) and f"{SECTION}.{name}" not in wrong
    ]
