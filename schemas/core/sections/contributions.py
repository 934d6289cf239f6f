"""What health and social care say, each dated and sourced."""

from __future__ import annotations

from schemas.core import audiences, conditions, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.fields import RowSchema, SectionSchema, day, long_text, rows, text, yes_no
from transition_exchange.proforma.model import AboutSection


class Contribution(RowSchema):
    """What somebody from health or social care says; the standard asks for a dated source at least."""

    service = text("Service", hint="Such as CAMHS, the children's disability team or a GP", required=ALWAYS)
    name = text("Name")
    role = text("Role")
    on = day("Date", when="past", required=ALWAYS, old_after_days=365)
    words = long_text("What they say", hint="In their words, or see their report", max_length=2500)


class Contributions(SectionSchema):
    """Health and social care, each dated and sourced."""

    about = AboutSection(
        name="contributions",
        title="Health and social care",
        owner="transition",
        audience=audiences.SUPPORT,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=195,
        withholdable=True,
        asked=conditions.SEN_OR_FLAGGED,
    )
    contributions = rows(
        "What do health and social care say?",
        Contribution,
        row_word="contribution",
        most=10,
        required=conditions.EHC_PLAN,
        or_else="none_offered",
        may_be_attached=True,
        pack_label="Contributions",
    )
    none_offered = yes_no(
        "Did you ask, and no contribution was offered?",
        hint="Answer yes only if you left the question above empty",
        pack_label="Asked, and none offered",
    )
