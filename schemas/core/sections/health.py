"""Health, access, risk and transport: what has to be right on the first day."""

from __future__ import annotations

from schemas.core import audiences, conditions, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS, AnyOf, Is
from transition_exchange.proforma.fields import (
    RowSchema,
    SectionSchema,
    choice,
    choices,
    day,
    long_text,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import destination_codes

MEDICAL = Is("health.medical", (True,), "there is a medical condition")
NEEDS_HELP_MOVING = Is("daily_living.needed", (True,), "help with moving or personal care is needed")
DAILY_LIVING = AnyOf((conditions.PHYSICAL_DISABILITY, NEEDS_HELP_MOVING))
HAS_RISK = Is("risk.assessed", (True,), "there is a risk assessment")
TRAVELS = AnyOf((conditions.EHC_PLAN, conditions.PHYSICAL_DISABILITY))
MOBILITY = (
    ("independent", "Moves around without help"),
    ("aid", "Uses a walking aid"),
    ("wheelchair_self", "Uses a wheelchair without help"),
    ("wheelchair_helped", "Uses a wheelchair with help"),
    ("other", "In another way"),
)
CARE_NEEDS = (
    ("none", "No help"),
    ("some", "Some help, such as reminders or preparing food"),
    ("full", "Help with washing, dressing, toilet or eating"),
)
RISKS = (
    ("self", "To themselves"),
    ("others", "To other people"),
    ("from_others", "From other people"),
    ("absconding", "Leaving the site"),
    ("lone_working", "For staff working alone with the learner"),
)
TRAVEL_TRAINING = (
    ("not_needed", "Not needed"),
    ("needed", "Needed"),
    ("under_way", "Under way"),
    ("done", "Done"),
)
COUNCIL_TRANSPORT = (
    ("not_needed", "Not needed"),
    ("to_apply", "Still to be applied for"),
    ("applied", "Applied for"),
    ("agreed", "Agreed"),
    ("refused", "Refused"),
)


class Condition(RowSchema):
    """A medical condition and what to do."""

    condition = text("Condition", required=ALWAYS)
    medication = text("Medication", hint="Name, dose, when, and where it is kept", max_length=500)
    emergency = long_text(
        "What to do in an emergency",
        hint="If there is nothing special, say whom to ring",
        max_length=1500,
        required=ALWAYS,
        pack_label="In an emergency",
    )


class Health(SectionSchema):
    """For whoever is called when the learner is unwell."""

    about = AboutSection(
        name="health",
        title="Health",
        owner="transition",
        audience=audiences.SUPPORT_AND_SAFEGUARDING,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=40,
        withholdable=True,
        intro="First aiders at the next place are told what they need by learning support.",
    )
    medical = yes_no(
        "Does the learner have a medical condition that staff need to know about?",
        required=ALWAYS,
        from_ctf=True,
        source="CTF MedicalFlag; Children and Families Act 2014 s.100",
        pack_label="Medical condition",
    )
    conditions = rows(
        "Medical conditions",
        Condition,
        row_word="condition",
        most=10,
        asked=MEDICAL,
        required=ALWAYS,
        may_be_attached=True,
    )
    allergies = long_text("Allergies", hint="What to, and how it shows", max_length=1000, asked=MEDICAL)
    dietary = long_text(
        "Diet", hint="What the learner must not eat, or needs to eat", max_length=1000, asked=MEDICAL
    )
    care_plan = yes_no(
        "Is there an individual healthcare plan?",
        hint="If so, attach it",
        asked=MEDICAL,
        required=ALWAYS,
        pack_label="Individual healthcare plan",
    )
    consent = text(
        "Who may agree to medical treatment?",
        hint="Name and phone number",
        asked=MEDICAL,
        required=ALWAYS,
        pack_label="May agree to treatment",
    )


class DailyLiving(SectionSchema):
    """Getting around, personal care, getting out in an emergency."""

    about = AboutSection(
        name="daily_living",
        title="Mobility and personal care",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=45,
        withholdable=True,
    )
    needed = yes_no(
        "Does the learner need help with moving around or personal care?",
        pack_label="Help with moving around or personal care",
    )
    mobility = choice(
        "How does the learner move around?",
        MOBILITY,
        asked=DAILY_LIVING,
        required=ALWAYS,
        pack_label="Mobility",
    )
    personal_care = choice(
        "What help with personal care is needed?",
        CARE_NEEDS,
        asked=DAILY_LIVING,
        required=ALWAYS,
        pack_label="Personal care",
    )
    evacuation_plan = yes_no(
        "Is a personal emergency evacuation plan (PEEP) needed?",
        asked=DAILY_LIVING,
        required=ALWAYS,
        pack_label="Personal emergency evacuation plan needed",
    )
    details = long_text(
        "What else does the next place need to prepare?",
        hint="Lifts, toilets, seating, doors, breaks",
        max_length=1500,
        asked=DAILY_LIVING,
        may_be_attached=True,
        pack_label="To prepare",
    )


class Risk(SectionSchema):
    """That there is a risk assessment, and of what kind."""

    about = AboutSection(
        name="risk",
        title="Risk assessments",
        owner="transition",
        audience=audiences.SUPPORT_AND_SAFEGUARDING,
        lawful_basis=lawful_bases.CHILD_SAFETY,
        reader_order=50,
    )
    assessed = yes_no("Is there a risk assessment?", hint="If so, attach it", pack_label="Risk assessment")
    kinds = choices(
        "What risk is it about?", RISKS, asked=HAS_RISK, required=ALWAYS, pack_label="Kind of risk"
    )
    assessed_on = day(
        "When was it written or last reviewed?",
        when="past",
        asked=HAS_RISK,
        required=ALWAYS,
        old_after_days=365,
        pack_label="Last reviewed",
    )


class Transport(SectionSchema):
    """How the learner gets there."""

    about = AboutSection(
        name="transport",
        title="Travel",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=175,
        asked=TRAVELS,
    )
    travel = choice(
        "How will the learner travel?",
        destination_codes.TRAVEL,
        required=ALWAYS,
        pack_label="Way of travelling",
    )
    travel_training = choice(
        "Is travel training needed?", TRAVEL_TRAINING, required=ALWAYS, pack_label="Travel training"
    )
    council_transport = choice(
        "Has transport from the council been applied for?",
        COUNCIL_TRANSPORT,
        required=ALWAYS,
        source="The council's post-16 transport policy statement",
        pack_label="Transport from the council",
    )
