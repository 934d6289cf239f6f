"""The people at home, and those who must not be contacted."""

from __future__ import annotations

from schemas.core import audiences, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.fields import (
    RowSchema,
    SectionSchema,
    choice,
    identifier,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import learner_codes


class Contact(RowSchema):
    """A parent, carer or other adult to get in touch with."""

    name = text("Full name", required=ALWAYS, from_ctf=True, objection_card=audiences.NEET_GROUP)
    relationship = choice(
        "Relationship to the learner", learner_codes.RELATIONSHIPS, required=ALWAYS, from_ctf=True
    )
    parental_responsibility = yes_no(
        "Do they have parental responsibility?",
        required=ALWAYS,
        from_ctf=True,
        pack_label="Parental responsibility",
    )
    phone = identifier("Phone number", "phone", required=ALWAYS, or_else="email", from_ctf=True)
    email = identifier("E-mail address", "email", from_ctf=True)


class Contacts(SectionSchema):
    """The people at home."""

    about = AboutSection(
        name="contacts",
        title="Parents and carers",
        owner="transition",
        audience=audiences.ADMISSIONS_SUPPORT_AND_SAFEGUARDING,
        lawful_basis=lawful_bases.PARTICIPATION,
        reader_order=152,
        intro="Do not enter anybody here who must not be contacted. There is a separate question for that.",
    )
    contacts = rows(
        "Who should the college talk to at home?",
        Contact,
        row_word="contact",
        most=8,
        required=ALWAYS,
        from_ctf=True,
        objection_card=audiences.NEET_GROUP,
        source="CTF Contacts",
        pack_label="Contacts",
    )


class NotToContact(RowSchema):
    """Somebody who must not be contacted."""

    name = text("Full name", required=ALWAYS)
    relationship = text("Relationship to the learner")
    why = text("What staff need to know", hint="For example, a court order and its date", max_length=500)


class DoNotContact(SectionSchema):
    """People who must not be contacted; never in the list that admissions sees."""

    about = AboutSection(
        name="do_not_contact",
        title="Who must not be contacted",
        owner="transition",
        audience=audiences.SUPPORT_AND_SAFEGUARDING,
        lawful_basis=lawful_bases.CHILD_SAFETY,
        reader_order=70,
    )
    people = rows(
        "Is there anybody who must not be contacted?",
        NotToContact,
        row_word="person",
        most=6,
        hint="Admissions staff will not see this. Leave empty if there is nobody",
        pack_label="Must not be contacted",
    )
