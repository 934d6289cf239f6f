"""One owner's answers in a record, to be checked, shown, put on cards and sealed section by section."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.proforma import Report, Section, Version, check
from transition_exchange.sealing import padding
from transition_exchange.stored_text import UnreadableText, read_object

Answers = dict[str, dict[str, Any]]
"""Values by section and field."""


@dataclass(frozen=True, kw_only=True)
class OwnerAnswers:
    """What one owner has written in a record, without how and where it is sealed.

    Attributes:
        organisation_id: the sending organisation.
        leaving_year: the calendar year in which the learner leaves school.
        owner: the sending purpose that writes these sections.
        version: the version of the pro-forma in which the record is written.
        answers: the values by section and field. Every section of the owner is there, empty or not.
        attachments: the labels of the owner's attachments, the oldest first.
    """

    record_id: UUID
    area_id: UUID
    organisation_id: UUID
    leaving_year: int
    owner: str
    version: Version
    answers: Answers = field(repr=False)
    attachments: tuple[AttachmentLabel, ...] = ()

    def report(self, today: date) -> Report:
        """The errors and gaps in the owner's sections on a day."""
        return check(
            self.version,
            self.answers,
            today=today,
            owner=self.owner,
            leaving_year=self.leaving_year,
            attachments=[
                {
                    "id": str(label.document),
                    "kind": label.kind,
                    "dated": label.dated.isoformat() if label.dated else None,
                }
                for label in self.attachments
            ],
        )


def plaintext(answers: Mapping[str, Any]) -> bytes:
    """One section's answers in the form in which they are sealed: compact JSON in UTF-8."""
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def from_plaintext(raw: bytes) -> dict[str, Any]:
    """One section's answers, as `plaintext` wrote them.

    Raises:
        Tampered: it holds something else, though it opened.
    """
    try:
        return read_object(raw)
    except UnreadableText:
        raise Tampered from None


def written_sections(version: Version, owner: str) -> tuple[Section, ...]:
    """The sections that an owner writes, without those that are made out of the record for each transfer."""
    return tuple(section for section in version.sections_of(owner) if not section.per_transfer)


def room(section: Section) -> int:
    """The least size in bytes to which a section is padded. It depends on what is asked, not on what is answered.

    Long texts and tables get more room: they are full for a learner with a plan and empty for most others, and the size
    must not tell which.
    """
    roomy = any(question.kind in ("long_text", "rows") for question in section.questions)
    return padding.ROOMY if roomy else padding.SMALLEST
