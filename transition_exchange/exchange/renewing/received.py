"""The grants that other teams made to the actor's teams: what was received, and what other teams of the school wrote.

Only the grantor can make a keyring and sign for it. So the team seals what an older key opens to itself, under its
current key. Drafts, documents in use and the team's own grants are not among them: they get new keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.damaged_rows import past_damage, rows_of
from transition_exchange.exchange.records.grants import OpenGrant, open_grant
from transition_exchange.exchange.records.kept_keyrings import keep, opened_with
from transition_exchange.store.database import Database
from transition_exchange.store.models import Attachment, Grant, Revision

STEP = 500
"""How many grants one step takes."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The grants by other teams to the actor's teams that only an older key of the team opens, the oldest first."""
    older = [key_id for team in actor.teams for key_id in team.older]
    if not older:
        return ()
    sent_or_released = and_(
        Grant.grantor_team_id != Grant.grantee_team_id,
        or_(Grant.transfer_id.is_not(None), Revision.number > 0),
    )
    return session.scalars(
        select(Grant.id)
        .outerjoin(Revision, Revision.id == Grant.revision_id)
        .outerjoin(Attachment, Attachment.id == Grant.attachment_id)
        .where(
            Grant.grantee_team_id.in_([team.id for team in actor.teams]),
            Grant.withdrawn_at.is_(None),
            opened_with(older),
            or_(sent_or_released, Attachment.removed_at.is_not(None)),
        )
        .order_by(Grant.created_at, Grant.id)
    ).all()


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Keep what some grants give under the current keys of the teams that got them.

    Receipts and the state of a transfer stay as they are: nobody has looked at anything.

    Args:
        db: the database.
        actor: who does it.
        ids: the grants.
        now: when.

    Returns:
        How many grants are not what their grantor made. They stay as they are.
    """
    with db.read() as session:
        trust = trust_of(session, actor)
        rows, unreadable = rows_of(session, Grant, ids)
        opened, failed = past_damage(rows, lambda row: _opened(session, actor=actor, trust=trust, row=row))
    failed += len(unreadable)
    if not opened:
        return failed
    with db.write() as session:
        kept = sum(
            keep(session, team=team, grant_id=grant.id, keys=grant.keys, use=grant.kept_use)
            for team, grant in opened
        )
        if kept:
            actor.note(session, "key.renewed", what="grants", count=kept)
    return failed


def _opened(session: Session, *, actor: Actor, trust: Trust, row: Grant) -> tuple[OpenTeam, OpenGrant] | None:
    """An open grant, with the team that got it; None if it was withdrawn, or no older key of the team opens it.

    Raises:
        Tampered: it is not what its grantor made, or it is of a draft.
    """
    team = actor.team(row.grantee_team_id)
    key_id = row.grantee_key_id if row.kept is None else row.kept_key_id
    if team is None or key_id == team.key_id or row.withdrawn_at is not None:
        return None
    grant = open_grant(session, actor=actor, trust=trust, grant=row)
    if grant is not None and grant.draft:
        raise Tampered  # a column says that it is a version; a draft's keys are never kept
    return None if grant is None else (team, grant)
