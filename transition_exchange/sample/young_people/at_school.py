"""Answers about exams, attendance, circumstances, health, risk, and the safeguarding team's own sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from transition_exchange.sample.organisations import LA_CODE
from transition_exchange.sample.portraits import Health, Portrait
from transition_exchange.sample.typed_toml import read_beside
from transition_exchange.sample.young_people import people
from transition_exchange.sample.young_people.sketch import SectionAnswers, Sketch

CARE_STATUSES: Final = (
    "full_care_order",
    "interim_care_order",
    "section_20",
    "placement_order",
    "remand",
    "uasc",
)
CIRCUMSTANCES: Final = ("young_carer", "young_parent", "refugee", "service_child", "gypsy_roma_traveller")
CARE_HISTORIES: Final = ("previously_looked_after", "care_leaver", "kinship")
SAFEGUARDING_STATUSES: Final = ("CP", "CIN", "LAC", "channel", "closed", "none")


@dataclass(frozen=True)
class _Qualification:
    """Something besides GCSEs, as the form writes it."""

    title: str
    level: str


@dataclass(frozen=True)
class _OtherQualifications:
    """What is taken besides GCSEs, or instead of them."""

    special_school: tuple[_Qualification, ...]
    elsewhere: tuple[_Qualification, ...]


@dataclass(frozen=True)
class _Texts:
    """The file `at_school.toml`."""

    attendance_reasons: tuple[str, ...]
    placements: tuple[str, ...]
    day_one_safety: tuple[str, ...]
    other_qualifications: _OtherQualifications
    conditions: tuple[Health, ...]


_TEXTS: Final = read_beside(_Texts, __file__)


def exams(sketch: Sketch, portrait: Portrait | None) -> SectionAnswers:
    """Access arrangements and, for a Form 8, what JCQ wants to see before a college may use it again."""
    if portrait is None or not portrait.arrangements:
        return {"approved": False}
    answers: SectionAnswers = {
        "approved": True,
        "arrangements": list(portrait.arrangements),
        "evidence_route": portrait.evidence_route,
        "normal_way_of_working": True,
    }
    if portrait.other_arrangement:
        answers["other_arrangement"] = portrait.other_arrangement
    if portrait.evidence_route == "form_8":
        # Part 2 is the assessment, so it is signed when that is done; the plan comes later, as part 3.
        assessed = sketch.ago(150, 420)
        answers |= {
            "parts_complete": not sketch.chance(0.08),
            "assessed_on": assessed,
            "part_2_signed_on": assessed,
            "part_3_signed_on": sketch.ago(20, 140),
            "assessor_qualified": True,
        }
    return answers


def results(sketch: Sketch) -> SectionAnswers:
    """GCSE grades: predictions, and for those who left what came of them."""
    if sketch.school.kind == "special_school":
        none = {"reason": "does_not_apply"}
        fields = ["predicted_english", "predicted_maths"]
        if sketch.left:
            fields += ["actual_english", "actual_maths"]
        return {"_reasons": dict.fromkeys(fields, none)}
    likely = {"N": (3, 8), "K": (2, 6), "E": (1, 5)}[sketch.provision]
    english, maths = sketch.rng.randint(*likely), sketch.rng.randint(*likely)
    answers: SectionAnswers = {"predicted_english": str(english), "predicted_maths": str(maths)}
    if sketch.left:
        answers["actual_english"] = str(max(1, min(9, english + sketch.rng.randint(-1, 1))))
        answers["actual_maths"] = str(max(1, min(9, maths + sketch.rng.randint(-1, 1))))
    return answers


def other_qualifications(sketch: Sketch) -> SectionAnswers:
    """Now and then something besides GCSEs."""
    if sketch.school.kind == "special_school":
        likely = _TEXTS.other_qualifications.special_school
    elif sketch.chance(0.25):
        likely = _TEXTS.other_qualifications.elsewhere
    else:
        return {}
    qualification = sketch.pick(likely)
    predicted = "Pass" if sketch.provision != "N" else sketch.pick(("Pass", "Merit", "Distinction"))
    return {
        "qualifications": [
            {"title": qualification.title, "level": qualification.level, "predicted": predicted}
        ]
    }


def attendance(sketch: Sketch) -> SectionAnswers:
    """Sessions of Year 11 so far."""
    possible = 316 if sketch.left else sketch.rng.randint(88, 104)
    share = sketch.rng.uniform(0.92, 1.0)
    if "severe_absence" in sketch.flags:
        share = sketch.rng.uniform(0.25, 0.48)
    elif "low_attendance" in sketch.flags:
        share = sketch.rng.uniform(0.62, 0.88)
    attended = round(possible * share)
    authorised = (possible - attended) * sketch.rng.randint(4, 10) // 10
    return {
        "sessions_possible": possible,
        "sessions_attended": attended,
        "sessions_authorised": authorised,
        "sessions_unauthorised": possible - attended - authorised,
    }


def attendance_support(sketch: Sketch) -> SectionAnswers:
    """Where attendance is low: why, and what was agreed."""
    if not sketch.flags & {"low_attendance", "severe_absence"}:
        return {}
    part_time = "severe_absence" in sketch.flags
    reason = sketch.pick(_TEXTS.attendance_reasons)
    answers: SectionAnswers = {
        "part_time": part_time,
        "avoidance": part_time or sketch.chance(0.4),
        "reason": sketch.fill(reason),
    }
    if part_time:
        answers["part_time_hours"] = float(sketch.pick((8, 10, 12.5, 15)))
    return answers


def suspensions(sketch: Sketch) -> SectionAnswers:
    """Suspensions and moves; none is an answer too."""
    answers: SectionAnswers = {"suspension_count": 0, "permanently_excluded": "excluded" in sketch.flags}
    if "suspended" in sketch.flags:
        count = sketch.rng.randint(1, 4)
        answers |= {"suspension_count": count, "suspension_days": count * sketch.pick((1.0, 1.5, 2.0))}
    if sketch.school.kind == "pupil_referral_unit" or "alternative_provision" in sketch.flags:
        answers["placements"] = [
            {
                "kind": sketch.pick(("alternative_provision", "managed_move", "off_site_direction")),
                "where": sketch.pick(_TEXTS.placements),
                "start": sketch.ago(120, 400),
            }
        ]
    return answers


def care(sketch: Sketch) -> SectionAnswers:
    """In care, or was before."""
    history = [code for code in CARE_HISTORIES if code in sketch.flags]
    answers: SectionAnswers = {"in_care": "in_care" in sketch.flags}
    if history:
        answers["history"] = history
    if sketch.flags & {"in_care", "care_leaver"}:
        worker = people.adult(sketch.rng)
        answers |= {
            "authority": LA_CODE if sketch.chance(0.8) else "371",
            "social_worker": f"{worker.full}, children in care team, {people.landline(sketch.rng)}",
            "virtual_school": f"{people.adult(sketch.rng).full}, Aldersyke virtual school, 01632 960150",
            "education_plan": True,
        }
    if "in_care" in sketch.flags:
        answers["legal_status"] = CARE_STATUSES[sketch.number % len(CARE_STATUSES)]
    return answers


def circumstances(sketch: Sketch) -> SectionAnswers:
    """Young carer, young parent, refugee, service child, Gypsy, Roma or Traveller."""
    codes = [code for code in CIRCUMSTANCES if code in sketch.flags]
    return {"circumstances": codes} if codes else {}


def health(sketch: Sketch, portrait: Portrait | None) -> SectionAnswers:
    """Conditions as first aid needs them, allergies, diet, healthcare plan, who consents."""
    conditions = list(portrait.health) if portrait else []
    if "medical" in sketch.flags and len(conditions) < 2:
        conditions.append(sketch.pick(_TEXTS.conditions))
    if not conditions:
        return {"medical": False}
    answers: SectionAnswers = {
        "medical": True,
        "conditions": [
            {
                "condition": sketch.fill(condition.condition),
                "medication": sketch.fill(condition.medication),
                "emergency": sketch.fill(condition.emergency),
            }
            for condition in conditions
        ],
        "care_plan": any(condition.care_plan for condition in conditions),
        "consent": f"{sketch.parents[0].full}, in writing",
    }
    if allergies := [condition.allergy for condition in conditions if condition.allergy]:
        answers["allergies"] = sketch.fill(". ".join(allergies))
    if diets := [condition.dietary for condition in conditions if condition.dietary]:
        answers["dietary"] = sketch.fill(". ".join(diets))
    return answers


def daily_living(sketch: Sketch, portrait: Portrait | None) -> SectionAnswers:
    """Where help is needed: moving, personal care and getting out in an emergency."""
    if portrait is None or portrait.daily_living is None:
        return {}
    daily_living = portrait.daily_living
    return {
        "needed": True,
        "mobility": daily_living.mobility,
        "personal_care": daily_living.personal_care,
        "evacuation_plan": daily_living.evacuation_plan,
        "details": sketch.fill(daily_living.details),
    }


def risk(sketch: Sketch, portrait: Portrait | None) -> SectionAnswers:
    """Whether there is a risk assessment, and for what."""
    kinds = list(portrait.risks) if portrait and sketch.chance(0.8) else []
    if "lone_working" in sketch.flags:
        kinds.append("lone_working")
    if not kinds:
        return {"assessed": False}
    return {"assessed": True, "kinds": kinds, "assessed_on": sketch.ago(20, 260)}


def safeguarding(sketch: Sketch, lead: str) -> SectionAnswers:
    """A pointer to the file, who to ring, and where it stands. Never the file."""
    answers: SectionAnswers = {
        "file_exists": "no",
        "lead_name": lead,
        "lead_phone": sketch.school.phone,
        "lead_email": f"safeguarding@{sketch.school.domain}",
    }
    if "not_disclosed" in sketch.flags:
        answers["file_exists"] = "not_disclosed"
    elif "safeguarding_file" in sketch.flags:
        in_turn = SAFEGUARDING_STATUSES[sketch.number % len(SAFEGUARDING_STATUSES)]
        status = "LAC" if "in_care" in sketch.flags else in_turn
        answers |= {
            "file_exists": "yes",
            "route": sketch.pick(("secure_system", "by_hand", "secure_email", "tracked_post")),
            "file_sent": sketch.left,
            "status": [status],
        }
        if sketch.left:
            answers |= {"sent_on": sketch.worked_on.isoformat(), "receipt_on": sketch.worked_on.isoformat()}
    if "youth_justice" in sketch.flags:
        answers["youth_justice"] = True
    return answers


def day_one_safety(sketch: Sketch, lead: str) -> SectionAnswers:
    """For some of those who have a file: what must be known before it arrives."""
    if "safeguarding_file" not in sketch.flags or not (sketch.chance(0.5) or "day_one" in sketch.flags):
        return {}
    return {
        "information": sketch.fill(sketch.pick(_TEXTS.day_one_safety)),
        "ring": f"{lead}, {sketch.school.phone}",
    }
