"""Which invitations can still be accepted, and that one without its words opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.exchange.world import World
from transition_exchange.exchange.keys.open_invitations import open_invitations, take_words
from transition_exchange.store.models import Invitation

NOW = datetime(2027, 9, 1, tzinfo=UTC)


def invite(world: World, name: str, **columns: object) -> UUID:
    """An invitation to the school, completed by the SENCO."""
    with world.db.write() as session:
        row = Invitation(
            organisation_id=world.school.id,
            email=f"{name}@example.org",
            name=name,
            administrator=False,
            team_ids=[],
            created_at=NOW,
            expires_at=NOW + timedelta(days=14),
            failures=0,
            bundle="sealed",
            completed_by=world.senco.principal_id,
            completed_at=NOW,
            **columns,
        )
        session.add(row)
        session.flush()
        return row.id


def test_one_that_was_accepted_or_cancelled_is_not_open(world: World) -> None:
    waiting = invite(world, "ann")
    invite(world, "bob", accepted_at=NOW)
    invite(world, "cat", cancelled_at=NOW)
    with world.db.read() as session:
        assert [row.id for row in open_invitations(session, world.school.id)] == [waiting]
        assert not open_invitations(session, world.college.id)


def test_nobody_completed_one_whose_words_were_taken(world: World) -> None:
    invited = invite(world, "ann")
    with world.db.write() as session:
        take_words(session.get_one(Invitation, invited))
    with world.db.read() as session:
        row = session.get_one(Invitation, invited)
        assert (row.bundle, row.completed_by, row.completed_at) == (None, None, None)
        assert [one.id for one in open_invitations(session, world.school.id)] == [invited]
