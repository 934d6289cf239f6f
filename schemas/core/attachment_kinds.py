"""Kinds of documents that may travel along. Whose a document is and who may read it follows from its section."""

from __future__ import annotations

from dataclasses import replace

from schemas.core import conditions
from transition_exchange.proforma.conditions import Is
from transition_exchange.proforma.model import AttachmentKind

FORM_8 = Is("exams.evidence_route", ("form_8", "form_8rf"), "the evidence is a Form 8")
FORM_9 = Is("exams.evidence_route", ("form_9",), "the evidence is a Form 9")
CARE_PLAN = Is("health.care_plan", (True,), "there is an individual healthcare plan")
EVACUATION = Is("daily_living.evacuation_plan", (True,), "an evacuation plan is needed")
RISK = Is("risk.assessed", (True,), "there is a risk assessment")
EDUCATION_PLAN = Is("care.education_plan", (True,), "there is a personal education plan")

ATTACHMENT_KINDS = (
    AttachmentKind("ehc_plan", "EHC plan", "ehc_plan", expected=conditions.EHC_PLAN),
    AttachmentKind("annual_review", "Report of the annual review", "ehc_plan", expected=conditions.EHC_PLAN),
    AttachmentKind("one_page_profile", "One-page profile", "own_words"),
    AttachmentKind("support_plan", "Support plan", "support"),
    AttachmentKind("strategies", "Strategies for teachers", "what_helps"),
    AttachmentKind("diagnosis", "Letter or report on a diagnosis", "needs"),
    AttachmentKind("specialist_report", "Report of a specialist service", "services"),
    AttachmentKind("form_8", "Form 8, whole and signed", "exams", expected=FORM_8),
    AttachmentKind(
        "assessor_evidence",
        "Evidence of the assessor's qualification",
        "exams",
        old_after_days=None,
        expected=FORM_8,
    ),
    AttachmentKind("form_9", "Form 9", "exams", expected=FORM_9),
    AttachmentKind("exam_evidence", "Other evidence for access arrangements", "exams"),
    AttachmentKind("care_plan", "Individual healthcare plan", "health", expected=CARE_PLAN),
    AttachmentKind(
        "evacuation_plan", "Personal emergency evacuation plan", "daily_living", expected=EVACUATION
    ),
    AttachmentKind("risk_assessment", "Risk assessment", "risk", expected=RISK),
    AttachmentKind("education_plan", "Personal education plan (PEP)", "care", expected=EDUCATION_PLAN),
    AttachmentKind("careers_plan", "Careers action plan", "neet_risk"),
    AttachmentKind("qualifications", "List of qualifications", "other_qualifications"),
)
"""The kinds of 2026."""

ATTACHMENT_KINDS_2027 = tuple(
    replace(kind, said_to_be_attached="ehc_plan.sections_attached") if kind.code == "ehc_plan" else kind
    for kind in ATTACHMENT_KINDS
)
"""A plan whose sections are said to be attached, and that is not, is a gap since 2027."""
