"""An owner's working copy of a record, open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.answers import OwnerAnswers


@dataclass(frozen=True, kw_only=True)
class Draft(OwnerAnswers):
    """One owner's working copy of a record, open: the answers, and what they are sealed again with.

    Attributes:
        delete_on: the day on which the record is deleted.
        tags: by section, what tells whether it still says what it did when it was read. A save names them, so that
            nobody's work is lost.
        row_tags: what each row carried then. A save gives every row a new one, whatever was changed.
        part_ids: the row of each section's part.
        keys: the key of each section's part.
    """

    delete_on: date
    revision_id: UUID
    tags: Mapping[str, str] = field(repr=False)
    row_tags: Mapping[str, str] = field(repr=False)
    part_ids: Mapping[str, UUID] = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def binding(self) -> parts.Binding:
        """What the draft's sections are bound to when they are sealed."""
        return parts.Binding(
            area=self.area_id, record=self.record_id, revision=self.revision_id, version=self.version.name
        )
