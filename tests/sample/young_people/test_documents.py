"""The sample's attachments are real PDFs that another library reads."""

from __future__ import annotations

import io

from pypdf import PdfReader

from tests import factories
from transition_exchange.sample.young_people.documents import pdf


def test_a_document_is_a_pdf_with_its_pages_title_and_learner() -> None:
    learner = factories.learner_where(
        lambda learner: any(attachment.kind == "ehc_plan" for attachment in learner.attachments)
    )
    plan = next(attachment for attachment in learner.attachments if attachment.kind == "ehc_plan")
    made = pdf(plan, learner)
    assert made.startswith(b"%PDF-")
    assert len(made) < 200_000
    reader = PdfReader(io.BytesIO(made))
    assert len(reader.pages) == plan.pages
    assert reader.metadata is not None
    assert reader.metadata.title == "EHC plan"
    first = reader.pages[0].extract_text()
    assert "Education, health and care plan" in first
    assert learner.school.name.split()[0] in first


def test_every_attachment_of_the_sample_can_be_made() -> None:
    assert factories.a_pdf().startswith(b"%PDF-")
    kinds = {
        "ehc_plan",
        "annual_review",
        "form_8",
        "form_9",
        "care_plan",
        "risk_assessment",
        "education_plan",
    }
    assert kinds <= {
        attachment.kind for learner in factories.everybody() for attachment in learner.attachments
    }
