"""Opening a record's attachments: each has a sealed label and a sealed content."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.kept_keyrings import withdraw
from transition_exchange.exchange.records.part_names import content_part, label_part
from transition_exchange.exchange.records.standing_grants import grants_to
from transition_exchange.proforma import Version, load
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.models import Attachment, Grant, Part, Record, Revision
from transition_exchange.stored_text import read_object


@dataclass(frozen=True)
class AttachmentLabel:
    """What an attachment is, read from its sealed label.

    Attributes:
        document: the id of the document, by which answers name it and versions are compared. It is the id of the
            attachment with which it came, and stays when the document is sealed again as another attachment.
        kind: a code of the pro-forma's attachment kinds. The kind decides the section and so who may read it.
        name: what the writer called it.
        dated: the date of the document itself, if its kind has one.
        pages: the number of pages.
        size: the size of the file in bytes.
        added: the day on which it was attached, in ISO 8601.
        removed: what was taken out of the file when it was attached, as codes (`writing.untrusted_pdf.REMOVED`).
        keys: the keys of its label and its content, by part name.
        digests: the SHA-256 digests of both ciphertexts in hexadecimal, by part name.
    """

    id: UUID
    document: UUID
    kind: str = field(repr=False)
    name: str = field(repr=False)
    dated: date | None = field(repr=False)
    pages: int
    size: int
    added: str
    removed: tuple[str, ...] = field(repr=False, default=())
    keys: Mapping[str, bytes] = field(repr=False, default_factory=dict)
    digests: Mapping[str, str] = field(repr=False, default_factory=dict)

    def plaintext(self) -> bytes:
        """The label as JSON, for sealing."""
        label = {
            "document": str(self.document),
            "kind": self.kind,
            "name": self.name,
            "dated": self.dated.isoformat() if self.dated else None,
            "pages": self.pages,
            "size": self.size,
            "added": self.added,
            "removed": self.removed,
        }
        return json.dumps(label, ensure_ascii=False).encode()


def read_label(
    *, attachment_id: UUID, plaintext: bytes, keys: Mapping[str, bytes], digests: Mapping[str, str]
) -> AttachmentLabel:
    """An attachment's label, from its opened part.

    Args:
        attachment_id: the attachment.
        plaintext: what the label's part holds.
        keys: the keys of the label and the content, by part name.
        digests: the digests of both ciphertexts, by part name.

    Raises:
        Tampered: the part holds something else, though it opened.
    """
    try:
        label = read_object(plaintext)
        date.fromisoformat(label["added"])
        return AttachmentLabel(
            id=attachment_id,
            document=UUID(label["document"]),
            kind=str(label["kind"]),
            name=str(label["name"]),
            dated=date.fromisoformat(label["dated"]) if label["dated"] else None,
            pages=int(label["pages"]),
            size=int(label["size"]),
            added=label["added"],
            removed=tuple(map(str, label["removed"])),
            keys=keys,
            digests=digests,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Tampered from None


def require_kind_of(version: Version, label: AttachmentLabel, *, owner: str) -> None:
    """Refuse a document of a kind that another owner attaches.

    Args:
        version: the version of the form in which the record is written.
        label: what the document is.
        owner: the sending purpose whose document it should be.

    Raises:
        Tampered: it is of another owner's kind, or of an unknown one.
    """
    if label.kind not in {kind.code for kind in version.attachment_kinds_of(owner)}:
        raise Tampered


def open_labels(
    session: Session, *, actor: Actor, trust: Trust, record: Record, owner: str
) -> tuple[AttachmentLabel, ...]:
    """The labels of an owner's attachments to a record, the oldest first.

    Attachments that none of the actor's teams was granted are left out.

    Raises:
        Tampered: a grant or a label is not what the owner made, or a label that was granted is gone.
    """
    attachments = session.scalars(
        select(Attachment)
        .where(Attachment.record_id == record.id, Attachment.owner == owner, Attachment.removed_at.is_(None))
        .order_by(Attachment.created_at)
    ).all()
    if not attachments:
        return ()
    rows = parts.rows_of(session, attachment_ids=[attachment.id for attachment in attachments])
    bodies = ciphertexts_of(session).get(session, [part.id for part in rows.values() if _is_label(part)])
    labels: list[AttachmentLabel] = []
    for attachment in attachments:
        label = open_label(
            session,
            actor=actor,
            trust=trust,
            record=record,
            attachment_id=attachment.id,
            part=rows.get(label_part(attachment.id)),
            bodies=bodies,
        )
        if label is not None:
            labels.append(label)
    return tuple(labels)


def _is_label(part: Part) -> bool:
    return part.attachment_id is not None and part.name == label_part(part.attachment_id)


def open_label(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    attachment_id: UUID,
    part: Part | None,
    bodies: Mapping[UUID, bytes],
) -> AttachmentLabel | None:
    """An attachment's label, checked against the digest that was signed for it.

    Args:
        trust: which keys the session trusts.
        record: the record.
        attachment_id: the attachment.
        part: the row of its label; None if there is none.
        bodies: ciphertexts by the ids of their rows.

    Returns:
        The label; None if none of the actor's teams was granted the attachment.

    Raises:
        Tampered: a grant or the label is not what the owner made, or a label that was granted is gone.
    """
    keys: Mapping[str, bytes] = {}
    digests: Mapping[str, str] = {}
    owner = ""
    for grant in grants_to(session, actor, attachment_id=attachment_id):
        opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
        if opened is not None:
            keys, digests, owner = opened.keys, opened.digests, opened.owner
    name = label_part(attachment_id)
    if name not in keys:
        return None
    if part is None or part.id not in bodies:
        raise Tampered
    body = bodies[part.id]
    # Every team that received the document holds the label's key, and could seal another label under it.
    if parts.digest(body) != digests.get(name):
        raise Tampered
    binding = parts.binding_of(record, attachment_id)
    plaintext = parts.open_part(binding=binding, name=name, key=keys[name], body=body)
    label = read_label(attachment_id=attachment_id, plaintext=plaintext, keys=keys, digests=digests)
    require_kind_of(load(record.version), label, owner=owner)
    return label


def read_content(session: Session, *, record: Record, label: AttachmentLabel) -> bytes:
    """An attachment's file, checked against the digest that was signed for it.

    Raises:
        Tampered: the file is not what was attached.
    """
    name = content_part(label.id)
    part = parts.rows_of(session, attachment_ids=[label.id]).get(name)
    body = ciphertexts_of(session).get(session, [part.id]).get(part.id, b"") if part else b""
    if name not in label.keys or parts.digest(body) != label.digests.get(name):
        raise Tampered
    return parts.open_part(
        binding=parts.binding_of(record, label.id), name=name, key=label.keys[name], body=body
    )


def put_away(session: Session, attachment: Attachment, *, now: datetime) -> None:
    """Take an attachment out of the draft. A released version that has it keeps it; if none has, it is deleted.

    A version holds the keys of what it consists of. So nobody needs the attachment's own grants any longer.

    Args:
        session: the write session. The attachment's row is locked in it, so that nobody releases a version with it now.
        attachment: the row, which is changed.
        now: when it is taken out.
    """
    attachment.removed_at = now
    withdraw(session, Grant.attachment_id == attachment.id, now=now)
    if not _was_released(session, attachment):
        delete_parts(session, [attachment.id])


def _was_released(session: Session, attachment: Attachment) -> bool:
    """Whether the manifest of a released version names the attachment."""
    released = select(Revision.id).where(
        Revision.record_id == attachment.record_id,
        Revision.manifest.contains(content_part(attachment.id), autoescape=True),
    )
    return session.scalar(released.limit(1)) is not None


def delete_parts(session: Session, attachment_ids: Sequence[UUID]) -> None:
    """Delete the rows and ciphertexts of attachments that nobody may open any longer."""
    rows = parts.rows_of(session, attachment_ids=attachment_ids)
    ciphertexts_of(session).delete(session, [part.id for part in rows.values()])
    for part in rows.values():
        session.delete(part)
