"""What the learner is waiting for: referrals that have not been answered."""

from __future__ import annotations

from schemas.core import audiences, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS, Is
from transition_exchange.proforma.fields import (
    RowSchema,
    SectionSchema,
    choice,
    day,
    long_text,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection
from transition_exchange.proforma.rules import needs_codes

WAITING = Is("waiting.waiting", (True,), "the learner is waiting for something")


class Wait(RowSchema):
    """Something the learner is waiting for."""

    waiting_for = choice("Waiting for", needs_codes.WAITING_FOR, required=ALWAYS)
    referred_on = day("Referred on", when="past", required=ALWAYS)
    referred_by = text("Referred by", required=ALWAYS)
    meanwhile = long_text("Support meanwhile", max_length=1000, required=ALWAYS)
    ring = text(
        "Whom to ring about it",
        hint="Name and phone number",
        max_length=200,
        required=ALWAYS,
        pack_label="Whom to ring",
    )


class Waiting(SectionSchema):
    """Referrals that have not been answered. A need counts without a diagnosis."""

    about = AboutSection(
        name="waiting",
        title="Waiting for",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=165,
        withholdable=True,
    )
    waiting = yes_no(
        "Is the learner waiting for an assessment or a therapy?",
        hint="Such as an autism or ADHD assessment, CAMHS, occupational therapy or speech and language therapy",
        required=ALWAYS,
        year_group=True,
        pack_label="Waiting for something",
    )
    waits = rows(
        "What are they waiting for?",
        Wait,
        row_word="referral",
        most=8,
        asked=WAITING,
        required=ALWAYS,
        may_be_attached=True,
        pack_label="Referrals",
    )
