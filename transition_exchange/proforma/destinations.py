"""Where a learner is going: the list of destinations, how far each application is, and what each provider gets of it.

A row of the list carries the id of its provider where that is an organisation of this exchange. A provider reads its
own row only, as the two sections that are made for its transfer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from transition_exchange.proforma.asking import asked_answers
from transition_exchange.proforma.conditions import Answers
from transition_exchange.proforma.model import Version

Row = Mapping[str, Any]

STATUS_ORDER = ("applied", "interviewed", "conditional", "unconditional", "allocated", "accepted", "enrolled")
"""The statuses of an application from the first step to the last; `declined` is no step.

`allocated` stands after the offers and before `accepted`. A place is allocated to a learner who need not have applied
(automatic places, white paper on post-16 education and skills, October 2025): it depends on nothing any more, as an
unconditional offer does not, and the learner has yet to accept it. The form lists it first, beside `applied`, because
it too can be the first thing that is known. That list is for choosing; this order is for comparing.
"""

OFFERS = frozenset(STATUS_ORDER[STATUS_ORDER.index("conditional") :])
"""Statuses that mean that there is an offer."""


def entered(answers: Answers) -> list[dict[str, Any]]:
    """The destinations of a record, in the order in which they were entered."""
    return list(answers.get("destinations", {}).get("destinations", []))


def rows(answers: Answers) -> list[dict[str, Any]]:
    """The destinations of a record, in order of preference."""
    entries = entered(answers)
    return sorted(entries, key=lambda row: row.get("preference", len(entries)))


def how_far(row: Row) -> int:
    """The place of a row's status in `STATUS_ORDER`; -1 where it has none, or one that is no step."""
    status = row.get("status")
    return STATUS_ORDER.index(status) if status in STATUS_ORDER else -1


def far_enough(row: Row, status: str) -> bool:
    """Whether the application of a row has reached a status, or gone further.

    Args:
        row: a row of the list of destinations.
        status: one of `STATUS_ORDER`, such as the one at which an area lets packs go out.

    Raises:
        ValueError: `status` is unknown.
    """
    return how_far(row) >= STATUS_ORDER.index(status)


def provider_of(row: Row) -> UUID | None:
    """The id of the organisation of this exchange that a row leads to; None where it leads to no such one."""
    try:
        return UUID(row["organisation"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def by_provider(entries: Iterable[Row]) -> dict[UUID, Row]:
    """The row that counts for each provider of this exchange.

    Two courses at one provider are one pack, which tells of the one whose application is furthest; of two that are
    equally far, of the one that stands first.
    """
    counting: dict[UUID, Row] = {}
    for row in entries:
        provider = provider_of(row)
        if provider and (provider not in counting or how_far(row) > how_far(counting[provider])):
            counting[provider] = row
    return counting


def own(version: Version, row: Row, answers: Answers) -> dict[str, dict[str, Any]]:
    """The sections that each transfer carries of its own, filled from its row of the list: name → answers.

    They hold what is asked about the row and nothing else, so that page, PDF and data tell the same.

    Args:
        version: the version of the form.
        row: a row of the list of destinations.
        answers: the record's answers, where conditions look at them.
    """
    filled = {
        section.name: {
            question.name: row[question.name] for question in section.questions if question.name in row
        }
        for section in version.sections
        if section.per_transfer
    }
    return asked_answers(version, {**answers, **filled}, filled)
