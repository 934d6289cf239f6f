"""The EHC plan, and preparing for adulthood."""

from __future__ import annotations

from schemas.core import audiences, conditions, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS, Is
from transition_exchange.proforma.fields import (
    RowSchema,
    SectionSchema,
    choice,
    choices,
    day,
    identifier,
    long_text,
    money,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import needs_codes

REGULATION_18 = "SEND Regulations 2014 reg 18(1)(a)"
CONSULTED = Is(
    "ehc_plan.consultation",
    ("sent", "can_meet_need", "cannot_meet_need", "named"),
    "the setting has been consulted",
)
TOP_UP = Is("ehc_plan.top_up", (True,), "there is top-up funding")


class EhcPlan(SectionSchema):
    """Where the plan stands and who to ring about it."""

    about = AboutSection(
        name="ehc_plan",
        title="EHC plan",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.STATUTORY_SEND,
        reader_order=180,
        asked=conditions.EHC_PLAN,
    )
    maintaining_la = identifier(
        "Code of the council that maintains the plan",
        "la_code",
        hint="Three digits. Rotherham is 372",
        required=ALWAYS,
        offer_from="enrolment.home_la",
        source="Children and Families Act 2014 s.37",
        pack_label="Council that maintains the plan",
    )
    plan_reference = text("Plan or case reference", required=ALWAYS, may_not_apply=True)
    caseworker_name = text("Caseworker at the council", pack_label="Caseworker")
    caseworker_contact = text(
        "How to reach the caseworker",
        hint="Phone or e-mail",
        required=ALWAYS,
        pack_label="Caseworker's contact",
    )
    last_review = day(
        "When was the last annual review?",
        when="past",
        required=ALWAYS,
        old_after_days=365,
        source="Children and Families Act 2014 s.44",
        pack_label="Last annual review",
    )
    final_issued = day(
        "When was the final amended plan issued?",
        when="past",
        hint=(
            "The council has to issue it before 31 March of the year the learner leaves. "
            "If it has not come, say so: it is the council's duty, not yours"
        ),
        required=ALWAYS,
        source=REGULATION_18,
        pack_label="Final amended plan issued",
    )
    setting_named = text(
        "Which place does section I of the plan name?",
        required=ALWAYS,
        offer_from="destinations.destinations.provider_name",
        may_not_apply=True,
        pack_label="Place named in section I",
    )
    consultation = choice(
        "Has the next place been consulted?",
        needs_codes.CONSULTATION_STATES,
        required=ALWAYS,
        source="Children and Families Act 2014 s.39",
        pack_label="Consultation",
    )
    consulted_on = day(
        "When was it consulted?", when="past", asked=CONSULTED, required=ALWAYS, pack_label="Consulted on"
    )
    sections_attached = choices(
        "Which sections of the plan are attached?",
        needs_codes.EHC_PLAN_SECTIONS,
        required=ALWAYS,
        may_not_apply=True,
        source="SEND Regulations 2014 reg 12",
        pack_label="Sections attached",
    )
    personal_budget = yes_no("Is there a personal budget?", required=ALWAYS, pack_label="Personal budget")
    top_up = yes_no(
        "Is there top-up funding (element 3)?", required=ALWAYS, pack_label="Top-up funding (element 3)"
    )
    top_up_value = money(
        "How much top-up funding a year?",
        asked=TOP_UP,
        required=ALWAYS,
        may_not_apply=True,
        hint="Say it does not apply if your council works with bands, and give the band below",
        pack_label="Top-up funding a year",
    )
    top_up_band = text("Which band?", asked=TOP_UP, pack_label="Top-up band")


class AdulthoodBase(SectionSchema):
    """What every version asks about adulthood. How outcomes are asked differs, and comes first."""

    about = AboutSection(
        name="adulthood",
        title="Preparing for adulthood",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.STATUTORY_SEND,
        reader_order=190,
        withholdable=True,
        asked=conditions.SEN,
        order=(
            "outcomes",
            "outcome_employment",
            "outcome_independent_living",
            "outcome_community",
            "outcome_health",
        ),
    )
    # Work and independent living are asked for by name (fields 33a and 33b), because plans had little of them.
    vocational = long_text(
        "Vocational training and work: what is planned, and what is needed?",
        hint="Work experience, a supported internship, travel to work, a job coach",
        max_length=2500,
        asked=conditions.SEN,
        required=conditions.EHC_PLAN,
        may_be_attached=True,
        source="SEND Code of Practice chapter 8",
        pack_label="Vocational training and work",
    )
    independent_living = long_text(
        "Independent living: what is planned, and what is needed?",
        hint="Cooking, money, travelling alone, looking after health, a home of their own",
        max_length=2500,
        asked=conditions.SEN,
        required=conditions.EHC_PLAN,
        may_be_attached=True,
        source="SEND Code of Practice chapter 8",
        pack_label="Independent living",
    )


class Outcome(RowSchema):
    """What the learner means to reach, and the way there."""

    area = choice("Part of life", needs_codes.PFA_AREAS, required=ALWAYS)
    outcome = long_text(
        "What will the learner be able to do?",
        hint="In one sentence that only fits this learner, such as: Ali takes the bus to college alone",
        max_length=1500,
        required=ALWAYS,
        pack_label="Outcome",
    )
    # With a plan the standard asks for the way there; without one its absence is only pointed out.
    steps = long_text("Steps to get there", max_length=1500, required=conditions.EHC_PLAN, pack_label="Steps")
    who = text("Who helps", required=conditions.EHC_PLAN)
    by_when = day("By when", required=conditions.EHC_PLAN)


class Adulthood(AdulthoodBase):
    """Outcomes as rows, each with its steps, who helps and by when."""

    outcomes = rows(
        "Which outcomes is the learner working towards?",
        Outcome,
        row_word="outcome",
        most=12,
        hint="One for each part of life, if you can: work, independent living, friends and community, health",
        required=conditions.EHC_PLAN,
        source="SEND Code of Practice chapter 8",
        pack_label="Outcomes",
    )
