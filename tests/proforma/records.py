"""Complete invented records for tests: what a CTF holds, what the year-group page confirms, and what is typed."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from transition_exchange.proforma.rules.identifiers import make_uln

TODAY = date(2027, 6, 15)
V2026, V2027 = "core/2026.1", "core/2027.1"
Answers = dict[str, dict[str, Any]]


def from_ctf() -> Answers:
    """What a common transfer file holds of a learner without special educational needs."""
    return {
        "learner": {
            "legal_forename": "Amina",
            "legal_surname": "Testlearner",
            "date_of_birth": "2011-03-27",
            "year_group": 11,
            "school_name": "Thornfield Academy",
            "school_laestab": "372/4001",
            "school_urn": "130001",
        },
        "enrolment": {
            "sex": "F",
            "address_line_1": "1 Invented Street",
            "town": "Rotherham",
            "postcode": "S60 1AA",
            "phone": "01709 960123",
            "email": "amina@example.org",
            "free_school_meals": False,
        },
        "pupil_number": {"upn": "L372400114001"},
        "numbers": {"uln": make_uln(123456789)},
        "contacts": {
            "contacts": [
                {
                    "name": "Samira Testlearner",
                    "relationship": "mother",
                    "parental_responsibility": True,
                    "phone": "01709 960124",
                }
            ]
        },
        "sen": {"provision": "N"},
        "attendance": {
            "sessions_possible": 300,
            "sessions_attended": 290,
            "sessions_authorised": 8,
            "sessions_unauthorised": 2,
        },
        "care": {"in_care": False},
        "health": {"medical": False},
    }


def for_the_year_group() -> Answers:
    """What is confirmed for a whole year group at once."""
    return {
        "enrolment": {"home_la": "372"},
        "told": {
            "learner_told": True,
            "learner_told_on": "2027-01-20",
            "learner_told_how": "meeting",
            "parent_told": True,
            "parent_told_on": "2027-01-21",
            "parent_told_how": "letter",
        },
        "sharing": {"agreed": "all"},
        "objection": {"objection": "none"},
        "exams": {"approved": False},
        "suspensions": {"suspension_count": 0, "permanently_excluded": False},
        "waiting": {"waiting": False},
        "safeguarding": {"file_exists": "no", "lead_name": "Jo Lead", "lead_phone": "01709 960125"},
    }


def merged(*records: Answers) -> Answers:
    """The records put together, later answers over earlier ones."""
    found: Answers = {}
    for record in records:
        for section, values in record.items():
            found.setdefault(section, {}).update(copy.deepcopy(values))
    return found


def without_sen() -> Answers:
    """A complete record without special educational needs."""
    return merged(
        from_ctf(),
        for_the_year_group(),
        {
            "destinations": {
                "destinations": [
                    {
                        "kind": "provider",
                        "provider_name": "Invented College",
                        "ukprn": "10005534",
                        "course": "Level 3 Engineering",
                        "level": "3",
                        "preference": 1,
                        "status": "accepted",
                        "offer_date": "2027-02-11",
                        "offer_suitable": True,
                        "start_date": "2027-09-06",
                    }
                ]
            },
            "results": {"predicted_english": "5", "predicted_maths": "6"},
        },
    )


def sen_support() -> Answers:
    """A complete record with SEN support."""
    words = ("like_about_me", "matters_to_me", "help_me", "hopes", "good_at", "interests", "find_hard")
    return merged(
        without_sen(),
        {
            "sen": {"provision": "K"},
            "needs": {
                "needs": [{"type": "SPLD", "rank": 1}, {"type": "SLCN", "rank": 2}],
                "assessment": "none",
            },
            "own_words": {word: f"My answer to {word}.\nAnd a second line." for word in words},
            "what_helps": {
                "strategies": [{"strategy": "Write the task on the board", "where": "Every lesson"}]
            },
            "support": {
                "provision": [
                    {
                        "kind": "Reading group",
                        "hours_per_week": 2.5,
                        "ratio": "1 to 4",
                        "who": "Teaching assistant",
                    }
                ],
                "equipment": [{"item": "Laptop", "owner": "school", "moves": False}],
            },
            "services": {"_reasons": {"services": {"reason": "does_not_apply"}}},
            "visits": {
                "visits": [{"on": "2027-07-01", "what": "Taster day", "done": False}],
            },
        },
    )


PLAN = ({"id": "1", "kind": "ehc_plan"},)
"""The plan as an attachment: a record that says that its sections are attached is complete with it."""


def ehc_plan() -> Answers:
    """A complete record with an EHC plan, Form 8 and a medical condition."""
    record = merged(
        sen_support(),
        {
            "sen": {"provision": "E"},
            "ehc_plan": {
                "maintaining_la": "372",
                "plan_reference": "EHC-0001",
                "caseworker_name": "Casey Worker",
                "caseworker_contact": "01709 960126",
                "last_review": "2026-11-12",
                "final_issued": "2027-02-26",
                "setting_named": "Invented College",
                "consultation": "named",
                "consulted_on": "2027-01-10",
                "sections_attached": ["A", "B", "E", "F", "I"],
                "personal_budget": False,
                "top_up": True,
                "top_up_value": "6200.00",
            },
            "adulthood": {
                "outcomes": [
                    {
                        "area": "independent_living",
                        "outcome": "Amina takes the number 22 bus to college alone by the spring",
                        "steps": "Practise with a travel trainer, first on Saturdays",
                        "who": "Travel trainer and her mother",
                        "by_when": "2028-02-01",
                    }
                ],
                "vocational": "A week in the college workshop in July.",
                "independent_living": "Cooking twice a week at home.",
            },
            "contributions": {"none_offered": True},
            "transport": {"travel": "bus", "travel_training": "under_way", "council_transport": "applied"},
            "exams": {
                "approved": True,
                "arrangements": ["extra_time_25", "reader"],
                "evidence_route": "form_8",
                "normal_way_of_working": True,
                "parts_complete": True,
                "assessed_on": "2025-10-01",
                "part_2_signed_on": "2025-10-02",
                "part_3_signed_on": "2025-10-20",
                "assessor_qualified": True,
            },
            "health": {
                "medical": True,
                "conditions": [
                    {"condition": "Asthma", "medication": "Blue inhaler", "emergency": "Ring 999"}
                ],
                "care_plan": True,
                "consent": "Samira Testlearner",
            },
        },
    )
    del record["needs"]["assessment"]
    return record


def as_2026(record: Answers) -> Answers:
    """The same learner on last year's form."""
    found = copy.deepcopy(record)
    found["enrolment"]["gender"] = found["enrolment"].pop("sex")
    found["enrolment"] |= found.pop("pupil_number")
    if "language" in found:
        found["known_as"] = {**found.get("known_as", {}), **found.pop("language")}
    for place in found["destinations"]["destinations"]:
        start = place.pop("start_date", None)
        if start and "visits" in found:
            found["visits"]["start_date"] = start
    for section in ("waiting", "contributions"):
        found.pop(section, None)
    if found["exams"]["approved"]:
        found["exams"]["jcq_consent"] = True
    if "adulthood" in found:
        found["adulthood"].pop("outcomes")
        for area in ("employment", "independent_living", "community", "health"):
            found["adulthood"][f"outcome_{area}"] = f"An outcome for {area} that is Amina's own"
    return found
