"""Retiring the key before, once nothing that counts is sealed or signed by it only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.key_rows import fingerprint_of, keys_by_version, retires
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing.succession import Retirement
from transition_exchange.store.database import Database
from transition_exchange.store.models import TeamKey


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The newest keys of the actor's teams that have not retired the key before."""
    lines = keys_by_version(session, [team.id for team in actor.teams if team.older])
    return [
        newest.id
        for team in actor.teams
        if (line := lines.get(team.id))
        and (newest := line.get(team.version)) is not None
        and newest.id == team.key_id
        and (before := line.get(team.version - 1)) is not None
        and not retires(newest, before)
    ]


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Sign that the keys before count no longer.

    Returns:
        0: nothing can fail here.
    """
    own = {team.key_id: team for team in actor.teams}
    with db.write() as session:
        for key_id in ids:
            key, team = session.get_one(TeamKey, key_id), own[key_id]
            before = keys_by_version(session, [team.id])[team.id][team.version - 1]
            statement = Retirement(
                team=team.id,
                fingerprint=team.secret.fingerprint.hex(),
                retired=fingerprint_of(before).hex(),
                at=now,
            )
            key.retirement = statement.text()
            key.retirement_signature = statement.sign(team.secret.signing)
            actor.note(session, "key.retired", team=team.id, key=before.id)
    return 0
