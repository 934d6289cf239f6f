"""Grants made on purpose and stored, to be opened, changed and opened again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import grants
from transition_exchange.exchange.records.grants import OpenGrant
from transition_exchange.store.models import Grant, Revision

KEYS = {"learner": b"l" * 32, "needs": b"n" * 32}
DIGESTS = {"destination/x": "0" * 64}
NOW = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)


@dataclass
class Granted:
    """A record's draft, and a grant of it that was stored for the college's learning support."""

    world: World
    record_id: UUID
    revision_id: UUID
    grant_id: UUID

    def open(self, actor: Actor) -> OpenGrant | None:
        """Open it as somebody does in a session of their own."""
        with self.world.db.read() as session:
            return grants.open_grant(
                session,
                actor=actor,
                trust=trust_of(session, actor),
                grant=session.get_one(Grant, self.grant_id),
            )

    def change(self, change: Callable[[Session, Grant], None]) -> None:
        """Change its row as somebody who can write to the database may."""
        with self.world.db.write() as session:
            change(session, session.get_one(Grant, self.grant_id))


def granted_by(world: World, by: MadeTeam | None = None) -> Granted:
    """A grant of a team, of the school's transition team if none is named, to the college's learning support."""
    by = by or world.school.teams["Transition team"]
    to = world.college.teams["Learning support"]
    record_id = world.add()
    with world.db.write() as session:
        revision_id = session.scalars(
            select(Revision.id).where(Revision.record_id == record_id, Revision.owner == "transition")
        ).one()
        made = grants.make(
            grantor=by.opened,
            grantee=to.opened.known,
            record_id=record_id,
            owner="transition",
            revision_id=revision_id,
            keys=KEYS,
            digests=DIGESTS,
            manifest_digest="m" * 64,
            now=NOW,
        )
        session.add(made)
    return Granted(world, record_id, revision_id, made.id)
