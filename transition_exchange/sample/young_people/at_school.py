"""Answers about exams, attendance, circumstances, health, risk, and the safeguarding team's own sections."""

from __future__ import annotations

from typing import Any

from transition_exchange.sample.organisations import LA_CODE
from transition_exchange.sample.portraits import Portrait
from transition_exchange.sample.young_people import people
from transition_exchange.sample.young_people.sketch import Sketch

Answers = dict[str, Any]


def exams(of: Sketch, portrait: Portrait | None) -> Answers:
    """Access arrangements and, for a Form 8, what JCQ wants to see before a college may use it again."""
    if portrait is None or not portrait.route or portrait.arrangements in ((), ("none",)):
        return {"approved": False}
    answers: Answers = {
        "approved": True,
        "arrangements": list(portrait.arrangements),
        "evidence_route": portrait.route,
        "normal_way_of_working": True,
    }
    if "other" in portrait.arrangements:
        answers["other_arrangement"] = "Sign language interpreter for instructions"
    if portrait.route == "form_8":
        # Part 2 is the assessment, so it is signed when that is done; the plan comes later, as part 3.
        assessed = of.ago(150, 420)
        answers |= {
            "parts_complete": not of.chance(0.08),
            "assessed_on": assessed,
            "part_2_signed_on": assessed,
            "part_3_signed_on": of.ago(20, 140),
            "assessor_qualified": True,
        }
    return answers


def results(of: Sketch) -> Answers:
    """GCSE grades: predictions, and for those who left what came of them."""
    special = of.school.kind == "special_school"
    if special:
        none = {"reason": "does_not_apply"}
        fields = ["predicted_english", "predicted_maths"]
        if of.left:
            fields += ["actual_english", "actual_maths"]
        return {"_reasons": dict.fromkeys(fields, none)}
    likely = {"N": (3, 8), "K": (2, 6), "E": (1, 5)}[of.provision]
    english, maths = of.rng.randint(*likely), of.rng.randint(*likely)
    answers: Answers = {"predicted_english": str(english), "predicted_maths": str(maths)}
    if of.left:
        answers["actual_english"] = str(max(1, min(9, english + of.rng.randint(-1, 1))))
        answers["actual_maths"] = str(max(1, min(9, maths + of.rng.randint(-1, 1))))
    return answers


def other_qualifications(of: Sketch) -> Answers:
    """Now and then something besides GCSEs."""
    if of.school.kind == "special_school":
        titles = (("Personal progress", "Entry 1"), ("Functional skills English", "Entry 3"))
    elif of.chance(0.25):
        titles = (
            ("Cambridge National in sport studies", "2"),
            ("BTEC Tech Award in health and social care", "2"),
        )
    else:
        return {}
    title, level = of.pick(titles)
    predicted = "Pass" if of.provision != "N" else of.pick(("Pass", "Merit", "Distinction"))
    return {"qualifications": [{"title": title, "level": level, "predicted": predicted}]}


def attendance(of: Sketch) -> Answers:
    """Sessions of Year 11 so far."""
    possible = 316 if of.left else of.rng.randint(88, 104)
    share = of.rng.uniform(0.92, 1.0)
    if "severe_absence" in of.flags:
        share = of.rng.uniform(0.25, 0.48)
    elif "low_attendance" in of.flags:
        share = of.rng.uniform(0.62, 0.88)
    attended = round(possible * share)
    authorised = (possible - attended) * of.rng.randint(4, 10) // 10
    return {
        "sessions_possible": possible,
        "sessions_attended": attended,
        "sessions_authorised": authorised,
        "sessions_unauthorised": possible - attended - authorised,
    }


def attendance_support(of: Sketch) -> Answers:
    """Why attendance is low, and what was agreed: where it is low."""
    if not of.flags & {"low_attendance", "severe_absence"}:
        return {}
    part_time = "severe_absence" in of.flags
    reason = of.pick(
        (
            "{name} has been in hospital twice since September and is catching up from home on those days.",
            "Getting in on Mondays is the hard part. When met at the gate {name} stays all week. Please "
            "plan for that.",
            "Mornings depend on things at home that {name} can't control. Later starts were agreed twice a "
            "week and attendance on those days is 96%.",
            "Anxiety about school as a place. {name} learns well in a small room and has kept up with all "
            "coursework. Attendance has risen every half term since the timetable changed.",
        )
    )
    answers: Answers = {
        "part_time": part_time,
        "avoidance": part_time or of.chance(0.4),
        "reason": of.say(reason),
    }
    if part_time:
        answers["part_time_hours"] = float(of.pick((8, 10, 12.5, 15)))
    return answers


def suspensions(of: Sketch) -> Answers:
    """Suspensions and moves; nought is an answer."""
    answers: Answers = {"suspension_count": 0, "permanently_excluded": "excluded" in of.flags}
    if "suspended" in of.flags:
        count = of.rng.randint(1, 4)
        answers |= {"suspension_count": count, "suspension_days": count * of.pick((1.0, 1.5, 2.0))}
    if of.school.kind == "pupil_referral_unit" or "alternative_provision" in of.flags:
        answers["placements"] = [
            {
                "kind": of.pick(("alternative_provision", "managed_move", "off_site_direction")),
                "where": of.pick(
                    ("Rookery Road farm project", "Level Ground, two mornings", "Swinthorpe motor project")
                ),
                "start": of.ago(120, 400),
            }
        ]
    return answers


CARE_STATUSES = ("full_care_order", "interim_care_order", "section_20", "placement_order", "remand", "uasc")


def care(of: Sketch) -> Answers:
    """In care, or was before."""
    history = [flag for flag in ("previously_looked_after", "care_leaver", "kinship") if flag in of.flags]
    answers: Answers = {"in_care": "in_care" in of.flags}
    if history:
        answers["history"] = history
    if of.flags & {"in_care", "care_leaver"}:
        worker = people.adult(of.rng)
        answers |= {
            "authority": LA_CODE if of.chance(0.8) else "371",
            "social_worker": f"{worker.full}, children in care team, {people.landline(of.rng)}",
            "virtual_school": f"{people.adult(of.rng).full}, Aldersyke virtual school, 01632 960150",
            "education_plan": True,
        }
    if "in_care" in of.flags:
        answers["legal_status"] = CARE_STATUSES[of.number % len(CARE_STATUSES)]
    return answers


def circumstances(of: Sketch) -> Answers:
    """Young carer, young parent, refugee, service child, Gypsy, Roma or Traveller."""
    codes = ("young_carer", "young_parent", "refugee", "service_child", "gypsy_roma_traveller")
    found = [code for code in codes if code in of.flags]
    return {"circumstances": found} if found else {}


_COMMON_CONDITIONS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "Asthma",
        "Salbutamol inhaler, carries {his} own; a spare is in the office",
        "Sit up, blue inhaler through the spacer, one puff at a time up to ten. No better after ten "
        "minutes: 999, and start again while you wait",
        "",
        "",
    ),
    (
        "Type 1 diabetes, insulin pump",
        "Insulin by pump; {he} looks after it {him}self and tests with a sensor and phone",
        "Below 4: five glucose tablets, wait fifteen minutes, test again. Never leave {him} alone. Drowsy "
        "or can't swallow: recovery position, 999",
        "",
        "Must be able to eat in lessons",
    ),
    (
        "Nut allergy, anaphylaxis",
        "Two adrenaline pens, carries one; the second is in the office",
        "Swelling, wheeze or collapse: lie flat, pen into the outer thigh, 999, second pen after five "
        "minutes",
        "Peanuts and tree nuts. Sits with others; hands are washed after lunch",
        "No nuts; 'may contain' is not eaten",
    ),
    ("Coeliac disease", "None", "Not an emergency; stomach pain for a day", "", "Strictly gluten free"),
    (
        "Migraine",
        "Ibuprofen and sumatriptan, carries {his} own",
        "Dark quiet room, tablet at the first sign, ring home if no better in an hour",
        "",
        "",
    ),
    (
        "Sickle cell disease",
        "Penicillin twice a day and folic acid, at home",
        "Pain crisis: warm, drink, paracetamol, ring home. Chest pain, fever over 38 or a severe headache: "
        "999",
        "",
        "Drinks water all day; leave to go to the toilet",
    ),
)


def health(of: Sketch, portrait: Portrait | None) -> Answers:
    """Conditions as first aid needs them, allergies, diet, healthcare plan, who consents."""
    rows: list[Answers] = []
    allergies, dietary, plan = [], [], False
    for each in portrait.health if portrait else ():
        rows.append({"condition": each.condition, "medication": each.medication, "emergency": each.emergency})
        allergies += [each.allergy] if each.allergy else []
        dietary += [each.dietary] if each.dietary else []
        plan = plan or each.plan
    if "medical" in of.flags and len(rows) < 2:
        condition, medication, emergency, allergy, diet = of.pick(_COMMON_CONDITIONS)
        rows.append({"condition": condition, "medication": medication, "emergency": emergency})
        allergies += [allergy] if allergy else []
        dietary += [diet] if diet else []
        plan = plan or "diabetes" in condition or "anaphylaxis" in condition
    if not rows:
        return {"medical": False}
    answers: Answers = {
        "medical": True,
        "conditions": [{key: of.say(text) for key, text in row.items()} for row in rows],
        "care_plan": plan,
        "consent": f"{of.parents[0].full}, in writing",
    }
    if allergies:
        answers["allergies"] = of.say(". ".join(allergies))
    if dietary:
        answers["dietary"] = of.say(". ".join(dietary))
    return answers


def daily_living(of: Sketch, portrait: Portrait | None) -> Answers:
    """Moving, personal care and getting out in an emergency: where help is needed."""
    if portrait is None or portrait.daily is None:
        return {}
    daily = portrait.daily
    return {
        "needed": True,
        "mobility": daily.mobility,
        "personal_care": daily.care,
        "evacuation_plan": daily.evacuation_plan,
        "details": of.say(daily.details),
    }


def risk(of: Sketch, portrait: Portrait | None) -> Answers:
    """Whether there is a risk assessment, and for what."""
    kinds = list(portrait.risks) if portrait and of.chance(0.8) else []
    if "lone_working" in of.flags:
        kinds.append("lone_working")
    if not kinds:
        return {"assessed": False}
    return {"assessed": True, "kinds": kinds, "assessed_on": of.ago(20, 260)}


_STATUSES = ("CP", "CIN", "LAC", "channel", "closed", "none")


def safeguarding(of: Sketch, lead: str) -> Answers:
    """A pointer to the file, who to ring, and where it stands. Never the file."""
    answers: Answers = {
        "file_exists": "no",
        "lead_name": lead,
        "lead_phone": of.school.phone,
        "lead_email": f"safeguarding@{of.school.domain}",
    }
    if "not_disclosed" in of.flags:
        answers["file_exists"] = "not_disclosed"
    elif "safeguarding_file" in of.flags:
        status = "LAC" if "in_care" in of.flags else _STATUSES[of.number % len(_STATUSES)]
        answers |= {
            "file_exists": "yes",
            "route": of.pick(("secure_system", "by_hand", "secure_email", "tracked_post")),
            "file_sent": of.left,
            "status": [status],
        }
        if of.left:
            answers |= {"sent_on": of.now.isoformat(), "receipt_on": of.now.isoformat()}
    if "youth_justice" in of.flags:
        answers["youth_justice"] = True
    return answers


_FIRST_DAY = (
    "Please make sure {name} is met on arrival for the first week, and leaves with the person named by the "
    "family. Ring before the first day and I will explain.",
    "Do not confirm to callers that {name} is a student. Reception should know this on day one.",
    "{name} has a safety plan that {he} carries. If {he} says 'I need the plan', take {him} to a quiet "
    "room, stay, and ring me.",
    "{name} should not be placed in the same group as a student whose name I will give you by phone.",
)


def day_one_safety(of: Sketch, lead: str) -> Answers:
    """What must be known before the file arrives: for some of those who have one."""
    if "safeguarding_file" not in of.flags or not of.chance(0.5):
        return {}
    return {"information": of.say(of.pick(_FIRST_DAY)), "ring": f"{lead}, {of.school.phone}"}
