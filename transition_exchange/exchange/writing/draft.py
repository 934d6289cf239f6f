"""An owner's working copy of a record, open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.attachments import AttachmentAbout
from transition_exchange.proforma import Report, Version, check


@dataclass(frozen=True)
class Draft:
    """One owner's working copy of a record, open.

    Attributes:
        answers: what is written so far, by section; every section of the owner is there, empty or not.
        tags: what tells whether a section still says what it did when it was read; a save names them, so that nobody's
            work is lost.
        row_tags: what each row carried then; new in every row at every save, whatever was changed.
    """

    record_id: UUID
    area_id: UUID
    organisation_id: UUID
    leaving_year: int
    delete_on: date
    owner: str
    version: Version
    revision_id: UUID
    answers: Answers = field(repr=False)
    tags: Mapping[str, str] = field(repr=False)
    part_ids: Mapping[str, UUID] = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)
    attachments: tuple[AttachmentAbout, ...] = ()
    row_tags: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def place(self) -> parts.Place:
        return parts.Place(
            area=self.area_id, record=self.record_id, revision=self.revision_id, version=self.version.name
        )

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
                    "id": str(each.id),
                    "kind": each.kind,
                    "dated": each.dated.isoformat() if each.dated else None,
                }
                for each in self.attachments
            ],
        )
