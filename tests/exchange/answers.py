"""Answers that tests write into a record."""

from __future__ import annotations

from typing import Any
from uuid import UUID


def destination(
    organisation: UUID | None, name: str, *, preference: int = 1, status: str = "accepted", **more: Any
) -> dict[str, Any]:
    """One row of the learner's destinations."""
    return {
        "kind": "provider",
        "provider_name": name,
        **({"organisation": str(organisation)} if organisation else {}),
        "course": "Animal care",
        "level": "2",
        "preference": preference,
        "status": status,
        "offer_date": "2026-10-01",
        "offer_suitable": True,
        "start_date": "2027-09-06",
        **more,
    }


def complete(destinations: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Everything that core/2027.1 asks of a learner without special educational needs."""
    return {
        "learner": {
            "year_group": 11,
            "school_name": "Ashdown School",
            "school_laestab": "3724001",
            "school_urn": "123456",
        },
        "enrolment": {
            "address_line_1": "1 High Street",
            "town": "Ashdown",
            "postcode": "S60 1AE",
            "phone": "07700 900123",
            "email": "amina@example.org",
            "home_la": "372",
            "free_school_meals": False,
            "sex": "F",
        },
        "pupil_number": {"upn": "L372400114001"},
        "numbers": {"uln_not_known": True},
        "contacts": {
            "contacts": [
                {
                    "name": "Farah Khan",
                    "relationship": "mother",
                    "parental_responsibility": True,
                    "phone": "07700 900124",
                }
            ]
        },
        "told": {
            "learner_told": True,
            "learner_told_on": "2026-10-01",
            "learner_told_how": "meeting",
            "parent_told": True,
            "parent_told_on": "2026-10-01",
            "parent_told_how": "letter",
        },
        "sharing": {"agreed": "all"},
        "objection": {"objection": "none"},
        "destinations": {"destinations": destinations},
        "sen": {"provision": "N"},
        "waiting": {"waiting": False},
        "exams": {"approved": False},
        "results": {"predicted_english": "5", "predicted_maths": "5"},
        "attendance": {
            "sessions_possible": 100,
            "sessions_attended": 98,
            "sessions_authorised": 2,
            "sessions_unauthorised": 0,
        },
        "suspensions": {"suspension_count": 0, "permanently_excluded": False},
        "care": {"in_care": False},
        "health": {"medical": False},
    }
