"""Whom to ring at a team, as its older key signed it: its new key signs the same again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.contacts import statement_in
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.damaged_rows import past_damage, rows_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import TeamContact

STEP = 20
"""How many contacts one step takes."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The contacts of the actor's teams that an older key of theirs signed."""
    older = [key_id for team in actor.teams for key_id in team.older]
    if not older:
        return ()
    return session.scalars(
        select(TeamContact.id)
        .where(TeamContact.team_id.in_([team.id for team in actor.teams]), TeamContact.team_key_id.in_(older))
        .order_by(TeamContact.id)
    ).all()


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Sign some contacts with the current key of their team. They keep their text.

    Args:
        db: the database.
        actor: who does it.
        ids: the contacts.
        now: when.

    Returns:
        How many their team had not signed with a key that counted. They stay as they are.
    """

    def sign(row: TeamContact) -> TeamContact:
        team = actor.team(row.team_id)
        older = team.older.get(row.team_key_id) if team else None
        if team is None or older is None or not trust.counts(session, row.team_key_id):
            raise Tampered
        statement = statement_in(row, older.secret.signing.public)
        if statement is None:
            raise Tampered
        row.signature, row.team_key_id = statement.sign(team.secret.signing), team.key_id
        return row

    with db.write() as session:
        trust = trust_of(session, actor)
        rows, unreadable = rows_of(session, TeamContact, ids, lock=True)
        signed, failed = past_damage(rows, sign)
        if signed:
            actor.note(session, "key.renewed", what="contacts", count=len(signed))
    return failed + len(unreadable)
