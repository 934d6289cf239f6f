"""What a school sent: after its team's key was changed, what the older key signed is signed anew by the newest.

Released versions stay as they were sent: their text, ciphertexts and part keys do not change. The team's newest key
signs the same manifests and the same statements about transfers. It signs the grants to other teams with its own
fingerprint in them, and their keyrings stay; so too those of another owner's draft, which a team grants when it adds a
learner. The grants of versions that the team made to itself are made again to its newest key.

It does not matter whether the team still does the work. If it gave the work up, the grants of its drafts and documents
are among them: it writes them no more, so it cannot give them new keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import grants, released_manifests, transfers
from transition_exchange.exchange.records.damaged_rows import Stored, past_damage, rows_of
from transition_exchange.exchange.records.revisions import manifest_digest
from transition_exchange.exchange.records.standing_grants import lock_standing
from transition_exchange.exchange.renewing.older_keys import older_signers
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Attachment, Grant, Record, Revision, Transfer

STEP = 10
"""How many records one step takes. Everything that was sent of one is signed anew."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The ids of the actor's school's records of which an older key of a team of theirs signed something that lasts.

    The oldest record comes first.

    Args:
        session: the session.
        actor: a member of a team of the school.
        trust: which keys the session trusts.
    """
    older = older_signers(actor, SENDING)
    query = (
        select(Record.id)
        .where(
            Record.organisation_id == actor.organisation_id,
            or_(
                exists().where(
                    Revision.record_id == Record.id, Revision.number > 0, Revision.team_key_id.in_(older)
                ),
                Record.id.in_(_grants(Grant.record_id).where(or_(_given(actor), _lasting_to_itself(actor)))),
                exists().where(Transfer.record_id == Record.id, Transfer.team_key_id.in_(older)),
            ),
        )
        .order_by(Record.created_at, Record.id)
    )
    return session.scalars(query).all()


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Sign anew what was sent of some records, in one transaction. What was taken back meanwhile stays taken back.

    It changes signatures of versions, transfers and grants, takes the team's own grants for others, and writes one
    event.

    Args:
        ids: the records, as `due` gave them.

    Returns:
        Of how many records something could not be opened or checked. That stays as it is, and the rest is signed.
    """
    with db.read() as session:
        trust = trust_of(session, actor)
        records, unreadable = rows_of(session, Record, ids)
        works = [
            _work(session, actor=actor, trust=trust, record=record)
            for record in records
            if record.organisation_id == actor.organisation_id
        ]
    with db.write() as session:
        # Whoever takes a transfer back locks it first, and then withdraws all of its grants, the new ones too.
        locked = select(Transfer.id).where(Transfer.record_id.in_(ids)).order_by(Transfer.id)
        session.execute(locked.with_for_update())
        standing = lock_standing(session, [before for work in works for before, _ in work.own_grants])
        stored = [work for work in works if work.store(session, standing)]
        if stored:
            actor.note(session, "key.renewed", what="releases", count=len(stored))
    return len(unreadable) + sum(work.damaged for work in works)


@dataclass(frozen=True)
class _Signed:
    """A row that is signed anew.

    Attributes:
        before: its signature as it was read.
        values: what takes the place of the columns.
    """

    row: type[Revision | Grant | Transfer]
    id: UUID
    before: bytes | None = field(repr=False)
    values: dict[str, Any] = field(repr=False)

    def store(self, session: Session) -> bool:
        """Store the signature, unless the row was signed by somebody else meanwhile. Returns whether it was stored."""
        updated = session.execute(
            update(self.row)
            .where(self.row.id == self.id, self.row.signature == self.before)
            .values(**self.values)
            .execution_options(synchronize_session=False)
            .returning(self.row.id)
        )
        return updated.first() is not None


@dataclass(frozen=True)
class _Work:
    """What is signed anew of one record.

    Attributes:
        own_grants: the grants that a team made to itself, made again, each with the id of the one before.
        damaged: whether something of the record could not be opened or checked.
    """

    signed: Sequence[_Signed]
    own_grants: Sequence[tuple[UUID, Grant]] = field(repr=False)
    damaged: bool

    def store(self, session: Session, standing: frozenset[UUID]) -> bool:
        """Store it. Returns whether anything was stored; nothing is, if a colleague has done the same meanwhile."""
        stored = [signed.store(session) for signed in self.signed]
        lasting = [(before, grant) for before, grant in self.own_grants if before in standing]
        session.execute(
            delete(Grant)
            .where(Grant.id.in_([before for before, _ in lasting]))
            .execution_options(synchronize_session=False)
        )
        session.add_all([grant for _, grant in lasting])
        return any(stored) or bool(lasting)


def _grants(column: InstrumentedAttribute[UUID]) -> Select[UUID]:
    """A column of grants, with what they are of beside them."""
    return (
        select(column)
        .outerjoin(Revision, Revision.id == Grant.revision_id)
        .outerjoin(Attachment, Attachment.id == Grant.attachment_id)
    )


def _given(actor: Actor) -> ColumnElement[bool]:
    """The condition that an older key signed a grant that stays: of a version, or of what others write.

    A draft or document that the team writes gets new keys (`renewing.drafts`, `renewing.documents`). To sign its grants
    anew would make keys last that somebody who has left may have put there. These columns only say what is looked at:
    `grants.signed_anew` decides by what is signed.
    """
    return or_(
        false(),
        *(
            and_(Grant.grantor_key_id.in_(team.older), ~_to_itself(tuple(team.older)), _is_lasting(team))
            for team in _signers(actor)
        ),
    )


def _lasting_to_itself(actor: Actor) -> ColumnElement[bool]:
    """The condition that a team granted to an older key of its own what keeps its keys, and did not withdraw it."""
    return or_(false(), *(and_(_to_itself(tuple(team.older)), _is_lasting(team)) for team in _signers(actor)))


def _signers(actor: Actor) -> list[OpenTeam]:
    return [team for team in actor.teams if not team.signs_for.isdisjoint(SENDING)]


def _is_lasting(team: OpenTeam) -> ColumnElement[bool]:
    """The condition that a team gives no new keys to what a grant is of: a version, or what it does not write.

    A document that was taken out of the draft has grants no more: versions hold its keys.
    """
    return or_(
        Revision.number > 0,
        Revision.owner.not_in(team.purposes),
        and_(
            Attachment.owner.not_in(team.purposes),
            Attachment.removed_at.is_(None),
            Grant.withdrawn_at.is_(None),
        ),
    )


def _to_itself(older: Sequence[UUID]) -> ColumnElement[bool]:
    """The condition that a team granted something to an older key of its own and has not withdrawn it."""
    return and_(
        Grant.grantee_key_id.in_(older),
        Grant.grantor_team_id == Grant.grantee_team_id,
        Grant.keyring.is_not(None),
        Grant.withdrawn_at.is_(None),
    )


def _work(session: Session, *, actor: Actor, trust: Trust, record: Record) -> _Work:
    older = older_signers(actor, SENDING)

    # What cannot be read is due as well, so it is asked for by its id, and counted.
    def those(kind: type[Stored], which: Select[UUID]) -> list[Stored]:
        rows, unreadable = rows_of(session, kind, session.scalars(which).all())
        damaged.extend(unreadable)
        return rows

    damaged: list[UUID] = []
    revisions = those(
        Revision,
        select(Revision.id).where(
            Revision.record_id == record.id, Revision.number > 0, Revision.team_key_id.in_(older)
        ),
    )
    sent = those(
        Transfer,
        select(Transfer.id).where(Transfer.record_id == record.id, Transfer.team_key_id.in_(older)),
    )
    of_record = _grants(Grant.id).where(Grant.record_id == record.id)
    own = those(Grant, of_record.where(_lasting_to_itself(actor)))
    given = those(Grant, of_record.where(_given(actor)))
    works = (
        past_damage(revisions, lambda row: _manifest(session, actor=actor, trust=trust, revision=row)),
        past_damage(
            sent, lambda row: _transfer(session, actor=actor, trust=trust, record=record, transfer=row)
        ),
        past_damage(given, lambda row: _granted(session, actor=actor, trust=trust, grant=row)),
    )
    own_grants, failed = past_damage(
        own, lambda row: (row.id, _made_again(session, actor=actor, trust=trust, grant=row))
    )
    return _Work(
        signed=[signed for made, _ in works for signed in made],
        own_grants=own_grants,
        damaged=bool(damaged) or failed > 0 or any(lost for _, lost in works),
    )


def _team_of(actor: Actor, key_id: UUID | None) -> OpenTeam:
    """The actor's team that has an older key."""
    team = next((team for team in actor.teams if key_id in team.older), None)
    if team is None:
        raise Tampered
    return team


def _manifest(session: Session, *, actor: Actor, trust: Trust, revision: Revision) -> _Signed:
    team = _team_of(actor, revision.team_key_id)
    manifest = released_manifests.manifest_of(
        session, trust=trust, revision=revision, expected_digest=manifest_digest(revision)
    )
    signature = manifest.sign(team.secret.signing)
    return _Signed(
        Revision, revision.id, revision.signature, {"signature": signature, "team_key_id": team.key_id}
    )


def _transfer(session: Session, *, actor: Actor, trust: Trust, record: Record, transfer: Transfer) -> _Signed:
    team = _team_of(actor, transfer.team_key_id)
    signature = transfers.signed_anew(session, trust=trust, record=record, transfer=transfer, team=team)
    return _Signed(
        Transfer, transfer.id, transfer.signature, {"signature": signature, "team_key_id": team.key_id}
    )


def _granted(session: Session, *, actor: Actor, trust: Trust, grant: Grant) -> _Signed:
    team = _team_of(actor, grant.grantor_key_id)
    statement, signature = grants.signed_anew(session, actor=actor, trust=trust, grant=grant)
    return _Signed(
        Grant,
        grant.id,
        grant.signature,
        {"statement": statement, "signature": signature, "grantor_key_id": team.key_id},
    )


def _made_again(session: Session, *, actor: Actor, trust: Trust, grant: Grant) -> Grant:
    """A grant of the same keys, from the team to itself, to its newest key. It keeps its time.

    Raises:
        Tampered: the team did not make it, or it is neither of a version nor of what the team wrote before it gave
            that work up.
    """
    team = _team_of(actor, grant.grantee_key_id)
    opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
    if opened is None or team.id != grant.grantee_team_id:
        raise Tampered
    if opened.draft or grant.attachment_id is not None:
        if opened.owner in team.purposes:
            raise Tampered
    else:
        released_manifests.require_released(
            session, trust=trust, grant=grant, manifest_digest=opened.manifest_digest
        )
    return grants.make(
        grantor=team,
        grantee=team.known,
        record_id=grant.record_id,
        owner=opened.owner,
        revision_id=grant.revision_id,
        attachment_id=grant.attachment_id,
        transfer_id=grant.transfer_id,
        keys=opened.keys,
        digests=opened.digests,
        manifest_digest=opened.manifest_digest,
        known_to={*opened.known_to, team.known.fingerprint} if opened.draft else None,
        empty=opened.empty,
        now=grant.created_at,
    )
