"""Accepting an uploaded PDF or refusing it, in words that say how to get a file that is accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from transition_exchange.exchange.errors import Refused
from transition_exchange.uploads import checking
from transition_exchange.uploads.answers import Removed, Verdict

MOST_BYTES = 20 * 1024 * 1024
"""The largest file that can be attached, in bytes."""

_HEAD = 1024
"""Within so many bytes from its start a PDF says that it is one (ISO 32000-1, annex H.3.4.1)."""


@dataclass(frozen=True)
class SafePdf:
    """A PDF that is safe to pass on.

    Attributes:
        content: the file, written anew. Its pages look like those of the upload.
        pages: the number of pages.
        removed: what was taken out, as codes: keys of `REMOVED`.
    """

    content: bytes = field(repr=False)
    pages: int
    removed: tuple[str, ...]


REMOVED: Final = {
    "scripts": "scripts, and other things that happen by themselves",
    "links": "links to anything but web pages (their words are still there)",
    "files": "files inside the PDF (if the next place needs them, add them as documents of their own)",
    "signature": "the digital signature, which no copy can keep (what it looks like is still there)",
    "restrictions": "the lock against changing, copying or printing, so that the next place can open it",
    "pack_data": "the data inside it. This is a pack that this service made: check that everybody who can read this "
    "kind of document may read all of it",
}
"""What can be taken out of a PDF, by code, in words for whoever attached it."""

_REFUSALS: Final = {
    Verdict.DAMAGED: (
        "The file is damaged and could not be read.",
        "This PDF is damaged. Open it, save it again as a PDF, and choose the new file",
    ),
    Verdict.LOCKED: (
        "The file is locked with a password.",
        "This PDF is locked with a password. Remove the password and choose it again",
    ),
    Verdict.MEDIA: (
        "The file has a film, a sound, a 3D model or another file on one of its pages.",
        "This PDF has a film, a sound, a 3D model or another file on one of its pages. Print it to a new PDF and "
        "choose that",
    ),
    Verdict.PORTFOLIO: (
        "The file is a portfolio, which holds several files.",
        "This PDF is a portfolio, which holds several files. Save each file from it as a PDF and add them one by one",
    ),
    Verdict.XFA: (
        "The file is a form that only some programs can show.",
        "This PDF is a form that only some programs can show. Open it, print it to a new PDF and choose that",
    ),
    Verdict.EXTERNAL: (
        "The file keeps part of its pages somewhere else.",
        "This PDF keeps part of its pages somewhere else. Print it to a new PDF and choose that",
    ),
    Verdict.EMPTY: ("The file has no pages.", "This PDF has no pages. Choose another file"),
    Verdict.HEAVY: (
        "The file takes too long to check.",
        "This PDF takes too long to check. Print it to a new PDF and choose that",
    ),
    Verdict.SWOLLEN: (
        "The file unpacks to far more than its size.",
        "This PDF unpacks to far more than its size. Print it to a new PDF and choose that",
    ),
    Verdict.UNREAD: (
        "The file could not be checked.",
        "We could not check this PDF. Choose it again, or tell support",
    ),
}
"""Why a PDF is refused: in one sentence, and with what to do about it beside the field."""


def safe_copy(content: bytes) -> SafePdf:
    """Write an uploaded PDF anew so that it is safe to pass on and looks the same.

    Raises:
        Refused: the file is not a PDF, too large, damaged, locked with a password or without pages; it cannot be made
            safe without a change to what its pages show; or it could not be checked.
    """
    if len(content) > MOST_BYTES:
        raise Refused(
            "The file is larger than 20 MB. Choose a smaller file.", {"file": "Choose a file under 20 MB"}
        )
    if b"%PDF-" not in content[:_HEAD]:
        raise Refused(
            "The file must be a PDF.", {"file": "Choose a PDF. Save or print the document as a PDF first"}
        )
    answer = checking.check(content)
    if answer.verdict is not Verdict.ACCEPTED:
        message, what_to_do = _REFUSALS[answer.verdict]
        raise Refused(message, {"file": what_to_do})
    removed = tuple(kind.name.lower() for kind in Removed if kind in answer.removed and kind.name)
    return SafePdf(content=answer.content, pages=answer.pages, removed=removed)
