"""Small real PDFs for the sample's attachments: a signed Form 8, a plan, a report of a review, a healthcare plan.

They are invented and say so on every page. Made with pikepdf from plain text, so that hundreds take a second.
"""

from __future__ import annotations

import io
import textwrap
from typing import Final

from pikepdf import Array, Dictionary, Name, Pdf

from transition_exchange.english import day

from .learners import SampleAttachment, SampleLearner

_WIDTH, _HEIGHT, _MARGIN, _LEADING = 595, 842, 60, 16
_LINE = 82

#: What stands on the pages of each kind of document, a heading and sentences; a page each, in turn.
_PAGES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "ehc_plan": (
        ("Education, health and care plan", "This plan is made under the Children and Families Act 2014."),
        (
            "A. Views, interests and aspirations",
            ("See the young person's own page, which goes along with this plan."),
        ),
        (
            "B. Special educational needs",
            ("Needs are described by area, with what helps and what has been tried."),
        ),
        ("C. Health needs", "As advised by the services named in section K."),
        ("D. Social care needs", "As advised by the services named in section K."),
        ("E. Outcomes", "Each outcome has steps, who helps, and by when. Outcomes are reviewed every year."),
        ("F. Special educational provision", "Provision is specified in hours and by whom, and quantified."),
        ("G. Health provision", "Provision reasonably required by the needs in section C."),
        ("H. Social care provision", "H1 and H2, where an assessment found a need."),
        ("I. Placement", "The place named from September, after consultation."),
        ("J. Personal budget", "None, unless a sum is given here."),
        ("K. Advice and information", "Reports that were asked for, with author and date."),
    ),
    "annual_review": (
        ("Report of the annual review", "Who came, who sent words, and what the young person said first."),
        ("What has gone well", "Progress towards each outcome since the last review."),
        ("What should change", "Amendments proposed for the move after Year 11."),
        ("Next steps", "Consultation with the next place, and who tells the family."),
    ),
    "form_8": (
        (
            "Form 8, part 1",
            ("Completed by the SENCO: history of need and of support, and normal way of working."),
        ),
        ("Form 8, part 2", "Completed by the assessor: tests, dates and standardised scores."),
        ("Form 8, part 2 (continued)", "Signed and dated by the assessor."),
        ("Form 8, part 3", "Arrangements asked for and approved. Signed and dated by the head of centre."),
    ),
    "assessor_evidence": (("Certificate", "Level 7 qualification in assessment for access arrangements."),),
    "form_9": (
        ("Form 9", "Profile of need: communication and interaction, medical, sensory or other needs."),
        (
            "Form 9 (continued)",
            ("Normal way of working in lessons, internal tests and mocks. Signed and dated."),
        ),
    ),
    "care_plan": (
        ("Individual healthcare plan", "Condition, signs, daily care, medication and who gives it."),
        ("In an emergency", "What to do, in order, and whom to ring. Agreed with the family and the nurse."),
    ),
    "evacuation_plan": (
        ("Personal emergency evacuation plan", "Way out from each floor, refuge, equipment, named helpers."),
        ("Practice", "Dates of practice and what was changed after it."),
    ),
    "risk_assessment": (
        ("Risk assessment", "What might happen, how likely, and what is done so that it doesn't."),
        ("Review", "Reviewed each term, and after anything that happened."),
    ),
    "education_plan": (
        ("Personal education plan", "Made with the Virtual School, the carers and the young person."),
        ("Targets", "Three targets for the term, and what pupil premium plus pays for."),
    ),
}
_OTHER: Final = (("Document", "An invented document of the sample area."),)


def pdf(attachment: SampleAttachment, learner: SampleLearner) -> bytes:
    """The document as a PDF: a title, the invented learner's name, the date, and as many pages as it should have."""
    document = Pdf.new()
    pages = _PAGES.get(attachment.kind, _OTHER)
    for number in range(attachment.pages):
        heading, text = pages[number % len(pages)]
        lines = [
            heading,
            "",
            f"{learner.name}, {learner.school.name}",
            day(attachment.dated),
            "",
            *textwrap.wrap(text, _LINE),
            "",
            *textwrap.wrap("This is an invented document of the sample area. Nobody in it exists.", _LINE),
            "",
            f"Page {number + 1} of {attachment.pages}",
        ]
        _page(document, lines)
    with document.open_metadata() as metadata:
        metadata["dc:title"] = attachment.title
    document.docinfo["/Title"] = attachment.title
    document.Root.Lang = "en-GB"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Pdf, lines: list[str]) -> None:
    """Add a page with these lines, the first as its heading."""
    drawing = [b"BT", f"{_MARGIN} {_HEIGHT - _MARGIN} Td {_LEADING} TL /F1 16 Tf".encode()]
    for index, line in enumerate(lines):
        plain = line.encode("cp1252", "replace")
        for special in (b"\\", b"(", b")"):
            plain = plain.replace(special, b"\\" + special)
        drawing.append(b"(" + plain + b") Tj T*" + (b" /F1 11 Tf" if index == 0 else b""))
    drawing.append(b"ET")
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )
    page = document.add_blank_page(page_size=(_WIDTH, _HEIGHT))
    page.obj.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))
    page.obj.Contents = document.make_stream(b"\n".join(drawing))
    page.obj.MediaBox = Array([0, 0, _WIDTH, _HEIGHT])
