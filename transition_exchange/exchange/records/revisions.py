"""Reading what an owner released, with every signature and digest verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import grants, parts, released_manifests
from transition_exchange.exchange.records.answers import Answers, from_plaintext
from transition_exchange.exchange.records.attachments import AttachmentLabel, read_label, require_kind_of
from transition_exchange.exchange.records.part_names import content_part, label_part
from transition_exchange.exchange.records.standing_grants import grants_to
from transition_exchange.proforma import load
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.models import Part, Record, Revision
from transition_exchange.stored_text import read_moment


def latest(session: Session, record_id: UUID, owner: str) -> Revision | None:
    """The newest released revision of an owner's sections; None if none was released."""
    return session.scalar(
        select(Revision)
        .where(Revision.record_id == record_id, Revision.owner == owner, Revision.number > 0)
        .order_by(Revision.number.desc())
        .limit(1)
    )


def manifest_digest(revision: Revision) -> str:
    """The SHA-256 digest of a stored manifest's exact text, in hexadecimal."""
    return parts.digest((revision.manifest or "").encode())


@dataclass(frozen=True)
class OpenRevision:
    """One owner's revision, as far as the teams that opened it were granted it.

    Attributes:
        answers: the values of the granted sections, by section and field.
        attachments: the labels of the granted attachments, by date and then by name.
        keys: the keys of all granted parts, by part name: sections, attachments and the transfer's own parts.
        digests: the digests of their ciphertexts, by part name.
        manifest_digest: the digest of the revision's manifest.
        withdraws: the number of the version that it takes back, with all before it; None if it takes none back.
        released_at: when it was released, as its owner signed it; None for one that is only just made.
    """

    revision: Revision
    answers: Answers = field(repr=False)
    attachments: tuple[AttachmentLabel, ...] = ()
    keys: Mapping[str, bytes] = field(repr=False, default_factory=dict)
    digests: Mapping[str, str] = field(repr=False, default_factory=dict)
    manifest_digest: str = ""
    withdraws: int | None = None
    released_at: datetime | None = None


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
        trust: which keys the session trusts.
        record: the record.
        revision: the released revision.
        transfer_id: the transfer with which it was granted; None for the school's own grant.
        team_id: the team whose grants are used; None for all of the actor's teams.

    Raises:
        NotFound: the owner released it, and none of these teams has a grant that is still valid.
        Tampered: something is not what the owner released, or the owner released no such revision.
    """
    keys: dict[str, bytes] = {}
    granted: dict[str, str] = {}
    expected_digest = ""
    for grant in grants_to(session, actor, revision_id=revision.id, transfer_id=transfer_id):
        if team_id is not None and grant.grantee_team_id != team_id:
            continue
        opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
        if opened is not None:
            keys |= opened.keys
            granted |= opened.digests
            expected_digest = opened.manifest_digest
    if not keys:
        # A row that somebody put there is refused as such, and not taken for a version that others were granted.
        released_manifests.signed_manifest(session, trust=trust, revision=revision)
        raise NotFound
    manifest = released_manifests.manifest_of(
        session, trust=trust, revision=revision, expected_digest=expected_digest
    )
    version = load(record.version)
    digests = {**granted, **manifest.parts}
    rows = parts.rows_of(session, revision_id=revision.id)
    if transfer_id is not None:
        rows |= parts.rows_of(session, revision_id=revision.id, transfer_id=transfer_id)
    rows |= attached_rows(session, keys)
    read_now = [
        name
        for name in keys
        if not name.startswith(("attachment/", "pdf/", "data/")) or name.endswith("/about")
    ]
    if any(name not in rows for name in keys):
        raise Tampered
    bodies = ciphertexts_of(session).get(session, [rows[name].id for name in read_now])
    answers: Answers = {}
    attachments: list[AttachmentLabel] = []
    for name in read_now:
        body = bodies.get(rows[name].id, b"")
        if parts.digest(body) != digests.get(name):
            raise Tampered
        if name.startswith("attachment/"):
            attachment_id = UUID(name.split("/")[1])
            pieces = (label_part(attachment_id), content_part(attachment_id))
            if any(piece not in keys or piece not in digests for piece in pieces):
                raise Tampered
            binding = parts.binding_of(record, attachment_id)
            label = read_label(
                attachment_id=attachment_id,
                plaintext=parts.open_part(binding=binding, name=name, key=keys[name], body=body),
                keys={piece: keys[piece] for piece in pieces},
                digests={piece: digests[piece] for piece in pieces},
            )
            require_kind_of(version, label, owner=manifest.owner)
            attachments.append(label)
        else:
            binding = parts.binding_of(record, revision.id)
            opened_part = parts.open_part(binding=binding, name=name, key=keys[name], body=body)
            answers[name.split("/")[0]] = from_plaintext(opened_part)
    return OpenRevision(
        revision=revision,
        answers=answers,
        attachments=tuple(sorted(attachments, key=lambda label: (label.dated or date.min, label.name))),
        keys=keys,
        digests=digests,
        manifest_digest=expected_digest,
        withdraws=manifest.withdraws,
        released_at=read_moment(str(manifest.released_at)),
    )


def attached_rows(session: Session, keys: Mapping[str, bytes]) -> dict[str, Part]:
    """The rows of the attachments to which some part keys belong, by part name."""
    ids = sorted({UUID(name.split("/")[1]) for name in keys if name.startswith("attachment/")})
    return parts.rows_of(session, attachment_ids=ids) if ids else {}
