"""From what goes into a pack to its page of HTML. Autoescape is on: an answer is always text, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from transition_exchange.english import plural
from transition_exchange.packs.blocks import MM, Block, Column, blocks
from transition_exchange.packs.content import MissingAnswer, PackAttachment, PackContent
from transition_exchange.packs.files import template_folders
from transition_exchange.packs.measure import lines
from transition_exchange.packs.words import day, listed, moment
from transition_exchange.proforma import ShownSection, form_words

_TITLE_WIDTH, _TITLE_TYPE = 38.4 * MM, 10.5
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""Control characters, which no font draws and a PDF may not hold, and overrides of the direction of writing, with
which one answer could reorder what stands after it."""


GIVEN_LATER = "Given when it is sent"
"""What stands for the reference of a transfer in a preview: there is no transfer yet."""


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section ready to be laid out.

    Attributes:
        title: the section's title.
        blocks: its answers.
        tall: how many lines the title takes; 0 for one line.
    """

    title: str
    blocks: tuple[Block, ...]
    tall: int = 0


@dataclass(frozen=True, slots=True)
class PackPage:
    """Everything that the template shows, in words.

    Attributes:
        title: the title of the document.
        learner_name: the learner's name.
        from_school: the school that sends it, as the author of the document.
        created: when it is sent, as an ISO time.
        running: the two lines at the foot of each page.
        cover: the lines of the cover: label and text.
        missing: what is missing: the title of a section and what it lacks.
        notice: that an earlier answer was taken back, and whom to ring; empty if none was.
        held_back: that parts are held back; empty if none are.
        cannot_be_used: what is in it and cannot be used.
        gone: what does not count any more then; else empty.
        sections: the sections with their answers.
        attachments: the documents: kind, date and number of pages.
        safeguarding: where the readers learn about safeguarding; empty if that is in it.
        attachment_columns: the columns of the table of documents.
    """

    title: str
    learner_name: str
    from_school: str
    created: str
    running: str
    cover: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    notice: str
    gone: str
    held_back: str
    cannot_be_used: tuple[str, ...]
    sections: tuple[SectionPage, ...]
    attachments: tuple[tuple[str, ...], ...]
    safeguarding: str
    attachment_columns: tuple[Column, ...] = (
        Column("Document", 50),
        Column("Dated", 37),
        Column("Pages", 13),
    )


def to_html(content: PackContent) -> str:
    """Write the HTML page of one pack. Nothing in it refers to anything outside it."""
    return _NOT_TEXT.sub("", _template().render(page=page(content)))


def page(content: PackContent) -> PackPage:
    """Put what goes into a pack into the words of its page."""
    readers = listed(content.readers)
    number = f"Version {content.version_number}"
    name = _clipped(content.learner_name, 60)
    school, provider = _clipped(content.from_school, 60), _clipped(content.to_provider, 60)
    return PackPage(
        title=f"Transition record: {content.learner_name}",
        learner_name=content.learner_name,
        from_school=content.from_school,
        created=content.sent_at.isoformat(timespec="seconds"),
        # Two lines at the foot of each page; the style sheet puts the page's number after the second.
        running=(
            f"Only for: {_clipped(readers, 70)}, {provider}\n"
            f"{name}, from {school} · {number}, sent {day(content.sent_at)}"
        ),
        cover=(
            ("From", content.from_school),
            *([("Whom to ring there", content.ring)] if content.ring else []),
            ("To", content.to_provider),
            ("Who can read this", readers),
            ("Transfer reference", content.reference or GIVEN_LATER),
            (number, f"Sent {moment(content.sent_at)}. {form_words(content.form)}"),
        ),
        missing=tuple(_missing(content.missing)),
        notice=content.notice,
        gone=content.gone,
        held_back=plural(content.held_back, "part") if content.held_back else "",
        cannot_be_used=content.cannot_be_used,
        sections=tuple(_section(section) for section in content.sections),
        attachments=tuple(_attachment(document) for document in content.attachments),
        safeguarding=content.safeguarding,
    )


def _section(section: ShownSection) -> SectionPage:
    high = lines(section.title, within=_TITLE_WIDTH, points=_TITLE_TYPE, bold=True)
    return SectionPage(section.title, blocks(section.items), min(high, 4) if high > 1 else 0)


def _missing(missing: Iterable[MissingAnswer]) -> Iterable[tuple[str, str]]:
    """One line for each section with its gaps, so that many gaps do not push the record off the first page."""
    by_section: dict[str, list[str]] = {}
    for gap in missing:
        words = f"{gap.label} ({gap.reason})" if gap.reason else gap.label
        by_section.setdefault(gap.section, []).append(words)
    return ((section, "; ".join(gaps)) for section, gaps in by_section.items())


def _attachment(document: PackAttachment) -> tuple[str, str, str]:
    dated = day(document.dated) if document.dated else "No date"
    return (document.kind, f"{dated}, over a year old" if document.old else dated, str(document.pages or ""))


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(template_folders()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("pack.html")
