"""What the learner and family know and want: told, what is held back, objection to sharing with the council."""

from __future__ import annotations

from schemas.core import audiences, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS, Is
from transition_exchange.proforma.fields import SectionSchema, choice, choices, day, long_text, yes_no
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import learner_codes
from transition_exchange.proforma.values import Choices

LEARNER_TOLD = Is("told.learner_told", (True,), "the learner has been told")
PARENT_TOLD = Is("told.parent_told", (True,), "a parent or carer has been told")
SOME_WITHHELD = Is("sharing.agreed", ("some",), "something is not to be passed on")
OBJECTS = Is("objection.objection", ("by_parent", "by_learner"), "there is an objection")
CODE_OF_PRACTICE = "SEND Code of Practice: agree with the learner and parents what is passed on"

AGREED = (("all", "Everything"), ("some", "Everything except the parts chosen below"))

# Only sections that a learner or family may hold back; whose names these are a test compares with the sections.
WITHHOLDABLE = (
    ("needs", "Needs and diagnosis"),
    ("own_words", "In their own words"),
    ("what_helps", "What helps"),
    ("support", "Support in place"),
    ("services", "Specialist services"),
    ("adulthood", "Preparing for adulthood"),
    ("attendance_support", "Part-time timetable and barriers to attending"),
    ("health", "Health"),
    ("daily_living", "Mobility and personal care"),
    ("circumstances", "Circumstances"),
    ("neet_risk", "Careers support and risk of dropping out"),
)


class Told(SectionSchema):
    """Whether learner and parents know that this is passed on."""

    about = AboutSection(
        name="told",
        title="Who has been told",
        owner="transition",
        audience=audiences.SUPPORT_AND_SAFEGUARDING,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=330,
    )
    learner_told = yes_no(
        "Does the learner know that this information goes to the next place?",
        required=ALWAYS,
        year_group=True,
        source=CODE_OF_PRACTICE,
        pack_label="Learner told",
    )
    learner_told_on = day(
        "When was the learner told?", when="past", asked=LEARNER_TOLD, required=ALWAYS, year_group=True
    )
    learner_told_how = choice(
        "How was the learner told?",
        learner_codes.TOLD_METHODS,
        asked=LEARNER_TOLD,
        required=ALWAYS,
        year_group=True,
    )
    parent_told = yes_no(
        "Do the parents or carers know?",
        required=ALWAYS,
        may_not_apply=True,
        year_group=True,
        source=CODE_OF_PRACTICE,
        pack_label="Parents or carers told",
    )
    parent_told_on = day(
        "When were they told?", when="past", asked=PARENT_TOLD, required=ALWAYS, year_group=True
    )
    parent_told_how = choice(
        "How were they told?", learner_codes.TOLD_METHODS, asked=PARENT_TOLD, required=ALWAYS, year_group=True
    )


class SharingBase(SectionSchema):
    """What may be passed on. What is held back here is not sealed for anybody."""

    about = AboutSection(
        name="sharing",
        title="What may be passed on",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=340,
        order=("agreed", "withheld", "withheld_why"),
    )
    agreed = choice(
        "What have the learner and family agreed to pass on?",
        AGREED,
        required=ALWAYS,
        year_group=True,
        source=CODE_OF_PRACTICE,
        pack_label="Agreed to pass on",
    )
    withheld_why = long_text(
        "Why are these parts held back?",
        hint="The college will see the reason, not the parts",
        max_length=1000,
        asked=SOME_WITHHELD,
        required=ALWAYS,
        pack_label="Why parts are held back",
    )


def withheld(parts: tuple[tuple[str, str], ...]) -> Choices:
    """The question which of `parts` are held back."""
    return choices(
        "Which parts are not to be passed on?",
        parts,
        hint="Nobody at the college will get these",
        asked=SOME_WITHHELD,
        required=ALWAYS,
        pack_label="Parts held back",
    )


class Objection(SectionSchema):
    """An instruction not to give the council more than the law asks for."""

    about = AboutSection(
        name="objection",
        title="Objection to sharing with the council",
        owner="transition",
        audience=audiences.ADMISSIONS,
        lawful_basis=lawful_bases.PARTICIPATION,
        reader_order=350,
        intro=(
            "The council's NEET group helps young people who have no place yet. Until the 16th birthday a parent, "
            "and from then on the learner, may tell you to give the council only name, address, date of birth and "
            "the parents' names."
        ),
    )
    objection = choice(
        "Has anybody objected to sharing more with the council?",
        learner_codes.OBJECTIONS,
        required=ALWAYS,
        year_group=True,
        card=audiences.SENDING_TEAM,
        source="Education and Skills Act 2008 s.14(4) and s.72",
        pack_label="Objection to sharing with the council",
    )
    objection_date = day("When did they object?", when="past", asked=OBJECTS, required=ALWAYS)
