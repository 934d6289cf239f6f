"""A team whose key has been changed, and somebody who has left it and still holds the older one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event

NOW = datetime(2027, 9, 1, 9, 0, tzinfo=UTC)


class Renewing(Protocol):
    """What every module of the room offers."""

    def due(self, session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
        """What is still to be made anew."""

    def renew(self, *, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
        """Make some of it anew."""


def due(world: World, matter: Renewing, actor: Actor) -> list[UUID]:
    """What is still to be made anew in somebody's session."""
    with world.db.read() as session:
        return list(matter.due(session, actor=actor, trust=trust_of(session, actor)))


def renew(world: World, matter: Renewing, actor: Actor, ids: Sequence[UUID] | None = None) -> int:
    """Make some of it anew, or all that is due; how many failed."""
    taken = due(world, matter, actor) if ids is None else ids
    return matter.renew(db=world.db, actor=actor, ids=taken, now=NOW)


def only_newest(actor: Actor) -> Actor:
    """The same person as somebody who joined after the change: they hold the current keys alone."""
    return replace(actor, teams=tuple(replace(team, older={}) for team in actor.teams))


def noted(world: World, actor: Actor) -> list[dict[str, str | int | None]]:
    """What the organisation's chain says was made anew, the oldest first."""
    with world.db.read() as session:
        rows = session.scalars(
            select(Event).where(Event.organisation_id == actor.organisation_id).order_by(Event.seq)
        )
        actions = [events.read(row) for row in rows]
    return [dict(action.about) for action in actions if action.kind == "key.renewed"]
