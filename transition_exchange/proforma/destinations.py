"""A provider reads only its own destination: the two sections made for a transfer out of one row of the list."""

from collections.abc import Mapping
from typing import Any

from .model import Version

OFFERS = frozenset({"allocated", "conditional", "unconditional", "accepted", "enrolled"})
"""Statuses that mean there is an offer."""


def rows(answers: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The destinations of a record, in order of preference."""
    found = answers.get("destinations", {}).get("destinations", [])
    return sorted(found, key=lambda row: row.get("preference", len(found)))


def own(version: Version, row: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The sections each transfer carries of its own, filled from its row of the destinations: name → answers."""
    return {
        section.name: {
            question.name: row[question.name] for question in section.questions if question.name in row
        }
        for section in version.sections
        if section.per_transfer
    }
