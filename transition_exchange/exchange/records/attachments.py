"""Opening a record's attachments: each has a sealed label and a sealed content."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import grants, parts
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.models import Attachment, Part, Record


@dataclass(frozen=True)
class AttachmentLabel:
    """What an attachment is, read from its sealed label.

    Attributes:
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
    kind: str = field(repr=False)
    name: str = field(repr=False)
    dated: date | None = field(repr=False)
    pages: int
    size: int
    added: str
    removed: tuple[str, ...] = field(repr=False, default=())
    keys: Mapping[str, bytes] = field(repr=False, default_factory=dict)
    digests: Mapping[str, str] = field(repr=False, default_factory=dict)


def label_part(attachment_id: UUID) -> str:
    """The name of the part that holds an attachment's label."""
    return f"attachment/{attachment_id}/about"


def content_part(attachment_id: UUID) -> str:
    """The name of the part that holds an attachment's file."""
    return f"attachment/{attachment_id}/content"


def read_label(
    *, attachment_id: UUID, plaintext: bytes, keys: Mapping[str, bytes], digests: Mapping[str, str]
) -> AttachmentLabel:
    """An attachment's label, from its opened part.

    Args:
        attachment_id: the attachment.
        plaintext: what the label's part holds.
        keys: the keys of the label and the content, by part name.
        digests: the digests of both ciphertexts, by part name.
    """
    label = json.loads(plaintext)
    return AttachmentLabel(
        id=attachment_id,
        kind=label["kind"],
        name=label["name"],
        dated=date.fromisoformat(label["dated"]) if label["dated"] else None,
        pages=label["pages"],
        size=label["size"],
        added=label["added"],
        removed=tuple(label["removed"]),
        keys=keys,
        digests=digests,
    )


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
        name = label_part(attachment.id)
        keys: dict[str, bytes] = {}
        digests: dict[str, str] = {}
        for grant in grants.grants_to(session, actor, attachment_id=attachment.id):
            opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
            if opened is not None:
                keys, digests = dict(opened.keys), dict(opened.digests)
        if name in keys:
            part = rows.get(name)
            if part is None or part.id not in bodies:
                raise Tampered
            plaintext = parts.open_part(
                binding=parts.binding_of(record, attachment.id),
                name=name,
                key=keys[name],
                body=bodies[part.id],
            )
            labels.append(
                read_label(attachment_id=attachment.id, plaintext=plaintext, keys=keys, digests=digests)
            )
    return tuple(labels)


def _is_label(part: Part) -> bool:
    return part.attachment_id is not None and part.name == label_part(part.attachment_id)


def read_content(session: Session, *, record: Record, label: AttachmentLabel) -> bytes:
    """An attachment's file, checked against the digest that was signed for it.

    Raises:
        Tampered: the file is not what was attached.
    """
    name = content_part(label.id)
    part = parts.rows_of(session, attachment_ids=[label.id]).get(name)
    body = ciphertexts_of(session).get(session, [part.id]).get(part.id, b"") if part else b""
    if parts.digest(body) != label.digests.get(name):
        raise Tampered
    return parts.open_part(
        binding=parts.binding_of(record, label.id), name=name, key=label.keys[name], body=body
    )


def delete_parts(session: Session, attachment_ids: Sequence[UUID]) -> None:
    """Delete the rows and ciphertexts of attachments that nobody may open any longer."""
    rows = parts.rows_of(session, attachment_ids=attachment_ids)
    ciphertexts_of(session).delete(session, [part.id for part in rows.values()])
    for part in rows.values():
        session.delete(part)
