"""From core/2026.1 to core/2027.1."""

from __future__ import annotations

from typing import Any

from tests.proforma.records import (
    TODAY,
    V2026,
    V2027,
    Answers,
    as_2026,
    ehc_plan,
)
from transition_exchange.proforma import check, load
from transition_exchange.proforma.model import Upgraded
from transition_exchange.proforma.upgrading import upgrade


def carried(record: Answers) -> Upgraded:
    return upgrade(record, to=V2027, from_=V2026)


def test_gender_becomes_sex_with_its_reason() -> None:
    assert carried({"enrolment": {"gender": "F"}}).answers["enrolment"] == {"sex": "F"}
    why = {"_reasons": {"gender": {"reason": "not_known"}}}
    assert carried({"enrolment": why}).answers["enrolment"] == {"_reasons": {"sex": {"reason": "not_known"}}}


def test_the_closed_category_becomes_its_successor() -> None:
    needs = {"needs": {"needs": [{"type": "ASD", "rank": 1, "ilr_category": "15"}]}}
    assert carried(needs).answers["needs"]["needs"][0]["ilr_category"] == "14"


def test_the_consent_form_goes() -> None:
    found = carried({"exams": {"approved": True, "jcq_consent": True}})
    assert found.answers["exams"] == {"approved": True}


def test_the_start_goes_to_the_only_destination() -> None:
    places = [{"kind": "provider", "course": "Animal care"}, {"kind": "job"}]
    visits = {"start_date": "2027-09-06", "visits": []}
    found = carried({"visits": visits, "destinations": {"destinations": places}}).answers
    assert found["visits"] == {"visits": []}
    assert found["destinations"]["destinations"][0]["start_date"] == "2027-09-06"
    several = carried(
        {
            "visits": visits,
            "destinations": {"destinations": [dict(places[0], course="Art"), {"kind": "staying_on"}]},
        }
    )
    assert "start_date" not in str(several.answers)
    assert "The start date stands with the destination, for every team there" in several.changes


def test_outcomes_become_rows_and_are_asked_anew() -> None:
    found = carried(as_2026(ehc_plan()))
    rows = found.answers["adulthood"]["outcomes"]
    assert [row["area"] for row in rows] == ["employment", "independent_living", "community", "health"]
    assert all(set(row) == {"area", "outcome"} for row in rows)
    assert "adulthood.outcomes" in found.ask_again
    gaps = {gap.code for gap in check(load(V2027), found.answers, today=TODAY).gaps}
    assert "adulthood.outcomes.steps.missing" in gaps


def test_what_others_read_stands_in_sections_of_its_own() -> None:
    old: dict[str, dict[str, Any]] = {
        "known_as": {
            "preferred_name": "Mina",
            "eal": True,
            "_reasons": {"first_language": {"reason": "waiting"}},
        },
        "enrolment": {"town": "Ashdown", "upn_missing_reason": "UN3"},
        "numbers": {"uln_not_known": True, "uci": "48313A197019X", "former_upn": "L372400114001"},
    }
    moved = carried(old)
    assert moved.answers == {
        "known_as": {"preferred_name": "Mina"},
        "language": {"eal": True, "_reasons": {"first_language": {"reason": "waiting"}}},
        "enrolment": {"town": "Ashdown"},
        "pupil_number": {"upn_missing_reason": "UN3", "former_upn": "L372400114001"},
        "numbers": {"uln_not_known": True},
        "candidate_number": {"uci": "48313A197019X"},
    }
    assert "Languages, the UPN and the UCI stand in sections of their own, by who reads them" in moved.changes
