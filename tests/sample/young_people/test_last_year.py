"""Last year's form gets what this year's says, in its own way."""

from __future__ import annotations

from copy import deepcopy

from tests import factories
from transition_exchange.sample.young_people.last_year import as_of_2026


def test_rows_of_outcomes_become_texts_and_new_sections_are_left_out() -> None:
    answers = factories.with_ehc_plan()
    answers["adulthood"] = {
        "vocational": "A workshop.",
        "outcomes": [
            {
                "area": "health",
                "outcome": "Sleeps",
                "steps": "A routine",
                "who": "Family",
                "by_when": "2027-12-18",
            },
            {"area": "health", "outcome": "Eats"},
        ],
    }
    before = deepcopy(answers)
    last_year = as_of_2026(answers)
    assert last_year["adulthood"] == {
        "vocational": "A workshop.",
        "outcome_health": "Sleeps. Steps: A routine. Who helps: Family. By December 2027.\nEats.",
    }
    assert last_year["enrolment"]["gender"] == answers["enrolment"]["sex"]
    assert "sex" not in last_year["enrolment"]
    assert not {"waiting", "contributions"} & last_year.keys()
    assert answers == before
