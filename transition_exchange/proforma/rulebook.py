"""Rules that look at several fields at once. A version names those it uses; what it named it keeps.

Each takes a case (the right answers, the leaving year, the day) and yields findings. Where a field is missing, a rule
says nothing: that is a gap's work. A rule reads sections of one owner only.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from transition_exchange.english import listed
from transition_exchange.proforma.conditions import Answers, value_at
from transition_exchange.proforma.findings import Case, Finding
from transition_exchange.proforma.rules import circumstance_codes

YEAR_11 = 11
SIXTEEN = 16


def _at(path: str, code: str, message: str, *steps: str | int, joined: tuple[str, ...] = ()) -> Finding:
    section, _, field = path.partition(".")
    return Finding(section, field, (section, field, *steps), code, message, joined=joined)


def _day(answers: Answers, path: str) -> datetime.date | None:
    value = value_at(answers, path)
    return datetime.date.fromisoformat(value) if value else None


def birthday(born: datetime.date, age: int) -> datetime.date:
    """The day on which somebody turns `age`; those born on 29 February turn on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return datetime.date(born.year + age, 3, 1)


def born_before_everything(case: Case) -> Iterator[Finding]:
    """No review, report or signature is older than the learner."""
    born = value_at(case.answers, "learner.date_of_birth")
    if not born:
        return
    for path, message in (
        ("ehc_plan.last_review", "The review cannot be before the learner was born"),
        ("ehc_plan.final_issued", "The plan cannot have been issued before the learner was born"),
        ("exams.assessed_on", "The assessment cannot be before the learner was born"),
        ("told.learner_told_on", "The learner cannot have been told before they were born"),
    ):
        if (value := value_at(case.answers, path)) and value < born:
            yield _at(path, "date.before_birth", message, joined=("learner.date_of_birth", path))


def needs_fit_provision(case: Case) -> Iterator[Finding]:
    """School census: "no specialist assessment" only with SEN support. Without provision no types are asked for."""
    provision, needs = value_at(case.answers, "sen.provision"), value_at(case.answers, "needs.needs")
    joined = ("sen.provision", "needs.needs")
    if not needs or provision is None:
        return
    for index, need in enumerate(needs):
        if provision == "E" and need.get("type") == "NSA":
            yield _at(
                "needs.needs",
                "sen_types.not_assessed",
                "With an EHC plan there has been an assessment: choose the type of need",
                index,
                "type",
                joined=joined,
            )


def objection_by_whom(case: Case) -> Iterator[Finding]:
    """Education and Skills Act 2008 s.14(4), s.72: the parent until the 16th birthday, the learner from then on."""
    born, objected = (
        _day(case.answers, "learner.date_of_birth"),
        _day(case.answers, "objection.objection_date"),
    )
    by = value_at(case.answers, "objection.objection")
    if not born or not objected:
        return
    sixteen = birthday(born, SIXTEEN)
    joined = ("learner.date_of_birth", "objection.objection_date", "objection.objection")
    if by == "by_parent" and objected >= sixteen:
        message = "From the 16th birthday only the learner can object, not a parent"
        yield _at("objection.objection", "objection.sixteen", message, joined=joined)
    if by == "by_learner" and objected < sixteen:
        message = "Before the 16th birthday only a parent or carer can object"
        yield _at("objection.objection", "objection.not_sixteen", message, joined=joined)


def born_in_year_group(case: Case) -> Iterator[Finding]:
    """Those who leave Year 11 in 2027 were born from 1 September 2010 to 31 August 2011. Worth a look, no more."""
    born = _day(case.answers, "learner.date_of_birth")
    if born is None:
        return
    older = (value_at(case.answers, "learner.year_group") or YEAR_11) - YEAR_11
    first = datetime.date(case.leaving_year - 17 - older, 9, 1)
    last = datetime.date(case.leaving_year - 16 - older, 8, 31)
    if not first <= born <= last:
        message = "The date of birth does not fit the year group. Check both"
        yield _at("learner.date_of_birth", "learner.date_of_birth.year_group", message)


def form_8_reusable(case: Case) -> Iterator[Finding]:
    """JCQ, access arrangements when a candidate changes centre (1 September 2025): when a college may reuse Form 8.

    All three parts complete, parts 2 and 3 signed and dated (gaps where they are not), assessed in Year 9 or
    later, an assessor with a level 7 qualification on file, still the normal way of working.
    """
    if value_at(case.answers, "exams.evidence_route") != "form_8":
        return
    starts = "The college cannot reuse this Form 8: "
    if value_at(case.answers, "exams.parts_complete") is False:
        yield _at("exams.parts_complete", "form_8.parts", f"{starts}parts 1, 2 and 3 must all be complete")
    if value_at(case.answers, "exams.normal_way_of_working") is False:
        message = f"{starts}the arrangements must be the normal way of working"
        yield _at("exams.normal_way_of_working", "form_8.way_of_working", message)
    if value_at(case.answers, "exams.assessor_qualified") is False:
        message = f"{starts}evidence of the assessor's qualification must be held"
        yield _at("exams.assessor_qualified", "form_8.assessor", message)
    assessed = _day(case.answers, "exams.assessed_on")
    older = (value_at(case.answers, "learner.year_group") or YEAR_11) - YEAR_11
    if assessed and assessed < datetime.date(case.leaving_year - 3 - older, 9, 1):
        message = f"{starts}the assessment was before Year 9"
        yield _at("exams.assessed_on", "form_8.before_year_9", message)


def plan_by_31_march(case: Case) -> Iterator[Finding]:
    """SEND Regulations 2014 reg 18(1)(a): the amended plan before 31 March. The council's duty, and worded so."""
    if value_at(case.answers, "sen.provision") != "E":
        return
    due, issued = datetime.date(case.leaving_year, 3, 31), _day(case.answers, "ehc_plan.final_issued")
    if issued is None and case.today >= due:
        message = "The council's final plan was due before 31 March. Ring the caseworker"
        yield _at("ehc_plan.final_issued", "ehc_plan.final_issued.due", message)
    elif issued and issued >= due:
        message = "The council's final plan came after 31 March"
        yield _at("ehc_plan.final_issued", "ehc_plan.final_issued.late", message)


#: Openings and phrases that fit every learner, and so say nothing about this one.
GENERIC = (
    "make progress",
    "improve confidence",
    "develop confidence",
    "improve social skills",
    "develop social skills",
    "improve communication",
    "be more independent",
    "become more independent",
    "develop independence",
    "reach potential",
    "reach their potential",
    "achieve their potential",
    "access the curriculum",
    "improve literacy",
    "improve numeracy",
)
FEW_WORDS = 5


def outcomes_with_steps(case: Case) -> Iterator[Finding]:
    """An outcome has steps, somebody who helps and a day; one that would fit anybody is pointed out."""
    for index, outcome in enumerate(value_at(case.answers, "adulthood.outcomes") or []):
        lacks = [
            words
            for column, words in (("steps", "no steps"), ("who", "nobody who helps"), ("by_when", "no date"))
            if not outcome.get(column)
        ]
        if lacks:
            message = f"Outcome {index + 1} has {listed(lacks)}"
            yield _at("adulthood.outcomes", "adulthood.outcomes.no_way", message, index)
        words = str(outcome.get("outcome", "")).lower()
        if words and (len(words.split()) < FEW_WORDS or any(phrase in words for phrase in GENERIC)):
            message = (
                f"Outcome {index + 1} could be anybody's. Say what this learner will be able to do, where and with "
                "whom"
            )
            yield _at("adulthood.outcomes", "adulthood.outcomes.generic", message, index, "outcome")


def attendance_band(answers: Answers) -> str | None:
    """The code of the attendance band, from the sessions; None if they are unknown or cannot be right."""
    possible = value_at(answers, "attendance.sessions_possible")
    attended = value_at(answers, "attendance.sessions_attended")
    if not possible or attended is None or attended > possible:
        return None
    missed = (possible - attended) / possible
    return next(code for code, _, least in circumstance_codes.ATTENDANCE_BANDS if missed >= least)
