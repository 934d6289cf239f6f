"""Sealing a document that is attached to a record: new keys, its label and its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import KnownTeam, OpenTeam
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.part_names import content_part, label_part
from transition_exchange.store.models import Attachment, Grant, Record


@dataclass(frozen=True)
class NewDocument:
    """A document, sealed and ready to be stored.

    Attributes:
        attachment: its row.
        sealed: its label and its file.
        grants: the ways in which the owner's teams open it.
    """

    attachment: Attachment
    sealed: Sequence[parts.SealedPart] = field(repr=False)
    grants: Sequence[Grant] = field(repr=False)

    def store(self, session: Session) -> None:
        """Add the document and the owner's grants to the transaction."""
        session.add(self.attachment)
        session.flush()
        for part in self.sealed:
            part.store(session, record_id=self.attachment.record_id, attachment_id=self.attachment.id)
        session.add_all(self.grants)


def new_document(
    *,
    record: Record,
    attachment: Attachment,
    label: AttachmentLabel,
    content: bytes,
    grantor: OpenTeam,
    grantees: Sequence[KnownTeam],
    now: datetime,
) -> NewDocument:
    """Make the keys of a document, and seal its label and its file.

    Args:
        record: the record.
        attachment: the row of the attachment as which it is sealed.
        label: what it is. Its keys and digests do not matter.
        content: the file.
        grantor: the team that attaches it and signs the grants.
        grantees: the owner's teams.
        now: when they are granted it.
    """
    binding = parts.binding_of(record, attachment.id)
    sealed = [
        parts.seal(binding=binding, name=label_part(attachment.id), plaintext=label.plaintext()),
        parts.seal(binding=binding, name=content_part(attachment.id), plaintext=content),
    ]
    own_grants = [
        grants.make(
            grantor=grantor,
            grantee=grantee,
            record_id=record.id,
            owner=attachment.owner,
            attachment_id=attachment.id,
            keys=parts.keys_of(sealed),
            digests={part.name: part.digest for part in sealed},
            now=now,
        )
        for grantee in grantees
    ]
    return NewDocument(attachment=attachment, sealed=sealed, grants=own_grants)
