"""core/2027.1: the pro-forma for those in Year 11 in 2026/27. Agreed; it never changes again.

New against core/2026.1: the legal sex as CTF 25 names it, Down syndrome among the types of need, outcomes as rows
of outcome, steps, who and by when, "waiting for", contributions from health and social care, the status "place
allocated", the start beside each destination, whether the learner has left early or moved to another school. What the
learner is called goes to every team, the ULN to those of a provider with a UKPRN, the UPN to schools alone. Gone: the
JCQ consent form.
"""

from __future__ import annotations

from dataclasses import replace

from schemas.core import rules
from schemas.core.attachment_kinds import ATTACHMENT_KINDS_2027
from schemas.core.ilr_categories import CATEGORIES_2027
from schemas.core.pages import pages
from schemas.core.sections import (
    attendance,
    circumstances,
    contacts,
    contributions,
    destinations,
    exams,
    health,
    learner,
    leaving,
    needs,
    numbers,
    plan,
    safeguarding,
    sharing,
    support,
    waiting,
)
from schemas.core.statements import NOT_WAITING, STATEMENTS
from schemas.core.upgrades.to_2027_1 import carry_over
from transition_exchange.proforma.building import build
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.fields import (
    choice,
)
from transition_exchange.proforma.rules import destination_codes, learner_codes, needs_codes


class Enrolment(numbers.EnrolmentBase):
    """For enrolment, with the legal sex as CTF 25 has it."""

    sex = choice(
        "Sex",
        learner_codes.SEX,
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


class Objection(sharing.Objection):
    """An instruction not to give the council more than the law asks for, which now says what leaving early means."""

    about = replace(
        sharing.Objection.about,
        intro=(
            f"{sharing.Objection.about.intro} Whether a learner has left your school early, and when, still goes there."
        ),
    )


class Visits(destinations.Visits):
    """Getting to know the new place. When it begins stands with the place, so that every team there reads it."""

    about = replace(destinations.Visits.about, title="Visits")

    class Meta(destinations.Visits.Meta):
        """Without the start, which was for the support team alone."""

        exclude = ("start_date",)


class Exams(exams.ExamsBase):
    """Access arrangements. JCQ no longer wants a signed consent form (2025)."""


VERSION = build(
    name="core/2027.1",
    year=2027,
    title="Transition pro-forma 2027",
    schemas=(
        learner.Learner,
        numbers.KnownAs,
        numbers.Language,
        Enrolment,
        numbers.PupilNumber,
        numbers.Numbers,
        numbers.CandidateNumber,
        contacts.Contacts,
        contacts.DoNotContact,
        sharing.Told,
        Sharing,
        Objection,
        *destinations.sections(destination_codes.DESTINATION_STATUS, start=True),
        Visits,
        destinations.NeetRisk,
        health.Transport,
        leaving.Leaving,
        needs.Sen,
        needs.needs_section(needs_codes.SEN_TYPES, CATEGORIES_2027),
        support.WhatHelps,
        support.Support,
        support.Services,
        waiting.Waiting,
        contributions.Contributions,
        support.OwnWords,
        plan.EhcPlan,
        plan.Adulthood,
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
    pages=pages(
        about=("known_as", "language", "enrolment", "pupil_number", "numbers", "candidate_number"),
        needs=("sen", "needs", "what_helps", "support", "services", "waiting", "contributions"),
        whereabouts=("leaving",),
    ),
    attachment_kinds=ATTACHMENT_KINDS_2027,
    statements=(*STATEMENTS, NOT_WAITING),
    error_rules=rules.ERRORS,
    warning_rules=rules.WARNINGS,
    upgrades_from="core/2026.1",
    upgrade=carry_over,
)
