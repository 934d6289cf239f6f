"""Making an owner's first draft of a record: new keys, and every section sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import KnownTeam, OpenTeam
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import plaintext, written_sections
from transition_exchange.exchange.records.part_names import RESTING
from transition_exchange.exchange.writing.unsaved import room_of
from transition_exchange.proforma import Version
from transition_exchange.store.models import Grant, Record, Revision


@dataclass(frozen=True)
class NewDraft:
    """An owner's first draft, sealed and ready to be stored.

    Attributes:
        grants: the ways in which the owner's teams open it.
    """

    revision: Revision
    sections: Sequence[parts.SealedPart]
    grants: Sequence[Grant]

    def store(self, session: Session) -> None:
        """Add the draft, its sections and the owner's grants to the transaction."""
        session.add(self.revision)
        session.flush()
        for part in self.sections:
            part.store(
                session,
                record_id=self.revision.record_id,
                revision_id=self.revision.id,
            )
        session.add_all(self.grants)


def new_draft(
    *,
    record: Record,
    version: Version,
    owner: str,
    grantor: OpenTeam,
    grantees: Sequence[KnownTeam],
    now: datetime,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> NewDraft:
    """Make the keys of a draft's parts, and seal every part: the owner's sections and what rests beside them.

    All are there from the start, empty or not. The draft keeps these keys as long as nobody else knows them than the
    teams that write it (`writing.new_keys`).

    Args:
        record: the record.
        version: the version of the pro-forma in which it is written.
        owner: the sending purpose that writes the sections.
        grantor: the team that makes the draft and signs the grants.
        grantees: the owner's teams.
        answers: the first values, by section and field.
    """
    revision = Revision(id=uuid4(), record_id=record.id, owner=owner, number=0)
    binding = parts.binding_of(record, revision.id)
    names = [*(section.name for section in written_sections(version, owner)), RESTING]
    sections = [
        parts.seal(
            binding=binding,
            name=name,
            plaintext=plaintext((answers or {}).get(name, {})),
            least=room_of(version, name),
        )
        for name in names
    ]
    own_grants = grants.of_draft(
        grantor=grantor,
        grantees=grantees,
        record_id=record.id,
        owner=owner,
        revision_id=revision.id,
        keys=parts.keys_of(sections),
        empty=owner not in grantor.purposes,
        now=now,
    )
    return NewDraft(revision=revision, sections=sections, grants=own_grants)
