"""Answers about what comes next: destinations, visits, travel, the risk of dropping out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from transition_exchange.proforma.rules.neet_risk import RONI_THRESHOLDS, RONI_WEIGHTS
from transition_exchange.sample.organisations import SampleCourse, SampleOrganisation
from transition_exchange.sample.typed_toml import read_beside
from transition_exchange.sample.young_people import people
from transition_exchange.sample.young_people.courses import Choice, fitting_courses
from transition_exchange.sample.young_people.sketch import SectionAnswers, Sketch

_OFFERED: Final = ("conditional", "unconditional", "accepted", "enrolled")


@dataclass(frozen=True)
class _Visits:
    """What a visit is, and what it is for."""

    kinds: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Plans:
    """Plans of action, by how things stand."""

    low_attendance: tuple[str, ...]
    undecided: tuple[str, ...]
    no_offer: tuple[str, ...]
    offered: tuple[str, ...]


@dataclass(frozen=True)
class _Texts:
    """The file `what_next.toml`; `elsewhere` names destinations that are no organisation, by their kind."""

    visits: _Visits
    elsewhere: dict[str, str]
    plans: _Plans


_TEXTS: Final = read_beside(_Texts, __file__)


def _row(
    sketch: Sketch, place: SampleOrganisation, course: SampleCourse, *, preference: int, status: str
) -> SectionAnswers:
    kind = "provider"
    if place.key == "kestrel":
        kind = "apprenticeship"
    elif place.key == sketch.school.key:
        kind = "staying_on"
    row: SectionAnswers = {
        "kind": kind,
        "organisation": place.key,
        "provider_name": place.name,
        "course": course.name,
        "level": course.level,
        "preference": preference,
        "status": status,
    }
    row |= {name: value for name, value in (("ukprn", place.ukprn), ("urn", place.urn)) if value}
    if course.campus:
        row["campus"] = course.campus
    if status in _OFFERED or (status == "declined" and sketch.left):
        row["offer_date"] = sketch.ago(5, 40)
        row["offer_suitable"] = not sketch.chance(0.03)
    if status in ("unconditional", "allocated", "accepted", "enrolled"):
        row["start_date"] = _start(sketch).isoformat()
    return row


def _status(sketch: Sketch) -> str:
    if sketch.left:
        return sketch.pick(("enrolled", "accepted", "accepted"))
    by_stage = {
        "complete": (*["accepted"] * 7, "unconditional", "conditional"),
        "nearly": ("accepted", "accepted", "conditional", "interviewed", "allocated"),
        "partial": ("applied", "applied", "interviewed", "conditional"),
        "started": ("applied",),
    }
    return sketch.pick(by_stage[sketch.stage])


def destinations(sketch: Sketch) -> SectionAnswers:
    """Where the learner means to go, first choice first; some have a second choice, some go elsewhere, some nowhere."""
    for kind in ("moving_away", "job", "none_yet"):
        if kind in sketch.flags:
            row: SectionAnswers = {"kind": kind, "preference": 1}
            if name := _TEXTS.elsewhere.get(kind):
                row["provider_name"] = name
            return {"destinations": [row]}
    if sketch.first_choice is None:
        return {}
    status = (
        "accepted"
        if "example" in sketch.flags and sketch.stage in ("complete", "nearly")
        else _status(sketch)
    )
    rows = [_row(sketch, *sketch.first_choice, preference=1, status=status)]
    second = second_choice(sketch)
    if second and sketch.chance(0.35):
        status = (
            "declined" if sketch.left else sketch.pick(("applied", "applied", "interviewed", "conditional"))
        )
        rows.append(_row(sketch, *second, preference=2, status=status))
    return {"destinations": rows}


def second_choice(sketch: Sketch) -> Choice | None:
    """Another provider with a course that fits; None if there is no other."""
    fitting = [
        (place, course)
        for place, course in fitting_courses(sketch.school, sketch.provision, sketch.portrait)
        if (sketch.first_choice is None or place.key != sketch.first_choice[0].key)
        and place.key != sketch.school.key
    ]
    return sketch.pick(fitting) if fitting else None


def _start(sketch: Sketch) -> date:
    """The first day, the same whichever place it is."""
    return date(sketch.leaving_year, 9, 3 + sum(map(ord, sketch.name.forename)) % 5)


def visits(sketch: Sketch) -> SectionAnswers:
    """Visits done and planned, before the start. Asked of learners who will find the move hard."""
    where = sketch.first_choice[0].name if sketch.first_choice else "The next place"
    start = _start(sketch)
    planned = start - timedelta(days=sketch.rng.randint(55, 80))
    rows = [
        {"on": sketch.ago(10, 40), "what": f"Open evening at {where}", "done": True},
        {
            "on": planned.isoformat(),
            "what": sketch.pick(_TEXTS.visits.kinds),
            "done": sketch.left,
            "note": sketch.pick(_TEXTS.visits.notes),
        },
    ]
    return {"visits": rows}


def transport(sketch: Sketch) -> SectionAnswers:
    """How the learner will travel."""
    how = sketch.pick(sketch.portrait.travel) if sketch.portrait else "bus"
    by_council = {"council_transport": "applied", "taxi": "agreed"}.get(how, "not_needed")
    training = {"bus": sketch.pick(("under_way", "done", "needed")), "council_transport": "not_needed"}
    return {
        "travel": how,
        "travel_training": training.get(how, "not_needed"),
        "council_transport": by_council,
    }


def risk_factors(sketch: Sketch) -> list[str]:
    """Factors of the council's score that fit."""
    holds = {
        "attendance_90": "low_attendance" in sketch.flags,
        "attendance_85": "severe_absence" in sketch.flags,
        "eal": sketch.name.community.language != "ENG",
        "ehcp": sketch.provision == "E",
        "sen_support": sketch.provision == "K",
        "excluded": bool(sketch.flags & {"suspended", "excluded"}),
        "alternative_provision": sketch.school.kind == "pupil_referral_unit"
        or "alternative_provision" in sketch.flags,
        "looked_after": "in_care" in sketch.flags,
        "parent": "young_parent" in sketch.flags,
        "carer": "young_carer" in sketch.flags,
        "youth_justice": "youth_justice" in sketch.flags,
    }
    return [factor for factor in RONI_WEIGHTS if holds.get(factor)]


def neet_risk(sketch: Sketch, rows: Sequence[SectionAnswers]) -> SectionAnswers:
    """The council's risk score and, where it is not low or there is no offer, what is done about it.

    Args:
        sketch: the learner.
        rows: the destinations.
    """
    factors = risk_factors(sketch)
    points = sum(RONI_WEIGHTS[factor] for factor in factors)
    band = next(name for name, least in RONI_THRESHOLDS if points >= least)
    answers: SectionAnswers = {}
    if factors:
        answers |= {"band": band, "scored_on": sketch.ago(20, 80), "factors": factors}
    offered = any(row.get("status") in (*_OFFERED, "allocated") for row in rows)
    if band != "green" or not offered:
        answers |= {
            "careers_adviser": people.adult(sketch.rng).full,
            "action_plan": sketch.fill(sketch.pick(_plans(sketch, offered=offered))),
            "transition_worker": f"{sketch.mentor}, {sketch.school.phone}",
        }
    return answers


def _plans(sketch: Sketch, *, offered: bool) -> tuple[str, ...]:
    """Plans of action that fit how things stand."""
    if "low_attendance" in sketch.flags:
        return _TEXTS.plans.low_attendance
    if sketch.first_choice is None:
        return _TEXTS.plans.undecided
    return _TEXTS.plans.offered if offered else _TEXTS.plans.no_offer
