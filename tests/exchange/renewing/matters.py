"""What a test does with one of the modules that make something anew, and what it does to the key from before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.exchange.team_rows import MadeTeam, confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.renewing import (
    documents,
    drafts,
    received,
    releases,
    retiring,
    school_cards,
)
from transition_exchange.store.database import Database
from transition_exchange.store.models import TeamKey


class _Renews(Protocol):
    """The functions that each of the modules has."""

    def due(self, session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]: ...

    def renew(self, *, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int: ...


@dataclass(frozen=True)
class Matter:
    """One of the modules, for the SENCO or somebody else."""

    module: _Renews

    def due(self, world: World, actor: Actor | None = None) -> list[UUID]:
        """What is still to be made anew."""
        actor = actor or world.senco
        with world.db.read() as session:
            return list(self.module.due(session, actor=actor, trust=trust_of(session, actor)))

    def renew(self, world: World, actor: Actor | None = None, *, ids: Sequence[UUID] | None = None) -> int:
        """Make something anew, all that is due if nothing is named. Returns how many failed."""
        actor = actor or world.senco
        ids = self.due(world, actor) if ids is None else ids
        return self.module.renew(db=world.db, actor=actor, ids=ids, now=datetime.now(UTC))


DRAFTS, DOCUMENTS, RELEASES, CARDS, RECEIVED = map(
    Matter, (drafts, documents, releases, school_cards, received)
)


def retire_older_key(world: World) -> None:
    """The school's transition team retires its key before, as the last step of changing it."""
    with world.db.read() as session:
        ids = retiring.due(session, actor=world.senco, trust=trust_of(session, world.senco))
    retiring.retire(db=world.db, actor=world.senco, ids=ids, now=datetime.now(UTC))


def forget_older_key(world: World, team: MadeTeam) -> None:
    """From now on nothing that the team's older keys signed can be checked; the newest is confirmed by itself."""
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, team.key_id), world.root)
        session.execute(
            update(TeamKey)
            .where(TeamKey.id.in_(team.older))
            .values(signing_public=bytes(32), confirmation=None, confirmation_signature=None)
        )
    team.older.clear()
    for name, actor in world.people.items():
        teams = tuple(team.opened if opened.id == team.row.id else opened for opened in actor.teams)
        world.people[name] = replace(actor, teams=teams)
