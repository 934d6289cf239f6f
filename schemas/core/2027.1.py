"""core/2027.1: the pro-forma for those in Year 11 in 2026/27. Agreed; it never changes again.

New against core/2026.1: the legal sex as CTF 25 names it, Down syndrome among the types of need, outcomes as rows
of outcome, steps, who and by when, "waiting for", contributions from health and social care, the status "place
allocated". Gone: the JCQ consent form.
"""

from transition_exchange.proforma.building import build
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
from transition_exchange.proforma.rules import code_sets

from .frozen import (
    attendance,
    circumstances,
    contacts,
    destinations,
    exams,
    health,
    learner,
    needs,
    plan,
    rule_sets,
    safeguarding,
    sharing,
    support,
    terms,
)
from .frozen.attachments import ATTACHMENT_KINDS
from .frozen.from_2026_1 import carry_over
from .frozen.ilr import CATEGORIES_2027
from .frozen.pages import pages

WAITING = Is("waiting.waiting", (True,), "the learner is waiting for something")


class Enrolment(learner.EnrolmentBase):
    """For enrolment, with the legal sex as CTF 25 has it."""

    sex = choice(
        "Sex",
        code_sets.SEX,
        hint="The legal sex, as in the school's own records",
        required=ALWAYS,
        from_ctf=True,
        source="CTF 25 Sex",
    )


class Sharing(sharing.SharingBase):
    """What may be passed on."""

    withheld = sharing.withheld(
        (*sharing.WITHHOLDABLE, ("waiting", "Waiting for"), ("contributions", "Health and social care"))
    )


class Outcome(RowSchema):
    """What the learner means to reach, and the way there."""

    area = choice("Part of life", code_sets.PFA_AREAS, required=ALWAYS)
    outcome = long_text(
        "What will the learner be able to do?",
        hint="In one sentence that only fits this learner, such as: Ali takes the bus to college alone",
        max_length=1500,
        required=ALWAYS,
        pack_label="Outcome",
    )
    # With a plan the standard asks for the way there; without one its absence is only pointed out.
    steps = long_text("Steps to get there", max_length=1500, required=terms.EHC_PLAN, pack_label="Steps")
    who = text("Who helps", required=terms.EHC_PLAN)
    by_when = day("By when", required=terms.EHC_PLAN)


class Adulthood(SectionSchema):
    """Outcomes with steps; work and independent living by name."""

    about = plan.ADULTHOOD
    outcomes = rows(
        "Which outcomes is the learner working towards?",
        Outcome,
        row_word="outcome",
        most=12,
        hint="One for each part of life, if you can: work, independent living, friends and community, health",
        required=terms.EHC_PLAN,
        source="SEND Code of Practice chapter 8",
        pack_label="Outcomes",
    )
    vocational = plan.vocational()
    independent_living = plan.independent_living()


class Wait(RowSchema):
    """Something the learner is waiting for."""

    waiting_for = choice("Waiting for", code_sets.WAITING_FOR, required=ALWAYS)
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
        audience=terms.SUPPORT,
        lawful_basis=terms.EQUALITY,
        reader_order=165,
        withholdable=True,
    )
    waiting = yes_no(
        "Is the learner waiting for an assessment or a therapy?",
        hint="Such as an autism or ADHD assessment, CAMHS, occupational therapy or speech and language therapy",
        required=ALWAYS,
        cohort=True,
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
        audience=terms.SUPPORT,
        lawful_basis=terms.EQUALITY,
        reader_order=195,
        withholdable=True,
        asked=terms.SEN_OR_FLAGGED,
    )
    contributions = rows(
        "What do health and social care say?",
        Contribution,
        row_word="contribution",
        most=10,
        required=terms.EHC_PLAN,
        or_else="none_offered",
        may_be_attached=True,
        pack_label="Contributions",
    )
    none_offered = yes_no(
        "Did you ask, and no contribution was offered?",
        hint="Answer yes only if you left the question above empty",
        pack_label="Asked, and none offered",
    )


class Exams(exams.ExamsBase):
    """Access arrangements. JCQ no longer wants a signed consent form (2025)."""


VERSION = build(
    name="core/2027.1",
    year=2027,
    title="Transition pro-forma 2027",
    schemas=(
        learner.Learner,
        learner.KnownAs,
        Enrolment,
        learner.Numbers,
        contacts.Contacts,
        contacts.DoNotContact,
        sharing.Told,
        Sharing,
        sharing.Objection,
        *destinations.sections(code_sets.DESTINATION_STATUS),
        destinations.Visits,
        destinations.NeetRisk,
        health.Transport,
        needs.Sen,
        needs.needs_section(code_sets.SEN_TYPES, CATEGORIES_2027),
        support.WhatHelps,
        support.Support,
        support.Services,
        Waiting,
        Contributions,
        support.OwnWords,
        plan.EhcPlan,
        Adulthood,
        Exams,
        exams.Results,
        exams.OtherQualifications,
        attendance.Attendance,
        attendance.AttendanceSupport,
        attendance.Suspensions,
        circumstances.Care,
        circumstances.Circumstances,
        health.Health,
        health.DailyLiving,
        health.Risk,
        circumstances.Assurance,
        safeguarding.DayOneSafety,
        safeguarding.Safeguarding,
    ),
    pages=pages(needs=("sen", "needs", "what_helps", "support", "services", "waiting", "contributions")),
    attachment_kinds=ATTACHMENT_KINDS,
    error_rules=rule_sets.ERRORS,
    warning_rules=rule_sets.WARNINGS,
    upgrades_from="core/2026.1",
    upgrade=carry_over,
)
