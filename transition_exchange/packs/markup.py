"""From what goes into a pack to its page of HTML. Autoescape is on: an answer is always text, never markup."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from .blocks import Block, block
from .content import MissingAnswer, PackAttachment, PackContent
from .files import template_folders
from .words import day, listed, moment

_LONGEST_NAME = 60
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""Control characters, which no font draws and a PDF may not hold, and overrides of the direction of writing, with
which one answer could reorder what stands after it."""


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section ready to be laid out."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A document in the list at the end: its kind, its date in words, its pages."""

    kind: str
    dated: str
    pages: str
    old: str = ""


@dataclass(frozen=True, slots=True)
class PackPage:
    """Everything the template shows, in words."""

    title: str
    learner_name: str
    from_school: str
    created: str
    running: str
    cover: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    sections: tuple[SectionPage, ...]
    attachments: tuple[AttachmentLine, ...]


def to_html(content: PackContent) -> str:
    """The page of one pack. Nothing in it refers to anything outside it."""
    html = _template().render(page=page(content))
    return _NOT_TEXT.sub("", html)


def page(content: PackContent) -> PackPage:
    """``content`` in the words of the page."""
    readers = listed(content.readers)
    sent = f"Version {content.version_number}, sent {moment(content.sent_at)}"
    short = f"Version {content.version_number}, sent {day(content.sent_at.date())}"
    name = _clipped(content.learner_name)
    return PackPage(
        title=f"Transition record: {content.learner_name}",
        learner_name=content.learner_name,
        from_school=content.from_school,
        created=content.sent_at.isoformat(timespec="seconds"),
        # Two lines at the foot of each page; the page's number follows the first in the style sheet.
        running=f"Only for {_clipped(readers, 110)}\n{name} · {short} · ",
        cover=(
            ("From", content.from_school),
            ("To", content.to_provider),
            ("Who can read this", readers),
            ("Version", f"{sent} (form {content.form})"),
        ),
        missing=tuple(_missing(content.missing)),
        sections=tuple(
            SectionPage(section.title, tuple(block(item) for item in section.items))
            for section in content.sections
        ),
        attachments=tuple(_attachment(paper) for paper in content.attachments),
    )


def _missing(missing: Iterable[MissingAnswer]) -> Iterable[str]:
    """One line for each section with its gaps, so that many gaps do not push the record off the first page."""
    by_section: dict[str, list[str]] = {}
    for gap in missing:
        words = f"{gap.label} ({gap.reason})" if gap.reason else gap.label
        by_section.setdefault(gap.section, []).append(words)
    return (f"{section}: {'; '.join(gaps)}" for section, gaps in by_section.items())


def _attachment(paper: PackAttachment) -> AttachmentLine:
    return AttachmentLine(
        kind=paper.kind,
        dated=day(paper.dated) if paper.dated else "No date",
        pages=str(paper.pages) if paper.pages else "",
        old="over a year old" if paper.old else "",
    )


def _clipped(text: str, most: int = _LONGEST_NAME) -> str:
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
