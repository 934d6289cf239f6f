"""Answers about the learner, the family and what is shared: the sections of the first two pages."""

from __future__ import annotations

from typing import Any

from transition_exchange.proforma.rules import Wrong, identifiers
from transition_exchange.sample.organisations import LA_CODE
from transition_exchange.sample.young_people import people
from transition_exchange.sample.young_people.sketch import Sketch

Answers = dict[str, Any]

NEIGHBOURS = ("370", "371", "373", "384")


def learner(of: Sketch) -> Answers:
    """Names, date of birth, school."""
    answers: Answers = {
        "legal_forename": of.name.forename,
        "legal_surname": of.name.surname,
        "date_of_birth": of.born.isoformat(),
        "year_group": 11,
        "school_name": of.school.name,
    }
    if of.school.laestab and of.school.urn:
        return {**answers, "school_laestab": of.school.laestab, "school_urn": of.school.urn}
    none = {"reason": "does_not_apply"}
    return {
        **answers,
        "school_name": "Educated at home",
        "_reasons": {"school_laestab": none, "school_urn": none},
    }


def known_as(of: Sketch) -> Answers:
    """Preferred name, pronouns, languages."""
    language = of.name.community.language
    answers: Answers = {"first_language": language, "eal": language != "ENG"}
    if "preferred_name" in of.flags:
        answers["preferred_name"] = of.known_as
    if "they" in of.flags:
        answers["pronouns"] = "they/them"
    elif of.chance(0.15):
        answers["pronouns"] = "she/her" if of.name.sex == "F" else "he/him"
    if language != "ENG":
        answers["contact_language"] = language if of.chance(0.4) else "ENG"
        if answers["contact_language"] != "ENG":
            answers["interpreter_needed"] = of.chance(0.6)
    return answers


def enrolment(of: Sketch) -> Answers:
    """UPN, address, home council, free school meals, sex."""
    answers: Answers = {
        "address_line_1": of.home.line_1,
        "town": of.home.town,
        "postcode": of.home.postcode,
        "phone": people.mobile(of.rng),
        "email": people.email(of.name.full, number=of.number),
        "home_la": of.pick(NEIGHBOURS) if of.chance(0.06) else LA_CODE,
        "free_school_meals": of.chance(0.3) or "in_care" in of.flags,
        "sex": of.name.sex,
    }
    if "no_upn" in of.flags:
        answers["upn_missing_reason"] = of.pick(("UN2", "UN3", "UN4"))
        return answers
    started_school = of.born.year + 5
    answers["upn"] = identifiers.make_upn(
        la=LA_CODE,
        establishment=f"2{of.number % 40:03d}",
        year=started_school,
        serial=of.number // 40 if "temporary_upn" in of.flags else of.number,
        temporary_letter=of.pick("ABCD") if "temporary_upn" in of.flags else None,
    )
    return answers


def numbers(of: Sketch) -> Answers:
    """ULN and the rest of the numbers."""
    if "uln_not_known" in of.flags:
        return {"uln_not_known": True}
    stem = 300_000_000 + of.number * 1_000 + of.rng.randint(0, 900)
    while True:
        try:
            return {"uln": identifiers.make_uln(stem)}
        except Wrong:
            stem += 1


def contacts(of: Sketch) -> Answers:
    """Parents or carers, or foster carers and the social worker for a learner in care."""
    rows = []
    for parent in of.parents:
        relationship = "mother" if parent.sex == "F" else "father"
        if "in_care" in of.flags:
            relationship = "foster_carer"
        elif "kinship" in of.flags:
            relationship = "grandparent"
        rows.append(
            {
                "name": parent.full,
                "relationship": relationship,
                "parental_responsibility": "in_care" not in of.flags,
                "phone": people.mobile(of.rng),
                **({"email": people.email(parent.full, number=of.number)} if of.chance(0.7) else {}),
            }
        )
    return {"contacts": rows}


def do_not_contact(of: Sketch) -> Answers:
    """Somebody who must not be contacted: where there is somebody."""
    if "do_not_contact" not in of.flags:
        return {}
    who = people.adult(of.rng, sex="M", of=of.name)
    why = of.pick(
        (
            "Court order. Please don't give out the timetable, and ring the safeguarding lead if he calls.",
            "Learner has asked for no contact; family agrees. Address must not be confirmed to anyone who "
            "rings.",
        )
    )
    return {"people": [{"name": who.full, "relationship": "Father", "why": why}]}


def told(of: Sketch) -> Answers:
    """Who has been told, when and how."""
    day = of.ago(10, 60)
    how = "meeting" if of.provision == "E" else of.pick(("meeting", "letter", "privacy_notice"))
    return {
        "learner_told": True,
        "learner_told_on": day,
        "learner_told_how": "meeting" if of.provision != "N" else "privacy_notice",
        "parent_told": True,
        "parent_told_on": day,
        "parent_told_how": how,
    }


def sharing(of: Sketch) -> Answers:
    """What may be passed on."""
    if "withheld" not in of.flags:
        return {"agreed": "all"}
    what, why = of.pick(
        (
            ("circumstances", "{name} wants to tell the college {him}self, after the first weeks."),
            ("neet_risk", "The family feels that the score says more about the area than about {name}."),
            (
                "attendance_support",
                "{name} asked for a fresh start and will talk about last year to the tutor.",
            ),
        )
    )
    return {"agreed": "some", "withheld": [what], "withheld_why": of.say(why)}


def objection(of: Sketch) -> Answers:
    """An objection to passing more than the least to the council (Education and Skills Act 2008 s.14(4), s.72)."""
    if "objection" not in of.flags:
        return {"objection": "none"}
    if of.sixteen:
        return {"objection": "by_learner", "objection_date": of.now.isoformat()}
    return {"objection": "by_parent", "objection_date": of.ago(3, 20)}
