"""What goes into one pack: the pages, the attached data, and what is said to be missing.

`build` takes an `Access` and asks it which sections and kinds of document the readers get. It can only leave out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from transition_exchange.english import day_of
from transition_exchange.packs import data
from transition_exchange.packs.words import ASK_SAFEGUARDING, FIRST_DAY, gap_reason
from transition_exchange.proforma import (
    Access,
    Finding,
    Report,
    ShownSection,
    Version,
    asked_answers,
    show,
)
from transition_exchange.proforma.withdrawn import what_does_not_count, withdrawn_findings, withdrawn_words

Answers = Mapping[str, Mapping[str, Any]]

OLD = ".old"
"""How the code of the warning ends that a document is old, which a reader sees beside the answer."""

CANNOT_BE_USED = "form_8."
"""How the codes of the warnings begin that a Form 8 cannot be used again, which a reader sees first. The rest are
advice to whoever writes."""

DOCUMENTS = "Documents"
"""Under what documents are named that should be there and are not."""


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
        learner_name: the learner's name.
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
        reference: what the transfer is called by; empty until it is sent.
        notice: that an earlier answer was taken back, and whom to ring, where these readers may know of it; else empty.
        ring: whom to ring at the team that sends it, as it signed that; empty if it has not said so.
        held_back: how many parts learner and family hold back, where these readers may know of it.
        cannot_be_used: what is in it and cannot be used, such as a Form 8 without all of its parts.
        gone: what does not count any more then, as far as these readers may know; else empty.
        safeguarding: where these readers learn about safeguarding, if not in this pack; the same for every learner.
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
    reference: str = ""
    notice: str = ""
    gone: str = ""
    ring: str = ""
    held_back: int = 0
    cannot_be_used: tuple[str, ...] = ()
    safeguarding: str = ""


def build(
    access: Access,
    answers: Answers,
    *,
    report: Report,
    learner_name: str,
    from_school: str,
    to_provider: str,
    readers: Sequence[str],
    version_number: int,
    sent_at: datetime,
    attachments: Sequence[Attached] = (),
    withdraws: int | None = None,
    reference: str = "",
    ring: str = "",
) -> PackContent:
    """Make the pack of one record for some teams of one provider.

    Args:
        access: what the teams may read of the record; all that goes in is asked of it.
        answers: the answers; they may be the whole record.
        report: what `proforma.check` found; its gaps are named as far as these teams may know of them.
        learner_name: the learner's legal name.
        from_school: the name of the school that sends it.
        to_provider: the name of the provider.
        readers: the names of the teams, in plain words.
        version_number: 1 for the first time that the record is sent, 2 for the second.
        sent_at: when it is sent; an aware time.
        attachments: the documents that travel with the record, whoever may read them.
        withdraws: the number of the version that this one takes back; None if it takes none back.
        reference: what the transfer is called by; empty until it is sent.
        ring: whom to ring at the team that sends it; empty if it has not said so.
    """
    version, sections = access.version, access.sections
    given = asked_answers(version, answers, sections)
    findings = report.among(sections)
    gaps = findings.counting_gaps
    old = tuple(warning for warning in findings.warnings if warning.code.endswith(OLD))
    cannot_be_used = tuple(
        warning for warning in findings.warnings if warning.code.startswith(CANNOT_BE_USED)
    )
    notice = withdrawn_words(given, sent_at) if withdraws is not None else ""
    gone = what_does_not_count(given) if notice else ""
    withdrawn = withdrawn_findings(version, given) if notice else ()
    shown = show(version, given, sections, findings=(*withdrawn, *gaps, *old, *cannot_be_used), released=True)
    return PackContent(
        learner_name=learner_name,
        from_school=from_school,
        to_provider=to_provider,
        readers=tuple(readers),
        version_number=version_number,
        sent_at=sent_at,
        form=version.name,
        missing=(*_missing(version, gaps), *_not_attached(version, findings.missing_kinds)),
        sections=tuple(section for section in shown if section.items),
        attachments=_documents(access, attachments, day_of(sent_at)),
        safeguarding=about_safeguarding(version, access.purposes, access.owner, what="PDF"),
        record_json=data.record_json(
            version,
            given,
            purposes=access.purposes,
            from_school=from_school,
            to_provider=to_provider,
            version_number=version_number,
            sent_at=sent_at,
            gaps=gaps,
            withdrawn=notice,
            not_attached=findings.missing_kinds,
            cannot_be_used=cannot_be_used,
            held_back=held_back(given),
            safeguarding=about_safeguarding(version, access.purposes, access.owner, what="data"),
            reference=reference,
            ring=ring,
        ),
        reference=reference,
        ring=ring,
        notice=notice,
        gone=gone,
        held_back=held_back(given),
        cannot_be_used=tuple(warning.message for warning in cannot_be_used),
    )


def held_back(answers: Answers) -> int:
    """How many parts of a record learner and family hold back, as far as a reader of these answers may know."""
    withheld = answers.get("sharing", {}).get("withheld")
    return len(withheld) if isinstance(withheld, (list, tuple)) else 0


def about_safeguarding(version: Version, purposes: Collection[str], owner: str | None, *, what: str) -> str:
    """What a pack says about safeguarding that holds nothing of it: the same for every learner.

    Whoever makes it cannot know what the safeguarding team has answered, and only the receiving safeguarding team is
    told that. Readers of what must be known on the first day are told where it would be, in a pack of its own.

    Args:
        version: the version of the form.
        purposes: what the readers are for.
        owner: the sending purpose that wrote what is in it; None if both did.
        what: what it is called.

    Returns:
        The words; empty where the safeguarding team's part is in it.
    """
    if "safeguarding" not in purposes:
        of_first_day = any(
            section.owner == "school_safeguarding" and not section.audience.isdisjoint(purposes)
            for section in version.sections
        )
        return (
            f"{ASK_SAFEGUARDING} {FIRST_DAY.format(what=what)}"
            if of_first_day and owner == "transition"
            else ASK_SAFEGUARDING
        )
    return f"Safeguarding is not in this {what}: see the record’s page." if owner == "transition" else ""


def _missing(version: Version, gaps: Sequence[Finding]) -> tuple[MissingAnswer, ...]:
    """The gaps by section in reader order, each question once however many of its rows lack something."""
    said = (gap for gap in gaps if not gap.code.startswith("attachment."))  # those are named as documents
    ordered = sorted(said, key=lambda gap: version.section(gap.section).reader_order)
    answers: dict[tuple[str, str], MissingAnswer] = {}
    for gap in ordered:
        section = version.section(gap.section)
        label = section.question(gap.field).heading
        answers.setdefault(
            (gap.section, gap.field),
            MissingAnswer(section.title, label, gap_reason(gap.reason, gap.expected)),
        )
    return tuple(answers.values())


def _not_attached(version: Version, kinds: Sequence[str]) -> tuple[MissingAnswer, ...]:
    """The documents that should be there and are not."""
    return tuple(
        MissingAnswer(DOCUMENTS, version.attachment_kind(kind).label, "not attached") for kind in kinds
    )


def _documents(access: Access, attachments: Sequence[Attached], on: date) -> tuple[PackAttachment, ...]:
    """The documents that may be opened, as the pack lists them."""
    documents: list[PackAttachment] = []
    for attached in attachments:
        kind = access.version.attachment_kind(attached.kind)
        if kind.code not in access.attachment_kinds:
            continue
        limit = kind.old_after_days
        old = attached.dated is not None and limit is not None and (on - attached.dated).days > limit
        documents.append(PackAttachment(kind.label, attached.dated, attached.pages, old))
    return tuple(documents)
