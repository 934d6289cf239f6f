"""core/2026.1: last year's pro-forma. Agreed; it never changes again. Records sent in it stay readable."""

from __future__ import annotations

from schemas.core import conditions, rules
from schemas.core.attachment_kinds import ATTACHMENT_KINDS
from schemas.core.ilr_categories import CATEGORIES_2026
from schemas.core.pages import pages
from schemas.core.sections import (
    attendance,
    circumstances,
    contacts,
    destinations,
    exams,
    health,
    learner,
    needs,
    plan,
    safeguarding,
    sharing,
    support,
)
from schemas.core.statements import STATEMENTS
from transition_exchange.proforma.building import build
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.fields import choice, long_text, yes_no
from transition_exchange.proforma.rules import destination_codes, learner_codes, needs_codes


class Enrolment(learner.EnrolmentBase):
    """For enrolment, with the legal sex as older CTFs called it."""

    gender = choice(
        "Gender",
        learner_codes.SEX,
        hint="As in the school's own records",
        required=ALWAYS,
        from_ctf=True,
        source="CTF Gender",
    )


class Sharing(sharing.SharingBase):
    """What may be passed on."""

    withheld = sharing.withheld(sharing.WITHHOLDABLE)


class Adulthood(plan.AdulthoodBase):
    """One free text for each part of life."""

    outcome_employment = long_text(
        "What is the outcome for work and learning?",
        max_length=1500,
        required=conditions.EHC_PLAN,
        may_be_attached=True,
        pack_label="Employment and learning",
    )
    outcome_independent_living = long_text(
        "What is the outcome for independent living?",
        max_length=1500,
        required=conditions.EHC_PLAN,
        may_be_attached=True,
        pack_label="Outcome for independent living",
    )
    outcome_community = long_text(
        "What is the outcome for friends and community?",
        max_length=1500,
        required=conditions.EHC_PLAN,
        may_be_attached=True,
        pack_label="Friends, relationships and community",
    )
    outcome_health = long_text(
        "What is the outcome for health?",
        max_length=1500,
        required=conditions.EHC_PLAN,
        may_be_attached=True,
        pack_label="Good health",
    )


class Exams(exams.ExamsBase):
    """Access arrangements, with the consent form JCQ wanted until 2025."""

    jcq_consent = yes_no(
        "Has the learner signed JCQ's consent form?",
        asked=exams.APPROVED,
        required=ALWAYS,
        source="JCQ, until 2025",
        pack_label="JCQ consent form signed",
    )


VERSION = build(
    name="core/2026.1",
    year=2026,
    title="Transition pro-forma 2026",
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
        *destinations.sections(destination_codes.DESTINATION_STATUS_BEFORE_ALLOCATED),
        destinations.Visits,
        destinations.NeetRisk,
        health.Transport,
        needs.Sen,
        needs.needs_section(needs_codes.SEN_TYPES_BEFORE_DS, CATEGORIES_2026),
        support.WhatHelps,
        support.Support,
        support.Services,
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
    pages=pages(needs=("sen", "needs", "what_helps", "support", "services")),
    attachment_kinds=ATTACHMENT_KINDS,
    statements=STATEMENTS,
    error_rules=rules.ERRORS,
    warning_rules=rules.WARNINGS,
)
