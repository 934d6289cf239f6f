"""What the safeguarding team writes and releases itself. The child protection file never travels here."""

from __future__ import annotations

from schemas.core import audiences, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS, Is
from transition_exchange.proforma.fields import (
    SectionSchema,
    choice,
    choices,
    day,
    identifier,
    long_text,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import circumstance_codes

KCSIE = "Keeping children safe in education: transfer of the child protection file"
FILE_EXISTS = (
    ("yes", "Yes"),
    ("no", "No, there is nothing to pass on"),
    ("not_disclosed", "Not said here. Please ring the safeguarding lead"),
)
ROUTES = (
    ("by_hand", "Handed over in person"),
    ("secure_system", "Through a safeguarding system"),
    ("secure_email", "By encrypted e-mail"),
    ("tracked_post", "By tracked post"),
)
THERE_IS_A_FILE = Is("safeguarding.file_exists", ("yes",), "there is a safeguarding file")
SENT = Is("safeguarding.file_sent", (True,), "the file has been sent")


class Safeguarding(SectionSchema):
    """A pointer, two safeguarding leads, dates and a receipt; not the file."""

    about = AboutSection(
        name="safeguarding",
        title="Safeguarding file",
        owner="school_safeguarding",
        audience=audiences.SAFEGUARDING,
        lawful_basis=lawful_bases.CHILD_SAFETY_AND_JUSTICE,
        reader_order=36,
        intro=(
            "Do not describe concerns here. The file itself goes to the next safeguarding lead by the route you use "
            "now. Only the receiving safeguarding team can read this."
        ),
    )
    in_order = (("sent_on", "receipt_on", "The file cannot have arrived before it was sent"),)
    file_exists = choice(
        "Is there a safeguarding file?",
        FILE_EXISTS,
        required=ALWAYS,
        year_group=True,
        card=audiences.SAFEGUARDING,
        source=KCSIE,
        pack_label="Safeguarding file",
    )
    lead_name = text(
        "Name of your designated safeguarding lead",
        required=ALWAYS,
        year_group=True,
        pack_label="Safeguarding lead",
    )
    lead_phone = identifier(
        "Their phone number", "phone", required=ALWAYS, year_group=True, pack_label="Phone"
    )
    lead_email = identifier("Their e-mail address", "email", year_group=True, pack_label="E-mail")
    route = choice(
        "How does the file go to the next place?",
        ROUTES,
        asked=THERE_IS_A_FILE,
        required=ALWAYS,
        source=KCSIE,
        pack_label="Route of the file",
    )
    file_sent = yes_no(
        "Has the file been sent?", asked=THERE_IS_A_FILE, required=ALWAYS, pack_label="File sent"
    )
    sent_on = day(
        "When was it sent?", when="past", asked=SENT, required=ALWAYS, source=KCSIE, pack_label="File sent on"
    )
    receipt_on = day(
        "When did the next place confirm that it has the file?",
        when="past",
        asked=SENT,
        required=ALWAYS,
        source=KCSIE,
        pack_label="Receipt confirmed on",
    )
    status = choices(
        "What is the status now?",
        circumstance_codes.SAFEGUARDING_STATUSES,
        asked=THERE_IS_A_FILE,
        required=ALWAYS,
        hint="Choose all that apply",
        pack_label="Status now",
    )
    youth_justice = yes_no(
        "Is the youth justice service involved?",
        hint="Only the fact. Details go from safeguarding lead to safeguarding lead",
        pack_label="Youth justice service involved",
    )


class DayOneSafety(SectionSchema):
    """What cannot wait until the file arrives."""

    about = AboutSection(
        name="day_one_safety",
        title="Safety on the first day",
        owner="school_safeguarding",
        audience=audiences.SUPPORT_AND_SAFEGUARDING,
        lawful_basis=lawful_bases.CHILD_SAFETY,
        reader_order=35,
        intro=(
            "Only what the next place has to know before the file arrives. Learning support and the safeguarding "
            "team can read this. Leave it empty if there is nothing."
        ),
    )
    information = long_text(
        "What must the next place know to keep everybody safe on the first day?",
        max_length=2000,
        source=KCSIE,
        pack_label="To know on the first day",
    )
    ring = text("Whom to ring", hint="Name and phone number", max_length=200)
