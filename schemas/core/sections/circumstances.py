"""Care and other circumstances; and what the system itself adds."""

from __future__ import annotations

from schemas.core import audiences, conditions, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.fields import SectionSchema, choice, choices, day, identifier, text, yes_no
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import circumstance_codes

CIRCUMSTANCES = (
    ("young_carer", "Young carer"),
    ("young_parent", "Young parent or pregnant"),
    ("refugee", "Refugee or asylum seeker"),
    ("service_child", "Child of service personnel"),
    ("gypsy_roma_traveller", "Gypsy, Roma or Traveller"),
)


class Care(SectionSchema):
    """Children in care, and those who were."""

    about = AboutSection(
        name="care",
        title="Care",
        owner="transition",
        audience=audiences.SUPPORT_AND_SAFEGUARDING,
        lawful_basis=lawful_bases.STATUTORY_SEND,
        reader_order=210,
    )
    in_care = yes_no(
        "Is the learner in care (looked after by a council)?",
        required=ALWAYS,
        from_ctf=True,
        card=audiences.NEET_GROUP | audiences.SENDING_TEAM,
        source="CTF LookedAfter InCare; Children Act 1989",
        pack_label="In care",
    )
    history = choices(
        "Does any of these apply?",
        circumstance_codes.CARE_HISTORIES,
        hint="Choose all that apply, or none",
        pack_label="Care history",
    )
    authority = identifier(
        "Code of the council responsible for care",
        "la_code",
        hint="Three digits. Rotherham is 372",
        asked=conditions.CARE,
        required=ALWAYS,
        from_ctf=True,
        source="CTF CareAuthority",
        pack_label="Council responsible for care",
    )
    legal_status = choice(
        "Legal status",
        circumstance_codes.CARE_LEGAL_STATUSES,
        asked=conditions.IN_CARE,
        required=ALWAYS,
        pack_label="Legal status",
    )
    social_worker = text(
        "Social worker or personal adviser",
        hint="Name and how to reach them",
        max_length=200,
        asked=conditions.CARE,
        required=ALWAYS,
    )
    virtual_school = text(
        "Contact at the Virtual School",
        hint="Name and how to reach them",
        max_length=200,
        asked=conditions.CARE,
        required=ALWAYS,
        pack_label="Virtual School contact",
    )
    education_plan = yes_no(
        "Is there a personal education plan (PEP)?",
        hint="If so, attach the last one",
        asked=conditions.CARE,
        required=ALWAYS,
        pack_label="Personal education plan (PEP)",
    )


class Circumstances(SectionSchema):
    """What else may need support or open a bursary."""

    about = AboutSection(
        name="circumstances",
        title="Circumstances",
        owner="transition",
        audience=audiences.SUPPORT_AND_SAFEGUARDING,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=220,
        withholdable=True,
    )
    circumstances = choices(
        "Does any of these apply to the learner?",
        CIRCUMSTANCES,
        hint="Only what the learner and family are happy to pass on. Leave empty if none applies",
        pack_label="Applies to the learner",
    )


class Assurance(SectionSchema):
    """Who stands for this record. Written by the system at each release."""

    about = AboutSection(
        name="assurance",
        title="Who completed this",
        owner="transition",
        audience=audiences.EVERY_TEAM,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=400,
    )
    completed_by = text("Completed by", system=True)
    completed_role = text("Role", system=True)
    checked_by = text("Checked by", system=True)
    completed_on = day("Date", system=True)
    version = text("Version of the form", system=True)
