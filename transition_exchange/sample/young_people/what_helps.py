"""Answers about needs, what helps, support, services, waiting, own words, the EHC plan and adulthood."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from transition_exchange.proforma.rules.national_codes import LLDD_SUGGESTIONS
from transition_exchange.sample.organisations import LA_CODE
from transition_exchange.sample.portraits import Outcome, Portrait
from transition_exchange.sample.typed_toml import read_beside
from transition_exchange.sample.young_people import people
from transition_exchange.sample.young_people.sketch import SectionAnswers, Sketch


@dataclass(frozen=True)
class _Texts:
    """The file `what_helps.toml`."""

    where_used: tuple[str, ...]
    interests: tuple[str, ...]


_TEXTS: Final = read_beside(_Texts, __file__)


def needs(sketch: Sketch, portrait: Portrait) -> SectionAnswers:
    """Types of need ranked, diagnoses, whether an assessment for a plan is under way."""
    if sketch.provision == "N":
        return {"extra_help": True}
    types = portrait.types
    if sketch.left and "DS" in types:
        types = ("SLD", *(kind for kind in types if kind != "DS"))  # no Down syndrome before 2027.1
    rows = []
    for rank, kind in enumerate(types, start=1):
        row: SectionAnswers = {"type": kind, "rank": rank, "start": sketch.ago(400, 2_400)}
        suggestions = LLDD_SUGGESTIONS[2026 if sketch.left else 2027].get(kind, ())
        if suggestions and sketch.chance(0.6):
            row["ilr_category"] = suggestions[0]
        rows.append(row)
    answers: SectionAnswers = {"needs": rows}
    if portrait.diagnoses:
        diagnosis = sketch.pick(portrait.diagnoses)
        answers["diagnoses"] = [
            {
                "what": diagnosis.what,
                "who": diagnosis.who,
                "when": sketch.ago(200, 1_500),
                "evidence": diagnosis.evidence,
            }
        ]
    if sketch.provision == "K":
        answers["assessment"] = sketch.pick(
            ("none", "none", "none", "none", "requested", "assessing", "refused", "appeal")
        )
    return answers


def what_helps(sketch: Sketch, portrait: Portrait) -> SectionAnswers:
    """Strategies, as a teacher would use them on Monday morning."""
    most = 8 if sketch.provision == "E" else 6
    rows = []
    for strategy in sketch.some(portrait.strategies, 4, most):
        row: SectionAnswers = {"strategy": sketch.fill(strategy)}
        if sketch.chance(0.2):
            row["where"] = sketch.pick(_TEXTS.where_used)
        rows.append(row)
    return {"strategies": rows}


def support(sketch: Sketch, portrait: Portrait) -> SectionAnswers:
    """Provision in place, and equipment with whose it is."""
    rows = []
    for provision in sketch.some(portrait.supports, 1, len(portrait.supports)):
        row: SectionAnswers = {
            "kind": provision.kind,
            "hours_per_week": provision.hours,
            "ratio": provision.ratio,
            "who": provision.who,
        }
        if provision.cost is not None and sketch.chance(0.7):
            row["cost"] = f"{provision.cost:.2f}"
        rows.append(row)
    answers: SectionAnswers = {"provision": rows}
    if portrait.equipment:
        answers["equipment"] = [asdict(equipment) for equipment in portrait.equipment]
    else:
        answers["_reasons"] = {"equipment": {"reason": "does_not_apply"}}
    return answers


def services(sketch: Sketch, portrait: Portrait) -> SectionAnswers:
    """Specialist services with the last report; now and then one over a year old, as in life."""
    if not portrait.services:
        return {"_reasons": {"services": {"reason": "does_not_apply"}}}
    rows = [
        {
            "service": service.code,
            "name": f"{people.adult(sketch.rng).full}, {service.role}",
            "contact": people.landline(sketch.rng),
            "last_report": sketch.ago(390, 600) if sketch.chance(0.15) else sketch.ago(20, 330),
        }
        for service in portrait.services
    ]
    return {"services": rows}


def waiting(sketch: Sketch, portrait: Portrait | None) -> SectionAnswers:
    """What the learner is waiting for, for how long, and the support meanwhile."""
    if portrait is None or not portrait.waits or not sketch.chance(0.65):
        return {"waiting": False}
    rows = [
        {
            "waiting_for": wait.waiting_for,
            "referred_on": sketch.ago(60, 420),
            "referred_by": wait.referred_by,
            "meanwhile": sketch.fill(wait.meanwhile),
            "ring": f"{wait.ring}, {people.landline(sketch.rng)}",
        }
        for wait in sketch.some(portrait.waits, 1, 2)
    ]
    return {"waiting": True, "waits": rows}


def contributions(sketch: Sketch, portrait: Portrait) -> SectionAnswers:
    """What health and social care say, dated and sourced."""
    if not portrait.contributions:
        return {"none_offered": True} if sketch.provision == "E" else {}
    return {
        "contributions": [
            {
                "service": contribution.service,
                "name": people.adult(sketch.rng).full,
                "role": contribution.role,
                "on": sketch.ago(380, 500) if sketch.chance(0.1) else sketch.ago(15, 300),
                "words": sketch.fill(contribution.words),
            }
            for contribution in portrait.contributions
        ]
    }


def own_words(sketch: Sketch, portrait: Portrait) -> SectionAnswers:
    """The young person's own page."""
    voice = sketch.pick(portrait.voices)
    return {
        "like_about_me": sketch.fill(voice.like_about_me),
        "matters_to_me": sketch.fill(voice.matters_to_me),
        "help_me": sketch.fill(voice.help_me),
        "hopes": sketch.fill(voice.hopes),
        "good_at": sketch.fill(sketch.pick(portrait.good_at)),
        "interests": sketch.fill(sketch.pick(_TEXTS.interests)),
        "find_hard": sketch.fill(sketch.pick(portrait.find_hard)),
        "written_by": portrait.written_by,
    }


def ehc_plan(sketch: Sketch, portrait: Portrait) -> SectionAnswers:
    """Where the plan stands."""
    caseworker = people.adult(sketch.rng)
    named = sketch.first_choice[0].name if sketch.first_choice else None
    consultation = (
        "named" if sketch.left or sketch.stage == "complete" else sketch.pick(("sent", "can_meet_need"))
    )
    phone, email = people.landline(sketch.rng), people.email(caseworker.full, domain="council.example")
    answers: SectionAnswers = {
        "maintaining_la": LA_CODE,
        "plan_reference": f"EHC-{sketch.number:05d}",
        "caseworker_name": caseworker.full,
        "caseworker_contact": f"{phone}, {email}",
        "last_review": sketch.ago(375, 480) if sketch.chance(0.12) else sketch.ago(20, 320),
        "final_issued": sketch.ago(5, 250),
        "consultation": consultation if named else "not_sent",
        "sections_attached": ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "K"],
        "personal_budget": sketch.chance(0.1),
        "top_up": True,
    }
    if named:
        answers["setting_named"] = named
        answers["consulted_on"] = sketch.ago(12, 90)
    else:
        answers["_reasons"] = {"setting_named": {"reason": "not_known"}}
    cost = sum(provision.cost or 0 for provision in portrait.supports)
    # Element 3 is what support costs above the £6,000 a setting finds itself.
    answers["top_up_value"] = f"{max(1_500, cost - 6_000):.2f}"
    if sketch.chance(0.5):
        answers["top_up_band"] = sketch.pick(("Band B", "Band C", "Band D", "Band E"))
    return answers


def _outcomes(sketch: Sketch, portrait: Portrait) -> list[Outcome]:
    """The outcomes to show: unfinished records may hold one that would fit anybody instead of a good one."""
    vague_areas = {outcome.area for outcome in portrait.outcomes if not outcome.steps}
    keep_vague = sketch.stage != "complete" and sketch.chance(0.7)
    return [
        outcome
        for outcome in portrait.outcomes
        if outcome.area not in vague_areas or (outcome.steps == "") == keep_vague
    ]


def adulthood(sketch: Sketch, portrait: Portrait) -> SectionAnswers:
    """Outcomes with steps, who and by when; vocational training and independent living by name."""
    rows = []
    for outcome in _outcomes(sketch, portrait):
        row: SectionAnswers = {"area": outcome.area, "outcome": sketch.fill(outcome.outcome)}
        if outcome.steps:
            row["steps"] = sketch.fill(outcome.steps)
        if outcome.who:
            row["who"] = sketch.fill(outcome.who)
        if outcome.by:
            row["by_when"] = date(sketch.leaving_year + outcome.by.years, outcome.by.month, 18).isoformat()
        rows.append(row)
    answers: SectionAnswers = {"outcomes": rows} if rows else {}
    if portrait.vocational:
        answers["vocational"] = sketch.fill(sketch.pick(portrait.vocational))
    if portrait.independent_living:
        answers["independent_living"] = sketch.fill(sketch.pick(portrait.independent_living))
    return answers
