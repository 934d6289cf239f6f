"""Cards hold what design point 8 names for each team, and nothing more."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.proforma.records import (
    TODAY,
    V2026,
    V2027,
    Answers,
    as_2026,
    ehc_plan,
    merged,
    sen_support,
    without_sen,
)
from transition_exchange.proforma import Access, check, destinations, load
from transition_exchange.proforma.cards import card, on_day, season_days
from transition_exchange.purposes import COORDINATING, RECEIVING

VERSION = load(V2027)
ALWAYS_THERE = {"format", "version", "purpose", "as_of"}
OBJECTING: Answers = {"objection": {"objection": "by_learner", "objection_date": "2027-04-02"}}


def made(record: Answers, purpose: str) -> dict[str, Any]:
    access = Access.to_record(VERSION, record, {purpose})
    content = card(access, record, check(VERSION, record, today=TODAY), today=TODAY)
    json.dumps(content)
    return content


def full() -> Answers:
    return merged(
        ehc_plan(),
        {
            "care": {"in_care": True},
            "neet_risk": {"band": "red", "factors": ["ehcp"]},
            "attendance": {"sessions_attended": 140, "sessions_authorised": 0},
            "safeguarding": {"file_exists": "yes", "status": ["CP"]},
        },
    )


def test_the_neet_groups_card() -> None:
    found = made(full(), "neet_group")
    assert set(found) == ALWAYS_THERE | {
        "legal_forename",
        "legal_surname",
        "date_of_birth",
        "school_name",
        "upn",
        "uln",
        "destinations",
        "provision",
        "primary_need",
        "in_care",
        "band",
        "attendance_band",
        "objection",
        "gaps",
        "other_gaps",
        "errors",
        "complete",
    }
    assert found["primary_need"] == "SPLD"
    assert found["attendance_band"] == "severe"
    assert found["destinations"][0]["status"] == "accepted"
    assert "sessions_attended" not in found


def test_after_an_objection_the_neet_group_gets_what_the_law_names() -> None:
    found = made(merged(full(), OBJECTING), "neet_group")
    assert set(found) == ALWAYS_THERE | {
        "legal_forename",
        "legal_surname",
        "date_of_birth",
        "address_line_1",
        "town",
        "postcode",
        "parents",
        "destinations",
        "objection",
    }
    assert found["objection"] is True
    assert found["parents"] == ["Samira Testlearner"]
    assert found["destinations"] == [{"status": "accepted"}]


def test_after_an_objection_the_send_team_gets_less_still() -> None:
    found = made(merged(full(), OBJECTING), "send")
    assert set(found) == ALWAYS_THERE | {
        "legal_forename",
        "legal_surname",
        "date_of_birth",
        "destinations",
        "objection",
    }


@pytest.mark.parametrize("purpose", COORDINATING)
def test_a_coordinator_gets_names_of_everybodys_gaps_and_the_number_of_the_others(purpose: str) -> None:
    record = full()
    del record["own_words"]["hopes"]
    del record["results"]["predicted_maths"]
    del record["safeguarding"]["lead_name"]
    found = made(record, purpose)
    assert found["gaps"] == ["results.predicted_maths", "safeguarding.lead_name"]
    transition = check(VERSION, record, today=TODAY, owner="transition")
    assert found["other_gaps"] == len([gap for gap in transition.counting_gaps if not gap.everybody])
    assert "hopes" not in str(found)


@pytest.mark.parametrize("purpose", ["transition", *COORDINATING])
def test_nothing_of_the_safeguarding_team_shows_on_anybody_elses_card(purpose: str) -> None:
    without, with_file = without_sen(), merged(without_sen(), {"safeguarding": {"file_exists": "yes"}})
    assert made(without, purpose) == made(with_file, purpose)


def test_the_schools_card_names_all_its_own_gaps() -> None:
    record = sen_support()
    del record["own_words"]["hopes"]
    del record["destinations"]["destinations"][0]["offer_suitable"]
    found = made(record, "transition")
    assert found["gaps"] == ["own_words.hopes"]
    assert found["later_gaps"] == [
        "destinations.destinations",
        "results.actual_english",
        "results.actual_maths",
    ]


DAYS = [
    date(2027, 3, 31),
    date(2027, 8, 26),
    date(2027, 8, 31),
    date(2027, 9, 1),
    date(2027, 9, 30),
    date(2027, 12, 5),
]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("purpose", ["transition", "school_safeguarding", *COORDINATING])
@pytest.mark.parametrize("lacking", ["nothing", "offer", "prediction", "result", "hopes"])
def test_a_card_is_on_each_day_what_it_would_be_if_it_were_written_then(
    day: date, purpose: str, lacking: str
) -> None:
    record, written = full(), date(2027, 3, 1)
    if lacking == "offer":
        for row in record["destinations"]["destinations"]:
            row.pop("offer_suitable", None)
            row.pop("offer_date", None)
    elif lacking == "prediction":
        del record["results"]["predicted_maths"]
    elif lacking == "result":
        record["results"].pop("actual_maths", None)
    elif lacking == "hopes":
        del record["own_words"]["hopes"]
    access = Access.to_record(VERSION, record, {purpose})

    def on(today: date) -> dict[str, Any]:
        report = check(VERSION, record, today=today, owner="transition", leaving_year=2027)
        return card(access, record, report, today=today, leaving_year=2027)

    seen, new = dict(on_day(on(written), day)), on(day)
    for dated in (seen, new):
        for name in ("later", "as_of", "complete_since"):
            dated.pop(name, None)
        for name in ("gaps", "later_gaps"):
            dated[name] = set(dated.get(name, ()))
    assert seen == new


def test_the_days_are_those_of_the_form_and_the_same_for_everybody() -> None:
    assert season_days(VERSION, 2027) == (date(2027, 6, 1), date(2027, 9, 1), date(2027, 9, 30))


@pytest.mark.parametrize(
    "later",
    [None, "2027", [1], [{}], [{"as_of": 3}], [{"as_of": "2027-09-01", "more": 5}], {"as_of": "2027-09-01"}],
)
def test_a_card_that_says_nothing_readable_of_later_days_stays_as_it_is(later: object) -> None:
    content = {"gaps": ["a"], "later": later}
    assert on_day(content, date(2027, 12, 5))["gaps"] == ["a"]


def test_the_safeguarding_teams_card_has_its_own_gaps_only() -> None:
    record = full()
    del record["own_words"]["hopes"]
    found = made(record, "school_safeguarding")
    assert set(found["gaps"]) == {"safeguarding.route", "safeguarding.file_sent"}
    assert "provision" not in found
    assert "destinations" not in found


@pytest.mark.parametrize("purpose", RECEIVING)
def test_a_receiving_teams_card_holds_only_what_it_may_read(purpose: str) -> None:
    record = full()
    record |= destinations.own(VERSION, record["destinations"]["destinations"][0], record)
    del record["destinations"]
    found = made(record, purpose)
    allowed = {
        question.name
        for section in VERSION.sections
        if purpose in section.audience
        for question in section.questions
    }
    made_of_others = {"primary_need"} if purpose == "learning_support" else set()
    own_gaps = {"gaps", "later_gaps", "errors", "complete"} if purpose == "school_safeguarding" else set()
    assert set(found) <= ALWAYS_THERE | allowed | made_of_others | own_gaps
    assert found["legal_surname"] == "Testlearner"


@pytest.mark.parametrize("purpose", ["neet_group", "send", "learning_support"])
def test_what_is_held_back_is_on_no_card_outside_the_school(purpose: str) -> None:
    held = merged(
        full(), {"sharing": {"agreed": "some", "withheld": ["needs", "neet_risk"], "withheld_why": "Asked"}}
    )
    found = made(held, purpose)
    assert "primary_need" not in found
    assert "band" not in found
    assert made(held, "transition")["primary_need"] == "SPLD"


def test_last_years_records_have_cards_too() -> None:
    version, record = load(V2026), as_2026(ehc_plan())
    access = Access.to_record(version, record, {"neet_group"})
    found = card(access, record, check(version, record, today=TODAY), today=TODAY)
    assert found["version"] == V2026
    assert found["provision"] == "E"


MOVED = {"leaving": {"left_school": "moved", "left_on": "2027-02-01", "moved_to": "Hill School"}}


@pytest.mark.parametrize("purpose", [*COORDINATING, "transition"])
def test_that_a_learner_has_left_is_on_the_cards_of_council_and_school_and_makes_no_gap(purpose: str) -> None:
    before, after = made(full(), purpose), made(merged(full(), MOVED), purpose)
    assert after == before | MOVED["leaving"]
    here = made(merged(full(), MOVED, {"leaving": {"left_school": "here"}}), purpose)
    assert here == before | {"left_school": "here"}, "what is not asked any more is on no card"


@pytest.mark.parametrize("purpose", [*RECEIVING, "school_safeguarding"])
def test_nobody_else_gets_it(purpose: str) -> None:
    assert made(merged(full(), MOVED), purpose) == made(full(), purpose)


@pytest.mark.parametrize("purpose", COORDINATING)
def test_after_an_objection_the_council_learns_that_and_when_but_not_to_which_school(purpose: str) -> None:
    found = made(merged(full(), OBJECTING, MOVED), purpose)
    assert (found["left_school"], found["left_on"]) == ("moved", "2027-02-01")
    assert "moved_to" not in found
