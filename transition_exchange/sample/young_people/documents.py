"""Small real PDFs for the sample's attachments: a signed Form 8, a plan, a report of a review, a healthcare plan.

They are invented and say so on every page. Made with pikepdf from plain text, so that hundreds take a second.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass
from typing import Final

from pikepdf import Array, Dictionary, Name, Pdf

from transition_exchange.sample.typed_toml import read_beside
from transition_exchange.sample.young_people.learners import SampleAttachment, SampleLearner

_WIDTH, _HEIGHT, _MARGIN, _LEADING = 595, 842, 60, 16
_LINE = 82


@dataclass(frozen=True)
class _Page:
    """What stands on a page."""

    heading: str
    text: str


@dataclass(frozen=True)
class _File:
    """The file `documents.toml`: pages by kind of attachment."""

    pages: dict[str, tuple[_Page, ...]]


_PAGES: Final = read_beside(_File, __file__).pages


def pdf(attachment: SampleAttachment, learner: SampleLearner) -> bytes:
    """The document as a PDF: a title, the invented learner's name, the date, and as many pages as it should have."""
    document = Pdf.new()
    pages = _PAGES.get(attachment.kind, _PAGES["other"])
    for number in range(attachment.pages):
        page = pages[number % len(pages)]
        lines = [
            page.heading,
            "",
            f"{learner.name}, {learner.school.name}",
            f"{attachment.dated.day} {attachment.dated:%B %Y}",
            "",
            *textwrap.wrap(page.text, _LINE),
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
