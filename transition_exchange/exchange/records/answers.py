"""An owner's answers of one record: checked, shown, put on cards, and sealed section by section."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.proforma import Report, Section, Version, check
from transition_exchange.sealing import padding

Answers = dict[str, dict[str, Any]]

OWNERS = ("transition", "safeguarding")


@dataclass(frozen=True, kw_only=True)
class OwnerAnswers:
    """What one owner has written of a record, apart from how and where it is sealed.

    Attributes:
        organisation_id: the sending organisation.
        owner: the sending purpose that writes these sections.
        answers: by section; every section of the owner is there, empty or not.
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
        """What is wrong and what is missing in the owner's sections today."""
        return check(
            self.version,
            self.answers,
            today=today,
            owner=self.owner,
            leaving_year=self.leaving_year,
            attachments=[
                {
                    "id": str(label.id),
                    "kind": label.kind,
                    "dated": label.dated.isoformat() if label.dated else None,
                }
                for label in self.attachments
            ],
        )


def plaintext(answers: Mapping[str, Any]) -> bytes:
    """One section's answers as they are sealed: compact UTF-8 JSON."""
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def written_sections(version: Version, owner: str) -> tuple[Section, ...]:
    """The sections that an owner writes; those made for each transfer out of the record are not among them."""
    return tuple(section for section in version.sections_of(owner) if not section.per_transfer)


def room(section: Section) -> int:
    """The least size in bytes to which a section is padded, by what it asks and not by what anybody answered.

    Where there is a table or a text to write, a plan fills it and most learners leave it empty.
    """
    written = any(question.kind in ("long_text", "rows") for question in section.questions)
    return padding.ROOMY if written else padding.SMALLEST
