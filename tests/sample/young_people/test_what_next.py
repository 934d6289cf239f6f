"""What comes next fits where the learner stands: destinations, visits, travel, the risk of dropping out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.factories import outline, outlines
from transition_exchange.proforma.destinations import OFFERS
from transition_exchange.sample.organisations import BY_KEY
from transition_exchange.sample.young_people import what_next
from transition_exchange.sample.young_people.sketch import SectionAnswers, Sketch, Stage

OFFERED: list[SectionAnswers] = [{"kind": "provider", "status": "accepted"}]
APPLIED: list[SectionAnswers] = [{"kind": "provider", "status": "applied"}]


def _rows(sketch: Sketch) -> list[SectionAnswers]:
    rows: list[SectionAnswers] = what_next.destinations(sketch).get("destinations", [])
    return rows


def _going_to(key: str, **changed: Any) -> Sketch:
    """A learner whose first choice is the first course of a provider."""
    place = BY_KEY[key]
    return outline(first_choice=(place, place.courses[0]), **changed)


def _plain(*flags: str, **changed: Any) -> Sketch:
    """A learner who has chosen, speaks English and has no support at school: no factor but the flags' own."""
    return outline(
        *flags,
        fits=lambda sketch: sketch.name.community.language == "ENG" and sketch.first_choice is not None,
        school=BY_KEY["grove"],
        provision="N",
        **changed,
    )


@pytest.mark.parametrize(
    ("flag", "row"),
    [
        ("none_yet", {"kind": "none_yet", "preference": 1}),
        ("job", {"kind": "job", "preference": 1, "provider_name": "Family firm"}),
        (
            "moving_away",
            {
                "kind": "moving_away",
                "preference": 1,
                "provider_name": "A college near the new home, not chosen yet",
            },
        ),
    ],
)
def test_whoever_goes_to_no_provider_of_the_area_has_that_destination_alone(
    flag: str, row: SectionAnswers
) -> None:
    assert _rows(outline(flag)) == [row]


def test_whoever_has_not_chosen_says_nothing() -> None:
    assert what_next.destinations(outline(first_choice=None)) == {}


@pytest.mark.parametrize(
    ("key", "school", "kind"),
    [
        ("three_rivers", "grove", "provider"),
        ("kestrel", "grove", "apprenticeship"),
        ("oakmere", "oakmere", "staying_on"),
        ("oakmere", "grove", "provider"),
    ],
)
def test_the_first_choice_is_called_what_it_is(key: str, school: str, kind: str) -> None:
    place = BY_KEY[key]
    first = _rows(_going_to(key, school=BY_KEY[school]))[0]
    assert (first["kind"], first["organisation"], first["provider_name"]) == (kind, key, place.name)
    assert (first["course"], first["level"]) == (place.courses[0].name, place.courses[0].level)
    assert (first["preference"], first.get("ukprn"), first.get("urn")) == (1, place.ukprn, place.urn)
    assert first.get("campus", "") == place.courses[0].campus


@pytest.mark.parametrize(
    ("stage", "statuses"),
    [
        ("complete", {"accepted", "unconditional", "conditional"}),
        ("nearly", {"accepted", "conditional", "interviewed", "allocated"}),
        ("partial", {"applied", "interviewed", "conditional"}),
        ("started", {"applied"}),
    ],
)
def test_an_application_is_as_far_as_the_record(stage: Stage, statuses: set[str]) -> None:
    firsts = [
        rows[0]["status"]
        for sketch in outlines()
        if not sketch.left and sketch.first_choice and (rows := _rows(replace(sketch, stage=stage)))
        if rows[0].get("status")
    ]
    assert set(firsts) == statuses


def test_last_years_learners_have_gone_where_they_wanted_and_declined_the_rest() -> None:
    left = [_rows(sketch) for sketch in outlines() if sketch.left and sketch.first_choice]
    assert {rows[0]["status"] for rows in left} == {"enrolled", "accepted"}
    assert {row["status"] for rows in left for row in rows[1:]} == {"declined"}


def test_an_offer_has_a_date_before_the_record_was_worked_on_and_nothing_else_has() -> None:
    for sketch in outlines():
        for row in _rows(sketch):
            status = row.get("status")
            offered = status in OFFERS - {"allocated"} or (status == "declined" and sketch.left)
            assert ("offer_date" in row) == ("offer_suitable" in row) == offered
            if offered:
                assert date.fromisoformat(row["offer_date"]) < sketch.worked_on


def test_a_second_choice_is_another_place_and_not_the_own_sixth_form() -> None:
    seconds = 0
    for sketch in outlines():
        choice = what_next.second_choice(sketch)
        if choice is not None and sketch.first_choice is not None:
            seconds += 1
            assert choice[0].key not in (sketch.first_choice[0].key, sketch.school.key)
    assert seconds > 100
    rows = [rows for sketch in outlines() if len(rows := _rows(sketch)) > 1]
    assert all([row["preference"] for row in both] == [1, 2] for both in rows)
    assert 20 < len(rows) < 150


def test_where_nothing_else_fits_there_is_no_second_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    sketch = _going_to("three_rivers")
    only = [sketch.first_choice, (sketch.school, BY_KEY["oakmere"].courses[0])]
    monkeypatch.setattr(what_next, "fitting_courses", lambda *_: only)
    assert what_next.second_choice(sketch) is None
    assert len(_rows(sketch)) == 1


def test_visits_lie_before_and_after_today_and_before_the_start() -> None:
    for sketch in outlines():
        answers = what_next.visits(sketch)
        start = date(sketch.leaving_year, 9, 3)
        evening, planned = answers["visits"]
        assert date.fromisoformat(evening["on"]) < sketch.worked_on
        assert date.fromisoformat(planned["on"]) < start
        assert (evening["done"], planned["done"]) == (True, sketch.left)
        where = sketch.first_choice[0].name if sketch.first_choice else "The next place"
        assert evening["what"] == f"Open evening at {where}"


@pytest.mark.parametrize(
    ("how", "by_council"),
    [("bus", "not_needed"), ("taxi", "agreed"), ("council_transport", "applied"), ("walk", "not_needed")],
)
def test_the_council_pays_for_what_is_not_the_bus(how: str, by_council: str) -> None:
    sketch = outline()
    assert sketch.portrait is not None
    answers = what_next.transport(outline(portrait=replace(sketch.portrait, travel=(how,))))
    assert (answers["travel"], answers["council_transport"]) == (how, by_council)
    assert answers["travel_training"] == "not_needed" or how == "bus"


def test_without_a_portrait_the_bus_is_taken() -> None:
    assert what_next.transport(outline(portrait=None))["travel"] == "bus"


@pytest.mark.parametrize(
    ("flag", "factor"),
    [
        ("low_attendance", "attendance_90"),
        ("severe_absence", "attendance_85"),
        ("suspended", "excluded"),
        ("excluded", "excluded"),
        ("alternative_provision", "alternative_provision"),
        ("in_care", "looked_after"),
        ("young_parent", "parent"),
        ("young_carer", "carer"),
        ("youth_justice", "youth_justice"),
    ],
)
def test_what_sets_a_learner_apart_counts_for_the_score(flag: str, factor: str) -> None:
    assert what_next.risk_factors(_plain()) == []
    assert what_next.risk_factors(_plain(flag)) == [factor]
    assert set(what_next.risk_factors(replace(_plain(flag), provision="E"))) == {factor, "ehcp"}
    assert set(what_next.risk_factors(replace(_plain(flag), provision="K"))) == {factor, "sen_support"}


def test_another_language_and_a_pupil_referral_unit_count_too() -> None:
    speaks = outline(fits=lambda sketch: sketch.name.community.language != "ENG", provision="N")
    assert "eal" in what_next.risk_factors(speaks)
    at_unit = outline(school=BY_KEY["rookery"], provision="N")
    assert "alternative_provision" in what_next.risk_factors(at_unit)


@pytest.mark.parametrize(
    ("flags", "band"),
    [
        (("alternative_provision",), "green"),
        (("in_care",), "amber"),
        (("in_care", "alternative_provision"), "amber"),
        (("in_care", "young_carer"), "red"),
    ],
    ids=["1", "2", "3", "4"],
)
def test_the_band_follows_from_the_points(flags: tuple[str, ...], band: str) -> None:
    answers = what_next.neet_risk(_plain(*flags), OFFERED)
    assert answers["band"] == band
    assert ("action_plan" in answers) == (band != "green"), "an offer and a low score need no plan"


def test_without_any_factor_there_is_no_score_and_with_an_offer_nothing_to_do() -> None:
    assert what_next.neet_risk(_plain(), OFFERED) == {}
    answers = what_next.neet_risk(_plain(mentor="Ms Lumb"), APPLIED)
    assert set(answers) == {"careers_adviser", "action_plan", "transition_worker"}
    assert answers["transition_worker"] == f"Ms Lumb, {BY_KEY['grove'].phone}"


@pytest.mark.parametrize(
    ("flags", "decided", "rows", "plans"),
    [
        (("low_attendance", "severe_absence"), True, OFFERED, "low_attendance"),
        (("in_care",), False, [], "undecided"),
        (("in_care",), True, APPLIED, "no_offer"),
        (("in_care",), True, OFFERED, "offered"),
        (("in_care",), True, [{"kind": "provider", "status": "allocated"}], "offered"),
    ],
    ids=["low attendance", "undecided", "applied", "offered", "allocated"],
)
def test_the_plan_is_one_for_how_things_stand(
    flags: tuple[str, ...], decided: bool, rows: list[SectionAnswers], plans: str
) -> None:
    sketch = _plain(*flags) if decided else _plain(*flags, first_choice=None)
    assert bool(sketch.first_choice) == decided
    fitting = [sketch.fill(text) for text in getattr(what_next._TEXTS.plans, plans)]
    assert what_next.neet_risk(sketch, rows)["action_plan"] in fitting
