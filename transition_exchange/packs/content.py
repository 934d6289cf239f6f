"""What goes into one pack, decided here and nowhere else, by the pro-forma's own function.

`build` asks `proforma.audience` which sections and kinds of document the purposes may read, and takes those: for
the pages, for the attached data and for what is said to be missing. It can only leave out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from transition_exchange.packs import data
from transition_exchange.packs.words import gap_reason
from transition_exchange.proforma import (
    Finding,
    Report,
    ShownSection,
    Version,
    asked_answers,
    audience,
    show,
    withheld_sections,
)

Answers = Mapping[str, Mapping[str, Any]]

FOR_READERS = (".old", "form_8.parts")
"""How the codes of the warnings end that a reader sees: a document is old, or a Form 8 cannot be used again. The rest
are advice to whoever writes."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A document that travels with the record.

    Attributes:
        kind: the code of its kind.
        dated: the date that it bears, if any.
        pages: how many pages it has, if that is known.
    """

    kind: str
    dated: date | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class PackAttachment:
    """A document as the pack lists it.

    Attributes:
        kind: what its kind is called.
        dated: the date that it bears, if any.
        pages: how many pages it has, if that is known.
        old: whether it is older than its kind should be.
    """

    kind: str
    dated: date | None
    pages: int | None
    old: bool = False


@dataclass(frozen=True, slots=True)
class MissingAnswer:
    """Something that the minimum standard asks for and the record lacks.

    Attributes:
        section: the title of its section.
        label: what the question is called.
        reason: why it is missing, if the writer gave a reason.
    """

    section: str
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PackContent:
    """One pack, before it is laid out: only what its audience may read.

    Attributes:
        learner_name: whom it is about.
        from_school: the name of the school that sends it.
        to_provider: the name of the provider that it goes to.
        readers: the teams that can read it, in plain words.
        version_number: 1 for the first time that the record is sent, 2 for the second.
        sent_at: when it is sent; an aware time.
        form: the name of the version of the form.
        missing: what the minimum standard asks for and the record lacks.
        sections: the answers, in the order in which they are read.
        attachments: the documents that travel with it.
        record_json: the same answers as data.
    """

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
    """Name the sections of a pack, in the order in which they are read.

    What the young person or family asked not to be passed on is read from the answers themselves.

    Args:
        version: the version of the form.
        answers: the whole record.
        purposes: the purposes of those who read the pack.
        owner: the sending purpose whose sections alone go in, since each owner releases a pack of its own.
        agreement: the sections that the agreement with the provider allows; None for all.
        released: the sections that the application status releases; None for all.
    """
    allowed = audience.readable(
        version,
        purposes,
        agreement=agreement,
        withheld=withheld_sections(version, answers),
        released=released,
    )
    sections = (version.section(name) for name in allowed)
    owned = (section for section in sections if owner is None or section.owner == owner)
    return tuple(section.name for section in sorted(owned, key=lambda section: section.reader_order))


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
    """Make the pack of one record for some teams of one provider.

    What goes in is narrowed by the pro-forma, the agreement, what was agreed to share and what the status releases.

    Args:
        version: the version of the form.
        answers: the answers; they may be the whole record.
        purposes: the purposes that the teams have.
        report: what `proforma.check` found; its gaps are named as far as these teams may know of them.
        learner_name: whom the pack is about.
        from_school: the name of the school that sends it.
        to_provider: the name of the provider.
        readers: the names of the teams, in plain words.
        version_number: 1 for the first time that the record is sent, 2 for the second.
        sent_at: when it is sent; an aware time.
        attachments: the documents that travel with the record, whoever may read them.
        owner: the sending purpose whose sections alone go in; None for all sections.
        agreement: the sections that the agreement with the provider allows; None for all.
        released: the sections that the application status releases; None for all.
    """
    purposes = tuple(purposes)
    sections = readable_sections(
        version, answers, purposes, owner=owner, agreement=agreement, released=released
    )
    given = asked_answers(version, answers, sections)
    findings = report.among(sections)
    gaps = findings.counting_gaps
    old = tuple(warning for warning in findings.warnings if warning.code.endswith(FOR_READERS))
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
        attachments=_documents(
            version,
            answers,
            attachments,
            purposes=purposes,
            sections=sections,
            agreement=agreement,
            on=sent_at.date(),
        ),
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
    answers: dict[tuple[str, str], MissingAnswer] = {}
    for gap in ordered:
        section = version.section(gap.section)
        label = section.question(gap.field).heading
        answers.setdefault(
            (gap.section, gap.field),
            MissingAnswer(section.title, label, gap_reason(gap.reason, gap.expected)),
        )
    return tuple(answers.values())


def _documents(
    version: Version,
    answers: Answers,
    attachments: Sequence[Attached],
    *,
    purposes: tuple[str, ...],
    sections: tuple[str, ...],
    agreement: frozenset[str] | None,
    on: date,
) -> tuple[PackAttachment, ...]:
    """The documents that the purposes may read and that belong to one of the sections, as the pack lists them."""
    readable = audience.attachment_kinds_readable(
        version, purposes, agreement=agreement, withheld=withheld_sections(version, answers)
    )
    documents: list[PackAttachment] = []
    for attached in attachments:
        kind = version.attachment_kind(attached.kind)
        if kind.code not in readable or kind.section not in sections:
            continue
        limit = kind.old_after_days
        old = attached.dated is not None and limit is not None and (on - attached.dated).days > limit
        documents.append(PackAttachment(kind.label, attached.dated, attached.pages, old))
    return tuple(documents)
