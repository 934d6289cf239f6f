"""Who the learner is: names and school, what enrolment needs, numbers."""

from __future__ import annotations

from schemas.core import audiences, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS, Is
from transition_exchange.proforma.fields import (
    SectionSchema,
    choice,
    day,
    identifier,
    number,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import learner_codes

OWN_CARDS = audiences.SENDING_TEAM | audiences.SCHOOL_SAFEGUARDING
ALL_CARDS = audiences.COORDINATORS | OWN_CARDS | audiences.EVERY_TEAM


class Learner(SectionSchema):
    """Names, date of birth and school: the only answers that every team sees."""

    about = AboutSection(
        name="learner",
        title="Name and school",
        owner="transition",
        audience=audiences.EVERY_TEAM,
        lawful_basis=lawful_bases.PARTICIPATION,
        reader_order=10,
    )
    legal_forename = text(
        "Legal first names",
        hint="As on the birth certificate, passport or deed poll",
        required=ALWAYS,
        from_ctf=True,
        card=ALL_CARDS,
        objection_card=audiences.COORDINATORS,
        source="CTF Forename",
    )
    legal_surname = text(
        "Legal surname",
        required=ALWAYS,
        from_ctf=True,
        card=ALL_CARDS,
        objection_card=audiences.COORDINATORS,
        source="CTF Surname",
    )
    date_of_birth = day(
        "Date of birth",
        hint="For example, 27 3 2011",
        when="past",
        required=ALWAYS,
        from_ctf=True,
        card=ALL_CARDS,
        objection_card=audiences.COORDINATORS,
        source="CTF DOB",
    )
    year_group = number(
        "Year group",
        hint="The year they are taught in now, such as 11",
        least=9,
        most=14,
        required=ALWAYS,
        from_ctf=True,
        source="CTF NCyearActual",
    )
    school_name = text(
        "School",
        required=ALWAYS,
        from_ctf=True,
        prefilled=True,
        card=ALL_CARDS - OWN_CARDS,
        source="CTF SourceSchool",
    )
    school_laestab = identifier(
        "School's DfE number",
        "laestab",
        hint="Seven digits, such as 372/8000. Say it does not apply if the learner is taught at home",
        required=ALWAYS,
        may_not_apply=True,
        from_ctf=True,
        prefilled=True,
        source="CTF SourceSchool LEA and Estab",
        pack_label="DfE number",
    )
    school_urn = identifier(
        "School's unique reference number (URN)",
        "urn",
        hint="Six digits, on Get Information about Schools. Say it does not apply if the learner is taught at home",
        required=ALWAYS,
        may_not_apply=True,
        from_ctf=True,
        prefilled=True,
        source="CTF SourceSchool URN",
        pack_label="URN",
    )


class KnownAs(SectionSchema):
    """What to call the learner, and in which language to talk with the family."""

    about = AboutSection(
        name="known_as",
        title="Preferred name and language",
        owner="transition",
        audience=audiences.ADMISSIONS_AND_SUPPORT,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=20,
    )
    preferred_name = text(
        "Preferred name",
        hint="What the learner likes to be called, if it differs from their legal name",
        from_ctf=True,
        card=audiences.SENDING_TEAM | audiences.ADMISSIONS_AND_SUPPORT,
        source="CTF PreferredForename",
    )
    pronouns = text("Pronouns", hint="Only if the learner has told you, such as she/her or they/them")
    first_language = choice("First language", learner_codes.LANGUAGES, from_ctf=True, source="CTF Languages")
    eal = yes_no(
        "Is English an additional language for the learner?",
        from_ctf=True,
        pack_label="English as an additional language",
    )
    contact_language = choice(
        "Language for talking and writing to the family",
        learner_codes.LANGUAGES,
        hint="Leave empty if it is English",
        from_ctf=True,
    )
    interpreter_needed = yes_no(
        "Does the family need an interpreter?",
        asked=Is(
            "known_as.contact_language",
            tuple(code for code, _ in learner_codes.LANGUAGES if code != "ENG"),
            "the family's language is not English",
        ),
        required=ALWAYS,
        pack_label="Interpreter needed",
    )


class EnrolmentBase(SectionSchema):
    """What an admissions team types into its own system. The versions add the legal sex in words of their own."""

    about = AboutSection(
        name="enrolment",
        title="For enrolment",
        owner="transition",
        audience=audiences.ADMISSIONS,
        lawful_basis=lawful_bases.PARTICIPATION,
        reader_order=300,
        order=("sex", "gender"),
    )
    upn = identifier(
        "Unique pupil number (UPN)",
        "upn",
        hint="A letter and 12 characters, such as P207000016049",
        required=ALWAYS,
        or_else="upn_missing_reason",
        from_ctf=True,
        card=audiences.COORDINATORS | audiences.SENDING_TEAM | audiences.ADMISSIONS,
        source="DfE UPN standard: check letter",
        pack_label="UPN",
    )
    upn_missing_reason = choice(
        "If there is no UPN, why not?",
        learner_codes.UPN_MISSING_REASONS,
        hint="Only if you left the UPN empty",
        source="In the style of SSDA903 codes UN1 to UN5",
        pack_label="Why there is no UPN",
    )
    address_line_1 = text(
        "Address line 1",
        required=ALWAYS,
        from_ctf=True,
        objection_card=audiences.NEET_GROUP,
        source="CTF Address",
    )
    address_line_2 = text("Address line 2", from_ctf=True, objection_card=audiences.NEET_GROUP)
    town = text("Town or city", required=ALWAYS, from_ctf=True, objection_card=audiences.NEET_GROUP)
    postcode = identifier(
        "Postcode",
        "postcode",
        required=ALWAYS,
        from_ctf=True,
        objection_card=audiences.NEET_GROUP,
        source="CTF PostCode",
    )
    phone = identifier(
        "Learner's phone number",
        "phone",
        hint="A mobile if they have one",
        required=ALWAYS,
        may_not_apply=True,
        from_ctf=True,
        source="CTF Phones",
        pack_label="Phone",
    )
    email = identifier(
        "Learner's e-mail address",
        "email",
        hint="One they will still have after leaving school",
        required=ALWAYS,
        may_not_apply=True,
        from_ctf=True,
        source="CTF Email",
        pack_label="E-mail",
    )
    home_la = identifier(
        "Home council's code",
        "la_code",
        hint="Three digits, the council of the home address. It may differ from the school's. Rotherham is 372",
        required=ALWAYS,
        year_group=True,
        source="Education and Skills Act 2008 s.13(4)",
        pack_label="Home council",
    )
    free_school_meals = yes_no(
        "Does the learner get free school meals or the pupil premium?",
        hint="It can open the 16 to 19 bursary to them",
        required=ALWAYS,
        from_ctf=True,
        source="CTF FSMhistory",
        pack_label="Free school meals or pupil premium",
    )


class Numbers(SectionSchema):
    """The numbers that admissions and exams teams both need."""

    about = AboutSection(
        name="numbers",
        title="Learner and exam numbers",
        owner="transition",
        audience=audiences.ADMISSIONS_AND_EXAMS,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=310,
    )
    uln = identifier(
        "Unique learner number (ULN)",
        "uln",
        hint="10 digits",
        required=ALWAYS,
        or_else="uln_not_known",
        from_ctf=True,
        card=audiences.NEET_GROUP | audiences.SENDING_TEAM | audiences.ADMISSIONS_AND_EXAMS,
        source="Learning Records Service: check digit",
        pack_label="ULN",
    )
    uln_not_known = yes_no(
        "Is the ULN not known?",
        hint="Answer yes only if you left the ULN empty",
        pack_label="ULN not known",
    )
    uci = text(
        "Unique candidate identifier (UCI)",
        hint="13 characters, on the statement of exam entries",
        max_length=13,
        from_ctf=True,
        source="CTF UCI",
        pack_label="UCI",
    )
    former_upn = identifier(
        "Former UPN",
        "upn",
        hint="If the learner had another one before",
        from_ctf=True,
        source="CTF FormerUPN",
    )
