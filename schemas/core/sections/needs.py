"""Special educational needs: provision and needs. The versions differ in the types of need they know."""

from __future__ import annotations

from typing import Any

from schemas.core import audiences, conditions, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.fields import (
    RowSchema,
    SectionSchema,
    choice,
    day,
    number,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import needs_codes

EVIDENCE = (
    ("report", "Yes, a report"),
    ("letter", "Yes, a letter"),
    ("none", "No"),
)


class Sen(SectionSchema):
    """The SEN provision, as in the school census."""

    about = AboutSection(
        name="sen",
        title="SEN status",
        owner="transition",
        audience=audiences.ADMISSIONS_AND_SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=158,
    )
    provision = choice(
        "What SEN provision does the learner have?",
        needs_codes.SEN_PROVISION,
        hint="Choose no special educational needs for learners who only had support in the past",
        required=ALWAYS,
        from_ctf=True,
        card=audiences.COORDINATORS | audiences.SENDING_TEAM | audiences.ADMISSIONS_AND_SUPPORT,
        source="School census: N, K, E",
        pack_label="SEN provision",
    )


class Diagnosis(RowSchema):
    """A diagnosis, whoever made it."""

    what = text("Diagnosis", required=ALWAYS)
    who = text("Made by", hint="Name and service")
    when = day("Date", when="past")
    evidence = choice("Does the school hold evidence?", EVIDENCE, pack_label="Evidence held")


def need_row(types: tuple[tuple[str, str], ...], ilr: tuple[tuple[str, str], ...]) -> type[RowSchema]:
    """One need: its type out of `types` and the category a college may record, out of `ilr`."""
    fields: dict[str, Any] = {
        "__doc__": "One type of need, ranked.",
        "in_order": (("start", "end", "The need cannot end before it started"),),
        "__module__": __name__,
        "type": choice(
            "Type of need",
            types,
            required=ALWAYS,
            from_ctf=True,
            card=audiences.COORDINATORS | audiences.SENDING_TEAM | audiences.SUPPORT,
            source="School census SEN types",
        ),
        "rank": number(
            "Rank",
            hint="1 for the main need",
            least=1,
            most=99,
            required=ALWAYS,
            from_ctf=True,
            prefilled=True,
            source="CTF SENtypeRank",
        ),
        "start": day("Since", when="past", from_ctf=True),
        "end": day("Until", from_ctf=True),
        "ilr_category": choice(
            "Suggested category for the college's learner record",
            ilr,
            hint="Only a suggestion: the learner says what is recorded about them",
            source="ILR LLDDCat: completed by the learner's own assessment",
            pack_label="Suggested ILR category",
        ),
    }
    return type("NeedRow", (RowSchema,), fields)


def needs_section(
    types: tuple[tuple[str, str], ...], ilr: tuple[tuple[str, str], ...]
) -> type[SectionSchema]:
    """The section on needs, diagnosis and the state of an assessment."""
    body: dict[str, Any] = {
        "__doc__": "What the needs are. A need counts without a diagnosis.",
        "__module__": __name__,
        "about": AboutSection(
            name="needs",
            title="Needs and diagnosis",
            owner="transition",
            audience=audiences.SUPPORT,
            lawful_basis=lawful_bases.EQUALITY,
            reader_order=160,
            withholdable=True,
        ),
        "extra_help": yes_no(
            "Does the learner need extra help with the move, even without SEN support or a plan?",
            hint="For example, because of anxiety or an injury",
            pack_label="Needs extra help with the move",
        ),
        "needs": rows(
            "What are the needs?",
            need_row(types, ilr),
            row_word="need",
            ranked="rank",
            unique=True,
            most=8,
            hint="As recorded for the school census. The main need comes first. A diagnosis is not necessary",
            asked=conditions.SEN,
            required=ALWAYS,
            from_ctf=True,
            card=audiences.COORDINATORS | audiences.SENDING_TEAM | audiences.SUPPORT,
            source="School census SEN types",
            pack_label="Needs",
        ),
        "diagnoses": rows(
            "Are there any diagnoses?",
            Diagnosis,
            row_word="diagnosis",
            most=8,
            asked=conditions.SEN_OR_FLAGGED,
            may_be_attached=True,
            pack_label="Diagnoses",
        ),
        "assessment": choice(
            "Is an assessment for an EHC plan under way?",
            needs_codes.EHC_ASSESSMENT_STATES,
            asked=conditions.SEN_SUPPORT,
            required=ALWAYS,
            source="Children and Families Act 2014 s.36",
            pack_label="Assessment for an EHC plan",
        ),
    }
    return type("Needs", (SectionSchema,), body)
