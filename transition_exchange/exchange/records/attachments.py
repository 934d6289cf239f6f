"""Attachments of a record: their sealed labels and contents, opened."""

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
from transition_exchange.store.models import Attachment, Record


@dataclass(frozen=True)
class AttachmentLabel:
    """What an attachment is, read from its sealed label.

    Attributes:
        kind: a code of the pro-forma's attachment kinds, which gives it its section and audience.
        dated: the date of the document itself, where it has one.
        keys: the keys of its two parts, by part name.
        digests: the digests of both ciphertexts.
    """

    id: UUID
    kind: str
    name: str
    dated: date | None
    pages: int
    size: int
    added: str
    keys: Mapping[str, bytes] = field(repr=False, default_factory=dict)
    digests: Mapping[str, str] = field(repr=False, default_factory=dict)


def label_part(attachment_id: UUID) -> str:
    return f"attachment/{attachment_id}/about"


def content_part(attachment_id: UUID) -> str:
    return f"attachment/{attachment_id}/content"


def read_label(
    attachment_id: UUID, plaintext: bytes, *, keys: Mapping[str, bytes], digests: Mapping[str, str]
) -> AttachmentLabel:
    """An attachment's label, from its opened part."""
    label = json.loads(plaintext)
    return AttachmentLabel(
        id=attachment_id,
        kind=label["kind"],
        name=label["name"],
        dated=date.fromisoformat(label["dated"]) if label["dated"] else None,
        pages=label["pages"],
        size=label["size"],
        added=label["added"],
        keys=keys,
        digests=digests,
    )


def open_labels(
    session: Session, *, actor: Actor, trust: Trust, record: Record, owner: str
) -> tuple[AttachmentLabel, ...]:
    """The labels of an owner's attachments of a record, opened with the owner team's own grants."""
    found = session.scalars(
        select(Attachment)
        .where(Attachment.record_id == record.id, Attachment.owner == owner, Attachment.removed_at.is_(None))
        .order_by(Attachment.created_at)
    ).all()
    if not found:
        return ()
    rows = parts.rows_of(session, attachment_ids=[each.id for each in found])
    wanted = [rows[label_part(each.id)] for each in found]
    bodies = ciphertexts_of(session).get(session, [row.id for row in wanted])
    labels: list[AttachmentLabel] = []
    for each, row in zip(found, wanted, strict=True):
        keys: dict[str, bytes] = {}
        digests: dict[str, str] = {}
        for grant in grants.grants_to(session, actor, attachment_id=each.id):
            opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
            if opened is not None:
                keys, digests = dict(opened.keys), dict(opened.digests)
        if row.name in keys:
            binding = parts.binding_of(record, each.id)
            opened_label = parts.open_part(binding, row.name, keys[row.name], bodies[row.id])
            labels.append(read_label(each.id, opened_label, keys=keys, digests=digests))
    return tuple(labels)


def read_content(session: Session, *, record: Record, about: AttachmentLabel) -> bytes:
    """An attachment's bytes, checked against the digest that was signed for it."""
    name = content_part(about.id)
    row = parts.rows_of(session, attachment_ids=[about.id])[name]
    body = ciphertexts_of(session).get(session, [row.id])[row.id]
    if parts.digest(body) != about.digests.get(name):
        raise Tampered
    return parts.open_part(parts.binding_of(record, about.id), name, about.keys[name], body)


def delete_parts(session: Session, attachment_ids: Sequence[UUID]) -> None:
    """Delete the ciphertexts of attachments that nobody may open any more."""
    rows = parts.rows_of(session, attachment_ids=attachment_ids)
    ciphertexts_of(session).delete(session, [row.id for row in rows.values()])
    for row in rows.values():
        session.delete(row)
