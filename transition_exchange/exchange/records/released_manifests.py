"""What a school's teams sign for a record, and the manifests of versions that they released."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.awaited import signer_of
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing import manifests
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import BadSignature
from transition_exchange.store.models import Grant, Record, Revision


def require_released(session: Session, *, trust: Trust, grant: Grant, manifest_digest: str) -> None:
    """Refuse a grant that is not of a released version. Its number says that too, but is a column that is not sealed.

    Args:
        trust: which keys the session trusts.
        grant: the grant.
        manifest_digest: the digest of the manifest that its statement names; empty if it names none.

    Raises:
        Tampered: the owner signed no such manifest of what is granted.
    """
    revision = session.get(Revision, grant.revision_id) if grant.revision_id else None
    if revision is None or not manifest_digest:
        raise Tampered
    manifest_of(session, trust=trust, revision=revision, expected_digest=manifest_digest)


def manifest_of(
    session: Session, *, trust: Trust, revision: Revision, expected_digest: str
) -> manifests.Manifest:
    """A released revision's manifest, verified with its owner's key and against the grant that names it.

    Args:
        revision: the revision.
        expected_digest: the digest of the manifest that the grant names.

    Raises:
        Tampered: as `signed_manifest`, or the manifest was swapped for another.
    """
    manifest = signed_manifest(session, trust=trust, revision=revision)
    if manifest.digest() != expected_digest:
        raise Tampered
    return manifest


def signed_manifest(session: Session, *, trust: Trust, revision: Revision) -> manifests.Manifest:
    """A released revision's manifest, verified with its owner's key and against the columns of the row.

    Raises:
        Tampered: the manifest was changed or is another revision's, or was signed with a key that this session does not
            trust or that may not sign for the record.
    """
    signer = signer_of(session, trust=trust, key_id=revision.team_key_id)
    require_speaks_for(session, team=signer.team, record_id=revision.record_id, purposes={revision.owner})
    try:
        manifest = manifests.Manifest.verify(
            revision.manifest or "", revision.signature or b"", signer.signing_public
        )
    except BadSignature as error:
        raise Tampered from error
    about = (manifest.record, manifest.revision, manifest.owner, manifest.number)
    if about != (str(revision.record_id), str(revision.id), revision.owner, revision.number):
        raise Tampered
    signer.require_counting()
    return manifest


def require_speaks_for(
    session: Session, *, team: TeamIdentity, record_id: UUID, purposes: Collection[str]
) -> None:
    """Refuse a team that may not sign for a record: only its school's teams with one of the purposes may.

    Trust in a key says only whose key it is. Every team of the area can have a trusted key.

    Args:
        team: the team that signed.
        record_id: the record.
        purposes: one of which the team must have, or have had.

    Raises:
        Tampered: the team may not sign for it.
    """
    record = session.get(Record, record_id)
    if (
        record is None
        or team.organisation_id != record.organisation_id
        or team.signs_for.isdisjoint(purposes)
    ):
        raise Tampered
