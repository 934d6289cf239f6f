"""Documents in use: after a team's key was changed, each is stored again under new keys, as another attachment.

A released version keeps the attachment that went with it, with its keys and its ciphertext: that is what was sent. The
draft goes on with the new one, which is the same document to everybody who reads it. So it is with a document that
a team can open which gave up writing the draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.attachments import open_label, put_away, read_content
from transition_exchange.exchange.records.damaged_rows import past_damage
from transition_exchange.exchange.records.kept_keyrings import opened_with
from transition_exchange.exchange.records.ownership import former_owner_teams, owner_teams
from transition_exchange.exchange.records.part_names import label_part
from transition_exchange.exchange.records.standing_grants import grants_to, lock_standing
from transition_exchange.exchange.renewing.older_keys import older_keys
from transition_exchange.exchange.renewing.signers import signers, waiting_teams
from transition_exchange.exchange.writing.new_documents import NewDocument, new_document
from transition_exchange.purposes import SENDING
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Attachment, Grant, Record

STEP = 5
"""How many documents one step takes. All of them are in memory at once, and each may have several megabytes."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The ids of the attachments in use at the actor's school that an older key of a team of theirs opens.

    The oldest record comes first, and of a record the oldest attachment.

    Args:
        session: the session.
        actor: a member of a team of the school.
        trust: which keys the session trusts.
    """
    opened = [
        (Attachment.owner == owner) & Grant.grantee_key_id.in_(older_keys(actor, (owner,)))
        for owner in SENDING
    ]
    return _of_school(session, actor, or_(*opened), or_(Grant.keyring.is_not(None), Grant.kept.is_not(None)))


def due_without_change(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """As `due`, but the ids of those that a team has which gave up writing these sections.

    It attached them, or was granted them while it did that work. Those that a team of the actor's attached whose key
    waits, while that of another counts, are among them.
    """
    theirs = aliased(Grant)
    gave_up = {
        owner: [team.id for team in former_owner_teams(session, actor=actor, trust=trust, owner=owner)]
        for owner in SENDING
    }
    had = [
        (Attachment.owner == owner)
        & Grant.grantee_team_id.in_([team.id for team in actor.teams_for(owner)])
        & or_(
            theirs.grantor_team_id.in_(former),
            theirs.grantee_team_id.in_(former),
            theirs.grantor_key_id.in_([team.key_id for team in waiting_teams(actor, owner)]),
        )
        for owner, former in gave_up.items()
        if former or waiting_teams(actor, owner)
    ]
    if not had:
        return ()
    held = [key_id for team in actor.teams for key_id in (team.key_id, *team.older)]
    by_or_for_them = (
        theirs.attachment_id == Attachment.id,
        theirs.withdrawn_at.is_(None),
        or_(*had),
    )
    return _of_school(session, actor, opened_with(held), *by_or_for_them)


def _of_school(session: Session, actor: Actor, *granted: ColumnElement[bool]) -> Sequence[UUID]:
    """The ids of the documents of the actor's school of which there is a grant that meets some conditions."""
    query = (
        select(Attachment.id)
        .join(Record, Record.id == Attachment.record_id)
        .where(
            Record.organisation_id == actor.organisation_id,
            Attachment.removed_at.is_(None),
            exists().where(Grant.attachment_id == Attachment.id, Grant.withdrawn_at.is_(None), *granted),
        )
        .order_by(Record.created_at, Attachment.created_at, Attachment.id)
    )
    return session.scalars(query).all()


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Store documents again under new keys, in one transaction. One that was removed meanwhile stays removed.

    It adds attachments, takes the older ones out of the drafts as removing does, and writes one event.

    Args:
        ids: the attachments, as `due` gave them.

    Returns:
        How many documents could not be opened or checked. They stay as they are.
    """
    with db.read() as session:
        trust = trust_of(session, actor)
        still = {
            attachment_id
            for which in (due, due_without_change)
            for attachment_id in which(session, actor=actor, trust=trust)
        }
        renewed, failed = past_damage(
            [attachment_id for attachment_id in ids if attachment_id in still],
            lambda attachment_id: _renewed(
                session, actor=actor, trust=trust, attachment_id=attachment_id, now=now
            ),
        )
    with db.write() as session:
        older = session.scalars(
            select(Grant.id).where(Grant.attachment_id.in_([document.older_id for document in renewed]))
        )
        lock_standing(session, older.all())
        stored = [document for document in renewed if document.store(session, now=now)]
        if stored:
            actor.note(session, "key.renewed", what="documents", count=len(stored))
    return failed


@dataclass(frozen=True)
class _Renewed:
    """A document under new keys, not stored yet.

    Attributes:
        older_id: the attachment whose place it takes.
    """

    older_id: UUID
    document: NewDocument

    def store(self, session: Session, *, now: datetime) -> bool:
        """Put it in the place of the older one; or leave it, if that one was taken out of the draft meanwhile."""
        older = session.get(Attachment, self.older_id, with_for_update=True)
        if older is None or older.removed_at is not None:
            return False
        self.document.store(session)
        put_away(session, older, now=now)
        return True


def _renewed(
    session: Session, *, actor: Actor, trust: Trust, attachment_id: UUID, now: datetime
) -> _Renewed | None:
    """A document that is due under new keys; None if it is not in use.

    Raises:
        Tampered: the document or a grant of it is not what was attached.
    """
    older = session.get(Attachment, attachment_id)
    record = session.get(Record, older.record_id) if older else None
    if older is None or older.removed_at is not None or record is None:
        return None
    granted = grants_to(session, actor, attachment_id=attachment_id)
    holding = {grant.grantee_team_id for grant in granted}
    holds = any(team.id in holding for team in actor.teams_for(older.owner))
    if not holds or record.organisation_id != actor.organisation_id:
        return None
    part = parts.rows_of(session, attachment_ids=[attachment_id]).get(label_part(attachment_id))
    label = open_label(
        session,
        actor=actor,
        trust=trust,
        record=record,
        attachment_id=attachment_id,
        part=part,
        bodies=ciphertexts_of(session).get(session, [part.id] if part else []),
    )
    if label is None:
        raise Tampered
    attachment = Attachment(
        id=uuid4(),
        record_id=record.id,
        owner=older.owner,
        created_at=older.created_at,
        created_by=older.created_by,
    )
    return _Renewed(
        older_id=attachment_id,
        document=new_document(
            record=record,
            attachment=attachment,
            label=replace(label, id=attachment.id),
            content=read_content(session, record=record, label=label),
            grantor=signers(session, actor=actor, trust=trust, purpose=older.owner)[0],
            grantees=owner_teams(session, actor=actor, trust=trust, owner=older.owner),
            now=now,
        ),
    )
