"""Grants: who gave which keys of which revision to whom, signed; made here and believed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import SENDING_PURPOSES, Actor, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust, fingerprint_of
from transition_exchange.sealing import keyrings, manifests
from transition_exchange.sealing.hpke import CannotOpen
from transition_exchange.sealing.keys import BadSignature
from transition_exchange.sealing.parts import digest
from transition_exchange.store.models import Grant, Record, Revision, Team, TeamKey


def _use(record_id: UUID, subject: UUID, transfer_id: UUID | None) -> str:
    """What a keyring is for: bound into its encryption, so that it opens for nothing else."""
    return f"keyring {record_id} {subject} {transfer_id or 'own'}"


def make(
    *,
    grantor: OpenTeam,
    grantee: TeamKey,
    record_id: UUID,
    keys: Mapping[str, bytes],
    digests: Mapping[str, str],
    now: datetime,
    revision_id: UUID | None = None,
    attachment_id: UUID | None = None,
    transfer_id: UUID | None = None,
    manifest_digest: str = "",
) -> Grant:
    """A grant row, its keyring sealed to the grantee's key and its statement signed by the grantor.

    Args:
        keys: part keys by part name.
        digests: digests of the granted ciphertexts by part name, for those that never change again.
        manifest_digest: the digest of the released revision's manifest; empty for a draft.
    """
    subject = revision_id or attachment_id
    assert subject is not None
    ring = keyrings.seal(grantee.kem_public, keys, use=_use(record_id, subject, transfer_id))
    statement = manifests.Grant(
        manifest_digest=manifest_digest,
        record=str(record_id),
        revision=str(subject),
        transfer=str(transfer_id) if transfer_id else None,
        recipient_team=str(grantee.team_id),
        recipient_fingerprint=fingerprint_of(grantee).hex(),
        keyring_digest=digest(ring),
        parts=dict(digests),
        granted_at=now.isoformat(),
    )
    return Grant(
        id=uuid4(),
        record_id=record_id,
        revision_id=revision_id,
        attachment_id=attachment_id,
        transfer_id=transfer_id,
        grantor_team_id=grantor.id,
        grantor_key_id=grantor.key_id,
        grantee_team_id=grantee.team_id,
        grantee_key_id=grantee.id,
        created_at=now,
        keyring=ring,
        statement=statement.text(),
        signature=statement.sign(grantor.secret.signing),
    )


@dataclass(frozen=True)
class OpenGrant:
    """A grant that was verified and opened.

    Attributes:
        keys: part keys by part name.
        digests: what the granted ciphertexts must hash to, by part name.
        manifest_digest: the manifest of the revision that the grantor vouched for; empty for drafts.
    """

    id: UUID
    team_id: UUID
    keys: Mapping[str, bytes] = field(repr=False)
    digests: Mapping[str, str] = field(repr=False)
    manifest_digest: str = ""


def open_grant(session: Session, *, actor: Actor, trust: Trust, grant: Grant) -> OpenGrant | None:
    """Verify a grant's signature against a believed key, and open its keyring.

    Returns:
        None where this session holds no key for it, or the keyring was withdrawn.

    Raises:
        Tampered: the statement, its signature, its recipient or its keyring is not what the grantor made.
    """
    team = actor.team(grant.grantee_team_id)
    secret = team.secret_of(grant.grantee_key_id) if team else None
    if secret is None or grant.keyring is None or team is None:
        return None
    grantor = session.get(TeamKey, grant.grantor_key_id)
    if grantor is None or grantor.team_id != grant.grantor_team_id or not trust.believes(session, grantor):
        raise Tampered
    if not _speaks_for(session, grantor, grant.record_id, SENDING_PURPOSES):
        raise Tampered
    subject = grant.revision_id or grant.attachment_id
    try:
        statement = manifests.Grant.verify(
            grant.statement or "", grant.signature or b"", grantor.signing_public
        )
        right = (
            statement.record == str(grant.record_id)
            and statement.revision == str(subject)
            and statement.transfer == (str(grant.transfer_id) if grant.transfer_id else None)
            and statement.recipient_team == str(team.id)
            and statement.keyring_digest == digest(grant.keyring)
        )
        if not right or subject is None:
            raise Tampered
        ring = keyrings.open(secret.kem, grant.keyring, use=_use(grant.record_id, subject, grant.transfer_id))
    except (BadSignature, CannotOpen) as error:
        raise Tampered from error
    return OpenGrant(
        id=grant.id,
        team_id=team.id,
        keys=ring,
        digests=statement.parts,
        manifest_digest=statement.manifest_digest,
    )


def grants_to(session: Session, actor: Actor, **filters: UUID | None) -> list[Grant]:
    """The actor's teams' live grants with these column values, oldest first."""
    query = select(Grant).where(
        Grant.grantee_team_id.in_([team.id for team in actor.teams]), Grant.withdrawn_at.is_(None)
    )
    return list(session.scalars(query.filter_by(**filters).order_by(Grant.created_at)))


def manifest_of(
    session: Session, *, trust: Trust, revision: Revision, expected_digest: str
) -> manifests.Manifest:
    """A released revision's manifest, verified against its owner's believed key and the grant that named it.

    Raises:
        Tampered: it was changed, swapped for another, or signed by a key that is not believed.
    """
    signer = session.get(TeamKey, revision.team_key_id) if revision.team_key_id else None
    if signer is None or not trust.believes(session, signer):
        raise Tampered
    if not _speaks_for(session, signer, revision.record_id, frozenset({revision.owner})):
        raise Tampered
    try:
        manifest = manifests.Manifest.verify(
            revision.manifest or "", revision.signature or b"", signer.signing_public
        )
    except BadSignature as error:
        raise Tampered from error
    right = (
        manifest.digest() == expected_digest
        and manifest.record == str(revision.record_id)
        and manifest.revision == str(revision.id)
        and manifest.owner == revision.owner
        and manifest.number == revision.number
    )
    if not right:
        raise Tampered
    return manifest


def _speaks_for(session: Session, key: TeamKey, record_id: UUID, purposes: frozenset[str]) -> bool:
    """Whether a believed key is that of a team which may sign for a record: of its school, for one of the purposes.

    That a key is believed says whose it is. Every confirmed team of the area has one, and few may speak for a school.
    """
    team, record = session.get(Team, key.team_id), session.get(Record, record_id)
    return (
        team is not None
        and record is not None
        and team.organisation_id == record.organisation_id
        and bool(purposes.intersection(team.purposes))
    )
