"""What goes into one pack, decided here and nowhere else, by the pro-forma's own function.

`build` asks `proforma.audience` which sections and kinds of document the purposes may read, and takes those: for
the pages, for the attached data and for what is said to be missing. It can only leave out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..proforma import (
    Finding,
    Report,
    ShownSection,
    Version,
    asked_answers,
    audience,
    show,
    withheld_sections,
)
from . import data
from .words import gap_reason

Answers = Mapping[str, Mapping[str, Any]]

FOR_READERS = (".old", "form_8.parts")
"""Which warnings a reader sees: that a document is old, or a Form 8 cannot be used again. The rest are advice to
whoever writes."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A document that travels with the record: its kind's code, the date it bears and its pages."""

    kind: str
    dated: date | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class PackAttachment:
    """A document as the pack lists it. ``old`` marks one older than its kind should be."""

    kind: str
    dated: date | None
    pages: int | None
    old: bool = False


@dataclass(frozen=True, slots=True)
class MissingAnswer:
    """Something the minimum standard asks for that is not there: section, label and, if the writer said, why."""

    section: str
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PackContent:
    """One pack, before it is laid out: only what its audience may read."""

    learner_name: str
    from_school: str
    to_provider: str
    readers: tuple[str, ...]
    version_number: int
    sent_at: datetime
    form: str
    missing: tuple[MissingAnswer, ...]
    sections: tuple[ShownSection, ...]
    attachments: tuple[PackAttachment, ...]
    record_json: bytes


def readable_sections(
    version: Version,
    answers: Answers,
    purposes: Iterable[str],
    *,
    owner: str | None = None,
    agreement: frozenset[str] | None = None,
    released: frozenset[str] | None = None,
) -> tuple[str, ...]:
    """The sections that a pack for ``purposes`` holds, in the order in which they are read.

    ``owner`` narrows to the sections one sending team writes: each owner releases a pack of its own. What the
    young person or family asked not to be passed on is read from the answers themselves.
    """
    allowed = audience.readable(
        version,
        purposes,
        agreement=agreement,
        withheld=withheld_sections(version, answers),
        released=released,
    )
    sections = (version.section(name) for name in allowed)
    mine = (section for section in sections if owner is None or section.owner == owner)
    return tuple(section.name for section in sorted(mine, key=lambda section: section.reader_order))


def build(
    version: Version,
    answers: Answers,
    *,
    purposes: Iterable[str],
    report: Report,
    learner_name: str,
    from_school: str,
    to_provider: str,
    readers: Sequence[str],
    version_number: int,
    sent_at: datetime,
    attachments: Sequence[Attached] = (),
    owner: str | None = None,
    agreement: frozenset[str] | None = None,
    released: frozenset[str] | None = None,
) -> PackContent:
    """The pack of one record for the teams of one provider that have ``purposes``.

    ``answers`` may be the whole record: what goes in is narrowed by the pro-forma, the agreement, what was agreed
    to share and what the status releases. ``report`` is what ``proforma.check`` found; its gaps are named as far
    as this audience may know of them. ``sent_at`` is an aware time. ``readers`` are the names of the teams, in
    plain words.
    """
    purposes = tuple(purposes)
    sections = readable_sections(
        version, answers, purposes, owner=owner, agreement=agreement, released=released
    )
    given = asked_answers(version, answers, sections)
    heard = report.among(sections)
    gaps = heard.counting_gaps
    old = tuple(warning for warning in heard.warnings if warning.code.endswith(FOR_READERS))
    papers = _attachments(version, answers, attachments, purposes, sections, agreement, sent_at.date())
    shown = show(version, given, sections, findings=(*gaps, *old), released=True)
    return PackContent(
        learner_name=learner_name,
        from_school=from_school,
        to_provider=to_provider,
        readers=tuple(readers),
        version_number=version_number,
        sent_at=sent_at,
        form=version.name,
        missing=_missing(version, gaps),
        sections=tuple(section for section in shown if section.items),
        attachments=papers,
        record_json=data.record_json(
            version,
            given,
            purposes=purposes,
            from_school=from_school,
            to_provider=to_provider,
            version_number=version_number,
            sent_at=sent_at,
            gaps=gaps,
        ),
    )


def _missing(version: Version, gaps: Sequence[Finding]) -> tuple[MissingAnswer, ...]:
    """The gaps by section in reader order, each question once however many of its rows lack something."""
    ordered = sorted(gaps, key=lambda gap: version.section(gap.section).reader_order)
    made: dict[tuple[str, str], MissingAnswer] = {}
    for gap in ordered:
        section = version.section(gap.section)
        label = section.question(gap.field).heading
        made.setdefault(
            (gap.section, gap.field),
            MissingAnswer(section.title, label, gap_reason(gap.reason, gap.expected)),
        )
    return tuple(made.values())


def _attachments(
    version: Version,
    answers: Answers,
    attachments: Sequence[Attached],
    purposes: tuple[str, ...],
    sections: tuple[str, ...],
    agreement: frozenset[str] | None,
    on: date,
) -> tuple[PackAttachment, ...]:
    readable = set(
        audience.attachment_kinds_readable(
            version, purposes, agreement=agreement, withheld=withheld_sections(version, answers)
        )
    )
    papers: list[PackAttachment] = []
    for attached in attachments:
        kind = version.attachment_kind(attached.kind)
        if kind.code not in readable or kind.section not in sections:
            continue
        limit = kind.old_after_days
        old = attached.dated is not None and limit is not None and (on - attached.dated).days > limit
        papers.append(PackAttachment(kind.label, attached.dated, attached.pages, old))
    return tuple(papers)
