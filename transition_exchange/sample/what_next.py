"""Answers about what comes next: destinations, visits, travel, the risk of dropping out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from transition_exchange.proforma.rules.neet_risk import RONI_THRESHOLDS, RONI_WEIGHTS

from . import people
from .cohort import fitting_courses
from .organisations import SampleCourse, SampleOrganisation
from .sketch import Sketch

Answers = dict[str, Any]

_OFFERED = ("conditional", "unconditional", "accepted", "enrolled")


def _row(
    of: Sketch, place: SampleOrganisation, course: SampleCourse, preference: int, status: str
) -> Answers:
    kind = "provider"
    if place.key == "kestrel":
        kind = "apprenticeship"
    elif place.key == of.school.key:
        kind = "staying_on"
    row: Answers = {
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
    if status in _OFFERED or (status == "declined" and of.left):
        row["offer_date"] = of.ago(5, 40)
        row["offer_suitable"] = not of.chance(0.03)
    return row


def _status(of: Sketch) -> str:
    if of.left:
        return of.pick(("enrolled", "accepted", "accepted"))
    by_stage = {
        "complete": (*["accepted"] * 7, "unconditional", "conditional"),
        "nearly": ("accepted", "accepted", "conditional", "interviewed", "allocated"),
        "partial": ("applied", "applied", "interviewed", "conditional"),
        "started": ("applied",),
    }
    return of.pick(by_stage[of.stage])


def destinations(of: Sketch) -> Answers:
    """Where the learner means to go, first choice first; some have a second choice, some go elsewhere, some nowhere."""
    for flag, kind, name in (
        ("moving_away", "moving_away", "A college near the new home, not chosen yet"),
        ("job", "job", "Family firm"),
        ("none_yet", "none_yet", None),
    ):
        if flag in of.flags:
            return {
                "destinations": [
                    {"kind": kind, "preference": 1, **({"provider_name": name} if name else {})},
                ]
            }
    if of.going is None:
        return {}
    rows = [_row(of, *of.going, 1, _status(of))]
    second = second_choice(of)
    if second and of.chance(0.35):
        status = "declined" if of.left else of.pick(("applied", "applied", "interviewed", "conditional"))
        rows.append(_row(of, *second, 2, status))
    return {"destinations": rows}


def second_choice(of: Sketch) -> tuple[SampleOrganisation, SampleCourse] | None:
    """Another provider with a course that fits; None where there is none."""
    fitting = [
        (place, course)
        for place, course in fitting_courses(of.school, of.provision, of.portrait)
        if (of.going is None or place.key != of.going[0].key) and place.key != of.school.key
    ]
    return of.pick(fitting) if fitting else None


def visits(of: Sketch) -> Answers:
    """The start, and visits done and planned. Asked of those for whom the move is hard."""
    where = of.going[0].name if of.going else "The next place"
    start = date(of.leaving_year, 9, 3 + of.rng.randint(0, 4))
    planned = start - timedelta(days=of.rng.randint(55, 80))
    rows = [
        {"on": of.ago(10, 40), "what": f"Open evening at {where}", "done": True},
        {
            "on": planned.isoformat(),
            "what": of.pick(("Taster day", "Quiet visit out of hours", "Visit with a friend")),
            "done": of.left,
            "note": of.pick(
                (
                    "Meet the person who will be there on the first day",
                    "Walk the route, find the quiet room and the canteen",
                    "Bring the one-page profile and go through it together",
                )
            ),
        },
    ]
    return {"start_date": start.isoformat(), "visits": rows}


def transport(of: Sketch) -> Answers:
    """How the learner will travel."""
    how = of.pick(of.portrait.travel) if of.portrait else "bus"
    by_council = {"council_transport": "applied", "taxi": "agreed"}.get(how, "not_needed")
    training = {"bus": of.pick(("under_way", "done", "needed")), "council_transport": "not_needed"}
    return {
        "travel": how,
        "travel_training": training.get(how, "not_needed"),
        "council_transport": by_council,
    }


def risk_factors(of: Sketch) -> list[str]:
    """Factors of the council's score that fit."""
    holds = {
        "attendance_90": "low_attendance" in of.flags,
        "attendance_85": "severe_absence" in of.flags,
        "eal": of.name.community.language != "ENG",
        "ehcp": of.provision == "E",
        "sen_support": of.provision == "K",
        "excluded": bool(of.flags & {"suspended", "excluded"}),
        "alternative_provision": of.school.kind == "pupil_referral_unit"
        or "alternative_provision" in of.flags,
        "looked_after": "in_care" in of.flags,
        "parent": "young_parent" in of.flags,
        "carer": "young_carer" in of.flags,
        "youth_justice": "youth_justice" in of.flags,
    }
    return [factor for factor in RONI_WEIGHTS if holds.get(factor)]


def neet_risk(of: Sketch, rows: Sequence[Answers]) -> Answers:
    """The council's risk score and, where it is not low or there is no offer, what is done about it.

    Args:
        rows: the destinations.
    """
    factors = risk_factors(of)
    points = sum(RONI_WEIGHTS[factor] for factor in factors)
    band = next(name for name, least in RONI_THRESHOLDS if points >= least)
    answers: Answers = {}
    if factors:
        answers |= {"band": band, "scored_on": of.ago(20, 80), "factors": factors}
    offered = any(row.get("status") in (*_OFFERED, "allocated") for row in rows)
    if band != "green" or not offered:
        answers |= {
            "careers_adviser": people.adult(of.rng).full,
            "action_plan": of.say(of.pick(_plans(of, offered))),
            "transition_worker": f"{of.mentor}, {of.school.phone}",
        }
    return answers


def _plans(of: Sketch, offered: bool) -> list[str]:
    """Plans of action that fit how things stand."""
    if "low_attendance" in of.flags:
        return [
            "Attendance is the first step: {mentor} meets {him} at the gate on Mondays. Work experience "
            "one day a week from January; a visit to the next place at a quiet time before that.",
            "Later start agreed on two days, and kept to. {mentor} and {name} look at the week every "
            "Friday. The council's careers team visits at home in the holidays.",
        ]
    if of.going is None:
        return [
            "Nothing fits yet. Two tasters booked after the holidays, one in a workshop and one in a "
            "kitchen; CV written; careers team rings every fortnight until there is an offer.",
            "{name} wants to earn. Apprenticeship search set up with {mentor}; a twelve-week programme "
            "with a January start is the backup, and {he} has met the person who runs it.",
        ]
    if not offered:
        return [
            "Application sent. {mentor} practises the interview with {him} in the week before; mum takes "
            "{him} to the open evening. Backup choice agreed.",
            "Career interview done, three options ranked with {course} first. {mentor} rings the college "
            "every fortnight until there is an answer.",
        ]
    return [
        "Place agreed: {course}. {mentor} keeps in touch over the summer: message in July, a visit in "
        "August, call in the first week. Bursary form done together.",
        "Offer accepted. Taster day in June with a friend; travel practised; careers adviser looks in "
        "after six weeks and hands over to the tutor.",
    ]
