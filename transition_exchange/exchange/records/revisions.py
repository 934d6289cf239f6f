"""What an owner released, read again: every signature and digest verified."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.attachments import (
    AttachmentLabel,
    content_part,
    label_part,
    read_label,
)
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.models import Part, Record, Revision


def latest(session: Session, record_id: UUID, owner: str) -> Revision | None:
    """The newest released revision of an owner's sections, or None where none was released."""
    return session.scalar(
        select(Revision)
        .where(Revision.record_id == record_id, Revision.owner == owner, Revision.number > 0)
        .order_by(Revision.number.desc())
        .limit(1)
    )


def manifest_digest(revision: Revision) -> str:
    """The digest of a stored manifest's exact text."""
    return parts.digest((revision.manifest or "").encode())


@dataclass(frozen=True)
class OpenRevision:
    """One owner's revision as one team, or several of one person's, can open it.

    Attributes:
        answers: the sections that the teams were granted.
        keys, digests: of all that was granted, sections, attachments and the transfer's own parts.
    """

    revision: Revision
    answers: Answers = field(repr=False)
    attachments: tuple[AttachmentLabel, ...] = ()
    keys: Mapping[str, bytes] = field(repr=False, default_factory=dict)
    digests: Mapping[str, str] = field(repr=False, default_factory=dict)
    manifest_digest: str = ""


def open_revision(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    revision: Revision,
    transfer_id: UUID | None = None,
    team_id: UUID | None = None,
) -> OpenRevision:
    """Open what the actor's teams were granted of a released revision, verifying every signature and digest.

    Args:
        transfer_id: the transfer by which it came; None for the school's own grant.
        team_id: only what this team was granted.

    Raises:
        NotFound: none of the actor's teams holds a live grant.
        Tampered: anything is not what the owner released.
    """
    keys: dict[str, bytes] = {}
    granted: dict[str, str] = {}
    expected = ""
    for grant in grants.grants_to(session, actor, revision_id=revision.id, transfer_id=transfer_id):
        if team_id is not None and grant.grantee_team_id != team_id:
            continue
        opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
        if opened is not None:
            keys |= opened.keys
            granted |= opened.digests
            expected = opened.manifest_digest
    if not keys:
        raise NotFound
    manifest = grants.manifest_of(session, trust=trust, revision=revision, expected_digest=expected)
    digests = {**granted, **manifest.parts}
    rows = parts.rows_of(session, revision_id=revision.id)
    if transfer_id is not None:
        rows |= parts.rows_of(session, revision_id=revision.id, transfer_id=transfer_id)
    rows |= attached_rows(session, keys)
    content = [
        name
        for name in keys
        if not name.startswith(("attachment/", "pdf/", "data/")) or name.endswith("/about")
    ]
    if any(name not in rows for name in keys):
        raise Tampered
    bodies = ciphertexts_of(session).get(session, [rows[name].id for name in content])
    answers: Answers = {}
    attachments: list[AttachmentLabel] = []
    for name in content:
        body = bodies.get(rows[name].id, b"")
        if parts.digest(body) != digests.get(name):
            raise Tampered
        if name.startswith("attachment/"):
            attachment_id = UUID(name.split("/")[1])
            pieces = (label_part(attachment_id), content_part(attachment_id))
            attachments.append(
                read_label(
                    attachment_id,
                    parts.open_part(parts.binding_of(record, attachment_id), name, keys[name], body),
                    keys={piece: keys[piece] for piece in pieces},
                    digests={piece: digests[piece] for piece in pieces},
                )
            )
        else:
            binding = parts.binding_of(record, revision.id)
            answers[name.split("/")[0]] = json.loads(parts.open_part(binding, name, keys[name], body))
    return OpenRevision(
        revision=revision,
        answers=answers,
        attachments=tuple(sorted(attachments, key=lambda each: (each.dated or date.min, each.name))),
        keys=keys,
        digests=digests,
        manifest_digest=expected,
    )


def attached_rows(session: Session, keys: Mapping[str, bytes]) -> dict[str, Part]:
    """The rows of the attachments that some keys belong to, by part name."""
    ids = sorted({UUID(name.split("/")[1]) for name in keys if name.startswith("attachment/")})
    return parts.rows_of(session, attachment_ids=ids) if ids else {}
