"""Leave gaps in a complete record, as many as fit its stage, and give reasons for some of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from transition_exchange.sample.young_people.sketch import Answers, Sketch

#: What schools lack in real life: section, field and reason, which is empty where the school gives none.
_LIKELY: Final = (
    ("numbers", "uln", "not_known"),
    ("results", "predicted_maths", "not_known"),
    ("results", "predicted_english", ""),
    ("visits", "visits", ""),
    ("transport", "council_transport", "not_known"),
    ("transport", "travel_training", ""),
    ("services", "services", "waiting"),
    ("support", "equipment", ""),
    ("support", "provision", "not_known"),
    ("own_words", "hopes", ""),
    ("own_words", "help_me", "not_agreed"),
    ("own_words", "interests", ""),
    ("ehc_plan", "final_issued", "waiting"),
    ("ehc_plan", "caseworker_name", ""),
    ("ehc_plan", "top_up_value", "not_known"),
    ("adulthood", "vocational", ""),
    ("adulthood", "independent_living", "waiting"),
    ("contributions", "contributions", "waiting"),
    ("attendance_support", "reason", "not_agreed"),
    ("care", "social_worker", "not_known"),
    ("health", "consent", ""),
    ("exams", "part_3_signed_on", "waiting"),
    ("exams", "evidence_route", ""),
    ("told", "parent_told", ""),
    ("enrolment", "email", "not_known"),
    ("objection", "objection", ""),
    ("suspensions", "suspension_count", ""),
    ("attendance", "sessions_unauthorised", ""),
)

#: Sections, and fields of enrolment, that a record has when only a start has been made.
_STARTED: Final = ("learner", "enrolment", "pupil_number", "sen")
_STARTED_ENROLMENT: Final = ("address_line_1", "town", "postcode", "sex", "free_school_meals")
#: Sections that a half-done record always has.
_HALF: Final = (
    "learner",
    "known_as",
    "language",
    "enrolment",
    "pupil_number",
    "numbers",
    "contacts",
    "sen",
    "needs",
    "destinations",
    "attendance",
)


def _leave_out(sketch: Sketch, answers: Answers, *, section: str, field: str, reason: str) -> None:
    """Take one answer away and say why, where a reason is given."""
    answers[section] = dict(answers[section])
    del answers[section][field]
    if not reason:
        return
    given: dict[str, str] = {"reason": reason}
    if reason == "waiting":
        given["expected"] = expected_day(sketch).isoformat()
    answers[section]["_reasons"] = {**answers[section].get("_reasons", {}), field: given}


def expected_day(sketch: Sketch) -> date:
    """When something waited for should come: within weeks, or now and then on a day that has passed already."""
    return sketch.worked_on + timedelta(days=sketch.rng.randint(-12, 90))


def leave_gaps(sketch: Sketch, answers: Answers) -> Answers:
    """The answers that this learner's school has so far; a complete record stays as it is."""
    if sketch.stage == "complete":
        return answers
    answers = dict(answers)
    if sketch.stage == "started":
        answers = {name: answers[name] for name in _STARTED if name in answers}
        answers["enrolment"] = {
            name: answers["enrolment"][name] for name in _STARTED_ENROLMENT if name in answers["enrolment"]
        }
        return answers if sketch.chance(0.7) else {"learner": answers["learner"]}
    if sketch.stage == "partial":
        others = [name for name in answers if name not in _HALF]
        for name in sketch.some(others, len(others) // 2, len(others) - 1):
            del answers[name]
    present = [gap for gap in _LIKELY if gap[1] in answers.get(gap[0], {})]
    for section, field, reason in sketch.some(present, 1, 3 if sketch.stage == "nearly" else 5):
        _leave_out(sketch, answers, section=section, field=field, reason=reason)
    return answers
