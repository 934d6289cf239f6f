"""Grants: which team gave the keys of which revision to which other team, signed. They are made and checked here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.awaited import Signer, signer_of
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.kept_keyrings import keeping_use
from transition_exchange.exchange.records.part_names import are_own
from transition_exchange.exchange.records.released_manifests import require_released, require_speaks_for
from transition_exchange.proforma import load
from transition_exchange.purposes import SENDING
from transition_exchange.sealing import keyrings, manifests
from transition_exchange.sealing.hpke import CannotOpen
from transition_exchange.sealing.keys import BadSignature, TeamSecret
from transition_exchange.sealing.parts import digest
from transition_exchange.store.models import Attachment, Grant, Record, Revision


def _use(record_id: UUID, subject: UUID, transfer_id: UUID | None) -> str:
    """The use of a keyring. It is bound into the encryption, so that the keyring opens nowhere else."""
    return f"keyring {record_id} {subject} {transfer_id or 'own'}"


def make(
    *,
    grantor: OpenTeam,
    grantee: KnownTeam,
    record_id: UUID,
    owner: str,
    keys: Mapping[str, bytes],
    digests: Mapping[str, str],
    now: datetime,
    revision_id: UUID | None = None,
    attachment_id: UUID | None = None,
    transfer_id: UUID | None = None,
    manifest_digest: str = "",
    known_to: Collection[str] | None = None,
    empty: bool = False,
) -> Grant:
    """A grant row. Its keyring is sealed to the grantee's key and its statement is signed by the grantor.

    The grants of a draft are made by `of_draft`, all at once.

    Args:
        grantor: the team that grants.
        grantee: the team that gets the grant.
        record_id: the record.
        owner: the sending purpose whose part it is.
        keys: the granted part keys, by part name.
        digests: the digests of the granted ciphertexts, by part name; only of those that never change again.
        revision_id: the revision that is granted. Either this or `attachment_id` is given.
        attachment_id: the attachment that is granted.
        transfer_id: the transfer with which it is granted; None for the school's own grant.
        manifest_digest: the digest of the released revision's manifest; empty for a draft or an attachment.
        known_to: the fingerprints of all keys to which these part keys are sealed; only of a draft.
        empty: whether it is a draft that its owner did not make. It counts only while nothing is written in it.
    """
    subject = revision_id or attachment_id
    assert subject is not None
    ring = keyrings.seal(grantee.kem_public, keys, use=_use(record_id, subject, transfer_id))
    statement = manifests.Grant(
        grantor_team=grantor.id,
        grantor_fingerprint=grantor.known.fingerprint,
        manifest_digest=manifest_digest,
        record=str(record_id),
        revision=str(subject),
        owner=owner,
        empty=empty,
        transfer=str(transfer_id) if transfer_id else None,
        recipient_team=grantee.id,
        recipient_fingerprint=grantee.fingerprint,
        keyring_digest=digest(ring),
        keys_digest=keyrings.digest_of(keys),
        known_to=known_to,
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
        grantee_team_id=grantee.id,
        grantee_key_id=grantee.key_id,
        created_at=now,
        keyring=ring,
        statement=statement.text(),
        signature=statement.sign(grantor.secret.signing),
    )


def of_draft(
    *,
    grantor: OpenTeam,
    grantees: Sequence[KnownTeam],
    record_id: UUID,
    owner: str,
    revision_id: UUID,
    keys: Mapping[str, bytes],
    now: datetime,
    empty: bool = False,
) -> list[Grant]:
    """The grants of a draft's new part keys to all teams that get them. Nobody gets these keys later.

    So who knows a draft's keys is fixed when they are made, and each grant says it. To give it to another team is to
    make new keys for all (`writing.new_keys`): a row that is deleted or put back changes nothing about who knows them.

    Args:
        grantor: the team that makes the draft's keys.
        grantees: the teams that get them.
        record_id: the record.
        owner: the sending purpose that writes the draft.
        revision_id: the draft.
        keys: its part keys, by part name.
        empty: as in `make`.
    """
    known_to = [grantee.fingerprint for grantee in grantees]
    return [
        make(
            grantor=grantor,
            grantee=grantee,
            record_id=record_id,
            owner=owner,
            revision_id=revision_id,
            keys=keys,
            digests={},
            known_to=known_to,
            empty=empty,
            now=now,
        )
        for grantee in grantees
    ]


@dataclass(frozen=True)
class OpenGrant:
    """A grant that was verified and opened.

    Attributes:
        team_id: the team to which it was made.
        owner: the sending purpose whose part it is, as the grantor signed it.
        keys: the part keys, by part name.
        digests: the digests that the granted ciphertexts must have, by part name.
        made_by: the fingerprint of the key that signed it.
        known_to: the fingerprints of the keys to which the grantor sealed these part keys: of a draft all of them, of
            anything else the recipient's.
        draft: whether it is of a draft.
        manifest_digest: the digest of the manifest that the grantor signed for; empty for a draft or an attachment.
        empty: whether it is a draft that its owner did not make. It counts only while nothing is written in it.
        kept_use: the use for which the team keeps the part keys under a newer key.
    """

    id: UUID
    team_id: UUID
    owner: str
    keys: Mapping[str, bytes] = field(repr=False)
    digests: Mapping[str, str] = field(repr=False)
    made_by: str = ""
    known_to: frozenset[str] = frozenset()
    draft: bool = False
    manifest_digest: str = ""
    empty: bool = False
    kept_use: str = ""


def open_grant(session: Session, *, actor: Actor, trust: Trust, grant: Grant) -> OpenGrant | None:
    """Verify a grant's signature with a key that this session trusts, and open its keyring or what was kept of it.

    Returns:
        The open grant; None if this session holds no key for it or the keyring was withdrawn.

    Raises:
        Tampered: the statement, its signature, its recipient or its keyring is not what the grantor made, the grantor
            may not sign for this owner's part of this record, or a key is for a part that is not this owner's.
    """
    team = actor.team(grant.grantee_team_id)
    key_id = grant.grantee_key_id if grant.kept is None else grant.kept_key_id
    secret = team.secret_of(key_id) if team and key_id else None
    if secret is None or team is None or (grant.keyring is None and grant.kept is None):
        return None
    statement = statement_of(session, trust=trust, grant=grant)
    subject = UUID(str(statement.revision))
    try:
        keys = _part_keys(grant, statement, secret, use=_use(grant.record_id, subject, grant.transfer_id))
    except CannotOpen as error:
        raise Tampered from error
    version = load(session.get_one(Record, grant.record_id).version)
    if not are_own(keys, version=version, statement=statement, attachment_id=grant.attachment_id):
        raise Tampered
    return OpenGrant(
        id=grant.id,
        team_id=team.id,
        owner=statement.owner,
        keys=keys,
        digests=statement.parts,
        made_by=statement.grantor_fingerprint,
        known_to=frozenset(statement.known_to or (statement.recipient_fingerprint,)),
        draft=statement.known_to is not None,
        manifest_digest=statement.manifest_digest,
        empty=statement.empty,
        kept_use=keeping_use(grant.id, statement),
    )


def statement_of(session: Session, *, trust: Trust, grant: Grant) -> manifests.Grant:
    """A grant's statement, by a team that may sign it and about what the row says. No keyring is opened.

    The columns that name an owner are not sealed. So the statement names the owner too, and its signer must do that
    owner's work. Only a draft that was made with the learner may be another team's, and then it must say so.

    Raises:
        Tampered: it is not that.
    """
    grantor = signer_of(session, trust=trust, key_id=grant.grantor_key_id)
    try:
        statement = manifests.Grant.verify(
            grant.statement or "", grant.signature or b"", grantor.signing_public
        )
    except BadSignature as error:
        raise Tampered from error
    of_draft = grant.revision_id is not None and grant.transfer_id is None and not statement.manifest_digest
    known_to = statement.known_to
    if (
        (known_to is not None) != of_draft
        or (known_to is not None and statement.recipient_fingerprint not in known_to)
        or (statement.empty and not of_draft)
        or not _is_about(session, statement, grant, grantor=grantor)
    ):
        raise Tampered
    purposes = SENDING if statement.empty else (statement.owner,)
    require_speaks_for(session, team=grantor.team, record_id=grant.record_id, purposes=purposes)
    grantor.require_counting()
    return statement


def _owner_of(session: Session, grant: Grant) -> str | None:
    """Whose part a grant is of, according to a column; None if there is no row."""
    if grant.revision_id is not None:
        revision = session.get(Revision, grant.revision_id)
        return revision.owner if revision else None
    attachment = session.get(Attachment, grant.attachment_id) if grant.attachment_id else None
    return attachment.owner if attachment else None


def _part_keys(grant: Grant, statement: manifests.Grant, secret: TeamSecret, *, use: str) -> dict[str, bytes]:
    """What a grant's keyring holds, or held before the team kept it: those keys for which the grantor signed.

    Whoever has left the team can keep something else under the key that they know, so what was kept is compared too.
    The keys of a draft are never kept: it gets new ones.

    Raises:
        CannotOpen: it is not what was sealed.
        Tampered: it is not what the statement is about.
    """
    if grant.kept is not None:
        if statement.known_to is not None:
            raise Tampered
        keys = keyrings.open_kept(secret.kept_key, grant.kept, use=keeping_use(grant.id, statement))
    else:
        ring = grant.keyring or b""
        about = (statement.recipient_fingerprint, statement.keyring_digest)
        if about != (secret.fingerprint.hex(), digest(ring)):
            raise Tampered
        keys = keyrings.open(secret.kem, ring, use=use)
    if keyrings.digest_of(keys) != statement.keys_digest:
        raise Tampered
    return keys


def _is_about(session: Session, statement: manifests.Grant, grant: Grant, *, grantor: Signer) -> bool:
    """Whether a statement is by the team of the key that signed it, and about what the row says."""
    return (
        grant.grantor_team_id == grantor.team.id
        and statement.grantor_team == str(grantor.team.id)
        and statement.grantor_fingerprint == grantor.fingerprint
        and statement.record == str(grant.record_id)
        and statement.revision == str(grant.revision_id or grant.attachment_id)
        and statement.owner == _owner_of(session, grant)
        and statement.owner in SENDING
        and statement.transfer == (str(grant.transfer_id) if grant.transfer_id else None)
        and statement.recipient_team == str(grant.grantee_team_id)
    )


def signed_anew(session: Session, *, actor: Actor, trust: Trust, grant: Grant) -> tuple[str, bytes]:
    """What a grant says, signed by the newest key of the team that made it. Nothing that the grant opens changes.

    Returns:
        The statement, which names that key and is otherwise the same, and its signature.

    Raises:
        Tampered: one of the actor's teams did not make it, or it is not what that team made, or it is of a draft or a
            document that the team writes. Those get new keys: somebody who has left may know what this one opens.
            What the team wrote or attached before it gave that work up stays for those who write it now. They give it
            new keys, as this one's maker is none of them.
    """
    team = actor.team(grant.grantor_team_id)
    statement = statement_of(session, trust=trust, grant=grant)
    whole = grant.keyring is None or statement.keyring_digest == digest(grant.keyring)
    if team is None or not whole:
        raise Tampered
    if statement.known_to is None and grant.attachment_id is None:
        require_released(session, trust=trust, grant=grant, manifest_digest=statement.manifest_digest)
    elif statement.owner in team.purposes or grant.grantee_team_id == team.id:
        raise Tampered
    renewed = replace(statement, grantor_fingerprint=team.secret.fingerprint.hex())
    return renewed.text(), renewed.sign(team.secret.signing)
