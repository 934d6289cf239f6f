"""Answers about needs, what helps, support, services, waiting, own words, the EHC plan and adulthood."""

from __future__ import annotations

from datetime import date
from typing import Any

from transition_exchange.proforma.rules.national_codes import LLDD_SUGGESTIONS
from transition_exchange.sample.organisations import LA_CODE
from transition_exchange.sample.portraits import Outcome, Portrait
from transition_exchange.sample.young_people import people
from transition_exchange.sample.young_people.sketch import Sketch

Answers = dict[str, Any]

_WHERE = (
    "First days",
    "Every lesson",
    "Theory lessons",
    "Practical lessons",
    "Tests and exams",
    "Group work",
)


def needs(of: Sketch, portrait: Portrait) -> Answers:
    """Types of need ranked, diagnoses, whether an assessment for a plan is under way."""
    if of.provision == "N":
        return {"extra_help": True}
    types = portrait.types
    if of.left and "DS" in types:
        types = ("SLD", *(kind for kind in types if kind != "DS"))  # no Down syndrome before 2027.1
    rows = []
    for rank, kind in enumerate(types, start=1):
        row: Answers = {"type": kind, "rank": rank, "start": of.ago(400, 2_400)}
        suggestions = LLDD_SUGGESTIONS[2026 if of.left else 2027].get(kind, ())
        if suggestions and of.chance(0.6):
            row["ilr_category"] = suggestions[0]
        rows.append(row)
    answers: Answers = {"needs": rows}
    if portrait.diagnoses:
        what, who = of.pick(portrait.diagnoses)
        evidence = "letter" if "letter" in who.lower() else "report"
        answers["diagnoses"] = [
            {"what": what, "who": who.split(",")[0], "when": of.ago(200, 1_500), "evidence": evidence}
        ]
    if of.provision == "K":
        answers["assessment"] = of.pick(
            ("none", "none", "none", "none", "requested", "assessing", "refused", "appeal")
        )
    return answers


def what_helps(of: Sketch, portrait: Portrait) -> Answers:
    """Strategies, as a teacher would use them on Monday morning."""
    most = 8 if of.provision == "E" else 6
    rows = []
    for strategy in of.some(portrait.strategies, 4, most):
        row: Answers = {"strategy": of.say(strategy)}
        if of.chance(0.2):
            row["where"] = of.pick(_WHERE)
        rows.append(row)
    return {"strategies": rows}


def support(of: Sketch, portrait: Portrait) -> Answers:
    """Provision in place, and equipment with whose it is."""
    rows = []
    for each in of.some(portrait.supports, 1, len(portrait.supports)):
        row: Answers = {
            "kind": each.what,
            "hours_per_week": each.hours,
            "ratio": each.ratio.replace(":", " to "),
            "who": each.who,
        }
        if each.cost is not None and of.chance(0.7):
            row["cost"] = f"{each.cost:.2f}"
        rows.append(row)
    answers: Answers = {"provision": rows}
    if portrait.equipment:
        answers["equipment"] = [
            {
                "item": each.item,
                "owner": "learner" if each.owner == "family" else each.owner,
                "moves": each.moves,
            }
            for each in portrait.equipment
        ]
    else:
        answers["_reasons"] = {"equipment": {"reason": "does_not_apply"}}
    return answers


def services(of: Sketch, portrait: Portrait) -> Answers:
    """Specialist services with the last report; now and then one over a year old, as in life."""
    if not portrait.services:
        return {"_reasons": {"services": {"reason": "does_not_apply"}}}
    rows = [
        {
            "service": each.code,
            "name": f"{people.adult(of.rng).full}, {each.role[:1].lower()}{each.role[1:]}",
            "contact": people.landline(of.rng),
            "last_report": of.ago(390, 600) if of.chance(0.15) else of.ago(20, 330),
        }
        for each in portrait.services
    ]
    return {"services": rows}


def waiting(of: Sketch, portrait: Portrait | None) -> Answers:
    """What the learner is waiting for, for how long, and the support meanwhile."""
    if portrait is None or not portrait.waits or not of.chance(0.65):
        return {"waiting": False}
    rows = [
        {
            "waiting_for": each.what,
            "referred_on": of.ago(60, 420),
            "referred_by": each.by,
            "meanwhile": of.say(each.meanwhile),
            "ring": f"{each.ring}, {people.landline(of.rng)}",
        }
        for each in of.some(portrait.waits, 1, 2)
    ]
    return {"waiting": True, "waits": rows}


def contributions(of: Sketch, portrait: Portrait) -> Answers:
    """What health and social care say, dated and sourced."""
    if not portrait.contributions:
        return {"none_offered": True} if of.provision == "E" else {}
    return {
        "contributions": [
            {
                "service": each.service,
                "name": people.adult(of.rng).full,
                "role": each.role,
                "on": of.ago(380, 500) if of.chance(0.1) else of.ago(15, 300),
                "words": of.say(each.words),
            }
            for each in portrait.contributions
        ]
    }


def own_words(of: Sketch, portrait: Portrait) -> Answers:
    """The young person's own page."""
    voice = of.pick(portrait.voices)
    return {
        "like_about_me": of.say(voice.liked),
        "matters_to_me": of.say(voice.important),
        "help_me": of.say(voice.support),
        "hopes": of.say(voice.hopes),
        "good_at": of.say(of.pick(portrait.good_at)),
        "interests": of.say(
            of.pick(
                (
                    "{interest}. I could talk about it all day.",
                    "{interest}, mostly at weekends, and with whoever wants to join in.",
                    "{interest}. I started two years ago and I have got quite good.",
                    "Seeing my friends, and {interest}.",
                )
            )
        ),
        "find_hard": of.say(of.pick(portrait.find_hard)),
        "written_by": portrait.written_by,
    }


def ehc_plan(of: Sketch, portrait: Portrait) -> Answers:
    """Where the plan stands."""
    caseworker = people.adult(of.rng)
    named = of.going[0].name if of.going else None
    consultation = "named" if of.left or of.stage == "complete" else of.pick(("sent", "can_meet_need"))
    answers: Answers = {
        "maintaining_la": LA_CODE,
        "plan_reference": f"EHC-{of.number:05d}",
        "caseworker_name": caseworker.full,
        "caseworker_contact": f"{people.landline(of.rng)}, {people.email(caseworker.full, domain='council.example')}",
        "last_review": of.ago(375, 480) if of.chance(0.12) else of.ago(20, 320),
        "final_issued": of.ago(5, 250),
        "consultation": consultation if named else "not_sent",
        "sections_attached": ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "K"],
        "personal_budget": of.chance(0.1),
        "top_up": True,
    }
    if named:
        answers["setting_named"] = named
        answers["consulted_on"] = of.ago(12, 90)
    else:
        answers["_reasons"] = {"setting_named": {"reason": "not_known"}}
    cost = sum(each.cost or 0 for each in portrait.supports)
    # Element 3 is what support costs above the £6,000 a setting finds itself.
    answers["top_up_value"] = f"{max(1_500, cost - 6_000):.2f}"
    if of.chance(0.5):
        answers["top_up_band"] = of.pick(("Band B", "Band C", "Band D", "Band E"))
    return answers


def _outcomes(of: Sketch, portrait: Portrait) -> list[Outcome]:
    """The outcomes to show: unfinished records may hold one that would fit anybody instead of a good one."""
    empty = {each.area for each in portrait.outcomes if not each.steps}
    keep_empty = of.stage != "complete" and of.chance(0.7)
    return [each for each in portrait.outcomes if each.area not in empty or (each.steps == "") == keep_empty]


def adulthood(of: Sketch, portrait: Portrait) -> Answers:
    """Outcomes with steps, who and by when; vocational training and independent living by name."""
    rows = []
    for each in _outcomes(of, portrait):
        row: Answers = {"area": each.area, "outcome": of.say(each.outcome)}
        if each.steps:
            row["steps"] = of.say(each.steps)
        if each.who:
            row["who"] = of.say(each.who)
        if each.by:
            row["by_when"] = date(of.leaving_year + each.by[0], each.by[1], 18).isoformat()
        rows.append(row)
    answers: Answers = {"outcomes": rows} if rows else {}
    if portrait.work:
        answers["vocational"] = of.say(of.pick(portrait.work))
    if portrait.home:
        answers["independent_living"] = of.say(of.pick(portrait.home))
    return answers
