"""Answers about the learner, the family and what is shared: the sections of the first two pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from transition_exchange.proforma.rules import Wrong, identifiers
from transition_exchange.sample.organisations import LA_CODE
from transition_exchange.sample.typed_toml import read_beside
from transition_exchange.sample.young_people import people
from transition_exchange.sample.young_people.sketch import SectionAnswers, Sketch

#: Codes of the councils in whose areas some learners live.
NEIGHBOURS: Final = ("370", "371", "373", "384")


@dataclass(frozen=True)
class _Withheld:
    """A section that is not passed on, and why."""

    section: str
    why: str


@dataclass(frozen=True)
class _Texts:
    """The file `about_them.toml`."""

    do_not_contact: tuple[str, ...]
    withheld: tuple[_Withheld, ...]


_TEXTS: Final = read_beside(_Texts, __file__)


def learner(sketch: Sketch) -> SectionAnswers:
    """Names, date of birth, school."""
    answers: SectionAnswers = {
        "legal_forename": sketch.name.forename,
        "legal_surname": sketch.name.surname,
        "date_of_birth": sketch.born.isoformat(),
        "year_group": 11,
        "school_name": sketch.school.name,
    }
    if sketch.school.laestab and sketch.school.urn:
        return {**answers, "school_laestab": sketch.school.laestab, "school_urn": sketch.school.urn}
    none = {"reason": "does_not_apply"}
    return {
        **answers,
        "school_name": "Educated at home",
        "_reasons": {"school_laestab": none, "school_urn": none},
    }


def known_as(sketch: Sketch) -> SectionAnswers:
    """Preferred name and pronouns."""
    answers: SectionAnswers = {}
    if "preferred_name" in sketch.flags:
        answers["preferred_name"] = sketch.known_as
    if "they" in sketch.flags:
        answers["pronouns"] = "they/them"
    elif sketch.chance(0.15):
        answers["pronouns"] = "she/her" if sketch.name.sex == "F" else "he/him"
    return answers


def language(sketch: Sketch) -> SectionAnswers:
    """First language, and what the family speaks."""
    code = sketch.name.community.language
    answers: SectionAnswers = {"first_language": code, "eal": code != "ENG"}
    if code != "ENG":
        answers["contact_language"] = code if sketch.chance(0.4) else "ENG"
        if answers["contact_language"] != "ENG":
            answers["interpreter_needed"] = sketch.chance(0.6)
    return answers


def enrolment(sketch: Sketch) -> SectionAnswers:
    """Address, home council, free school meals, sex."""
    return {
        "address_line_1": sketch.home.line_1,
        "town": sketch.home.town,
        "postcode": sketch.home.postcode,
        "phone": people.mobile(sketch.rng),
        "email": people.email(sketch.name.full, number=sketch.number),
        "home_la": sketch.pick(NEIGHBOURS) if sketch.chance(0.06) else LA_CODE,
        "free_school_meals": sketch.chance(0.3) or "in_care" in sketch.flags,
        "sex": sketch.name.sex,
    }


def pupil_number(sketch: Sketch) -> SectionAnswers:
    """The UPN, or why there is none."""
    if "no_upn" in sketch.flags:
        return {"upn_missing_reason": sketch.pick(("UN2", "UN3", "UN4"))}
    started_school = sketch.born.year + 5
    upn = identifiers.make_upn(
        la=LA_CODE,
        establishment=f"2{sketch.number % 40:03d}",
        year=started_school,
        serial=sketch.number // 40 if "temporary_upn" in sketch.flags else sketch.number,
        temporary_letter=sketch.pick("ABCD") if "temporary_upn" in sketch.flags else None,
    )
    return {"upn": upn}


def numbers(sketch: Sketch) -> SectionAnswers:
    """The ULN, or that it is not known."""
    if "uln_not_known" in sketch.flags:
        return {"uln_not_known": True}
    stem = 300_000_000 + sketch.number * 1_000 + sketch.rng.randint(0, 900)
    while True:
        try:
            return {"uln": identifiers.make_uln(stem)}
        except Wrong:
            stem += 1


def contacts(sketch: Sketch) -> SectionAnswers:
    """Parents or carers, or foster carers and the social worker for a learner in care."""
    rows = []
    for parent in sketch.parents:
        relationship = "mother" if parent.sex == "F" else "father"
        if "in_care" in sketch.flags:
            relationship = "foster_carer"
        elif "kinship" in sketch.flags:
            relationship = "grandparent"
        rows.append(
            {
                "name": parent.full,
                "relationship": relationship,
                "parental_responsibility": "in_care" not in sketch.flags,
                "phone": people.mobile(sketch.rng),
                **({"email": people.email(parent.full, number=sketch.number)} if sketch.chance(0.7) else {}),
            }
        )
    return {"contacts": rows}


def do_not_contact(sketch: Sketch) -> SectionAnswers:
    """Somebody who must not be contacted: where there is somebody."""
    if "do_not_contact" not in sketch.flags or (sketch.portrait and sketch.portrait.bereaved_of == "M"):
        return {}
    father = people.adult(sketch.rng, sex="M", relative_of=sketch.name)
    why = sketch.pick(_TEXTS.do_not_contact)
    return {"people": [{"name": father.full, "relationship": "Father", "why": why}]}


def told(sketch: Sketch) -> SectionAnswers:
    """Who has been told, when and how."""
    day = sketch.ago(10, 60)
    how = "meeting" if sketch.provision == "E" else sketch.pick(("meeting", "letter", "privacy_notice"))
    return {
        "learner_told": True,
        "learner_told_on": day,
        "learner_told_how": "meeting" if sketch.provision != "N" else "privacy_notice",
        "parent_told": True,
        "parent_told_on": day,
        "parent_told_how": how,
    }


def sharing(sketch: Sketch) -> SectionAnswers:
    """What may be passed on."""
    if "withheld" not in sketch.flags:
        return {"agreed": "all"}
    withheld = sketch.pick(_TEXTS.withheld)
    return {"agreed": "some", "withheld": [withheld.section], "withheld_why": sketch.fill(withheld.why)}


def objection(sketch: Sketch) -> SectionAnswers:
    """An objection to passing more than the least to the council (Education and Skills Act 2008 s.14(4), s.72)."""
    if "objection" not in sketch.flags:
        return {"objection": "none"}
    if sketch.sixteen:
        return {"objection": "by_learner", "objection_date": sketch.worked_on.isoformat()}
    return {"objection": "by_parent", "objection_date": sketch.ago(3, 20)}
