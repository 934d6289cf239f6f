"""The sample's learners, whole: answers by section, ready to be typed in by a school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from transition_exchange.proforma import load, newest, version_for
from transition_exchange.sample.organisations import SampleOrganisation
from transition_exchange.sample.young_people import about_them, at_school, what_helps, what_next
from transition_exchange.sample.young_people.gaps import leave_gaps
from transition_exchange.sample.young_people.last_year import as_of_2026
from transition_exchange.sample.young_people.sketch import Answers, SectionAnswers, Sketch, Stage
from transition_exchange.sample.young_people.year_group import sketches


@dataclass(frozen=True)
class SampleAttachment:
    """A document to attach: kind of the form, title for the page, date it bears, number of pages."""

    kind: str
    title: str
    dated: date
    pages: int


@dataclass(frozen=True)
class SampleLearner:
    """An invented learner as the school would have typed them in.

    Attributes:
        number: which of the sample's learners, from 1.
        school: who sends.
        version: the form's version the answers are in.
        stage: how far the school has got: complete, nearly, partial or started.
        answers: the transition team's sections. In destinations, `organisation` holds the sample's key of the
            provider until `with_organisations` puts the database's id there.
        safeguarding: the safeguarding team's sections; empty while that team has not got to this learner.
        attachments: documents that belong to the answers.
        flags: what sets this learner apart; see `year_group.FLAGS`.
    """

    number: int
    school: SampleOrganisation
    leaving_year: int
    version: str
    stage: Stage
    provision: str
    answers: Answers
    safeguarding: Answers
    attachments: tuple[SampleAttachment, ...]
    flags: frozenset[str]

    @property
    def name(self) -> str:
        """Legal forename and surname."""
        learner = self.answers["learner"]
        return f"{learner['legal_forename']} {learner['legal_surname']}"

    @property
    def destinations(self) -> list[SectionAnswers]:
        """The destinations' rows, first choice first."""
        rows: list[SectionAnswers] = self.answers.get("destinations", {}).get("destinations", [])
        return rows


def learners(
    *,
    seed: int = 2027,
    count: int = 300,
    today: date | None = None,
    organisation_ids: Mapping[str, str] | None = None,
) -> tuple[SampleLearner, ...]:
    """The sample's learners: the same for the same seed and day.

    Args:
        seed: another number gives other learners.
        count: how many, up to 300; fewer are taken evenly from all schools.
        today: the day to write the answers for; dates lie before it.
        organisation_ids: the database's id for each organisation's key, to stand in the destinations.
    """
    day = today or datetime.now(UTC).date()
    year = load(newest()).year
    everybody = [
        _learner(sketch) for sketch in sketches(seed=seed, count=count, today=day, leaving_year=year)
    ]
    if organisation_ids is None:
        return tuple(everybody)
    return tuple(with_organisations(learner, organisation_ids) for learner in everybody)


def with_organisations(learner: SampleLearner, ids: Mapping[str, str]) -> SampleLearner:
    """The learner with the database's ids of providers in place of the sample's keys."""
    if not learner.destinations:
        return learner
    rows = [
        {**row, "organisation": ids[row["organisation"]]} if "organisation" in row else row
        for row in learner.destinations
    ]
    answers = {**learner.answers, "destinations": {**learner.answers["destinations"], "destinations": rows}}
    return replace(learner, answers=answers)


def complete_answers(sketch: Sketch) -> Answers:
    """Every section of the transition team that is asked of this learner, complete, in this year's version."""
    portrait = sketch.portrait
    destinations = what_next.destinations(sketch)
    answers: Answers = {
        "learner": about_them.learner(sketch),
        "known_as": about_them.known_as(sketch),
        "language": about_them.language(sketch),
        "enrolment": about_them.enrolment(sketch),
        "pupil_number": about_them.pupil_number(sketch),
        "numbers": about_them.numbers(sketch),
        "contacts": about_them.contacts(sketch),
        "do_not_contact": about_them.do_not_contact(sketch),
        "told": about_them.told(sketch),
        "sharing": about_them.sharing(sketch),
        "objection": about_them.objection(sketch),
        "destinations": destinations,
        "neet_risk": what_next.neet_risk(sketch, destinations.get("destinations", [])),
        "sen": {"provision": sketch.provision},
        "waiting": what_helps.waiting(sketch, portrait),
        "exams": at_school.exams(sketch, portrait),
        "results": at_school.results(sketch),
        "other_qualifications": at_school.other_qualifications(sketch),
        "attendance": at_school.attendance(sketch),
        "attendance_support": at_school.attendance_support(sketch),
        "suspensions": at_school.suspensions(sketch),
        "care": at_school.care(sketch),
        "circumstances": at_school.circumstances(sketch),
        "health": at_school.health(sketch, portrait),
        "daily_living": at_school.daily_living(sketch, portrait),
        "risk": at_school.risk(sketch, portrait),
    }
    if portrait is not None:
        answers |= {
            "needs": what_helps.needs(sketch, portrait),
            "what_helps": what_helps.what_helps(sketch, portrait),
            "support": what_helps.support(sketch, portrait),
            "services": what_helps.services(sketch, portrait),
            "contributions": what_helps.contributions(sketch, portrait),
            "own_words": what_helps.own_words(sketch, portrait),
        }
    if portrait is not None and sketch.provision != "N":
        answers["adulthood"] = what_helps.adulthood(sketch, portrait)
    if portrait is not None and sketch.provision == "E":
        answers["ehc_plan"] = what_helps.ehc_plan(sketch, portrait)
    needs_visits = portrait is not None or sketch.flags & {"in_care", "care_leaver", "low_attendance"}
    if needs_visits:
        answers["visits"] = what_next.visits(sketch)
    physical = portrait is not None and "PD" in portrait.types
    if sketch.provision == "E" or physical:
        answers["transport"] = what_next.transport(sketch)
    return {name: section for name, section in answers.items() if section}


def _learner(sketch: Sketch) -> SampleLearner:
    version = version_for(sketch.leaving_year)
    complete = complete_answers(sketch)
    if version == "core/2026.1":
        complete = as_of_2026(complete)
    answers = leave_gaps(sketch, complete)
    lead = sketch.school.contact_name
    safeguarding: Answers = {}
    if sketch.stage in ("complete", "nearly") and (
        sketch.left or sketch.chance(0.8) or "example" in sketch.flags
    ):
        safeguarding["safeguarding"] = at_school.safeguarding(sketch, lead)
        if day_one := at_school.day_one_safety(sketch, lead):
            safeguarding["day_one_safety"] = day_one
    return SampleLearner(
        number=sketch.number,
        school=sketch.school,
        leaving_year=sketch.leaving_year,
        version=version,
        stage=sketch.stage,
        provision=sketch.provision,
        answers=answers,
        safeguarding=safeguarding,
        attachments=tuple(_attachments(sketch, answers)),
        flags=sketch.flags,
    )


def _attachments(sketch: Sketch, answers: Answers) -> Iterator[SampleAttachment]:
    """The documents a school would attach, for records that are well on."""
    if sketch.stage not in ("complete", "nearly"):
        return
    if (plan := answers.get("ehc_plan", {})) and plan.get("final_issued"):
        issued, reviewed = date.fromisoformat(plan["final_issued"]), date.fromisoformat(plan["last_review"])
        yield SampleAttachment("ehc_plan", "EHC plan", issued, sketch.rng.randint(12, 26))
        yield SampleAttachment(
            "annual_review", "Report of the annual review", reviewed, sketch.rng.randint(4, 8)
        )
    exams = answers.get("exams", {})
    if exams.get("evidence_route") == "form_8" and exams.get("part_3_signed_on"):
        signed = date.fromisoformat(exams["part_3_signed_on"])
        yield SampleAttachment("form_8", "Form 8, whole and signed", signed, 6)
        yield SampleAttachment("assessor_evidence", "Certificate of the assessor", signed, 1)
    elif exams.get("evidence_route") == "form_9":
        yield SampleAttachment("form_9", "Form 9", date.fromisoformat(sketch.ago(30, 200)), 2)
    if answers.get("health", {}).get("care_plan"):
        yield SampleAttachment("care_plan", "Healthcare plan", date.fromisoformat(sketch.ago(20, 300)), 2)
    if answers.get("daily_living", {}).get("evacuation_plan"):
        yield SampleAttachment(
            "evacuation_plan", "Evacuation plan", date.fromisoformat(sketch.ago(20, 200)), 2
        )
    if answers.get("risk", {}).get("assessed"):
        assessed = date.fromisoformat(answers["risk"]["assessed_on"])
        yield SampleAttachment("risk_assessment", "Risk assessment", assessed, 2)
    if answers.get("care", {}).get("education_plan"):
        yield SampleAttachment(
            "education_plan", "Personal education plan", date.fromisoformat(sketch.ago(10, 150)), 5
        )
