"""Rows that somebody puts into the database to make it say that something was released or sent."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from tests.exchange.world import World
from transition_exchange.store.models import Grant, Receipt, Revision

SAFEGUARDING = "school_safeguarding"


def put_version_there(world: World, record_id: UUID, *, owner: str = SAFEGUARDING, number: int = 1) -> UUID:
    """A version that nobody released, in the name of the school's own team. Returns its id."""
    team = "Safeguarding team" if owner == SAFEGUARDING else "Transition team"
    with world.db.write() as session:
        version = Revision(
            id=uuid4(),
            record_id=record_id,
            owner=owner,
            number=number,
            released_at=datetime.now(UTC),
            manifest="{}",
            signature=b"x",
            team_key_id=world.school.teams[team].key_id,
        )
        session.add(version)
    return version.id


def put_receipts_there(
    world: World,
    transfer_id: UUID,
    version_id: UUID,
    *,
    opened: bool = False,
    place: str = "Northway College",
) -> None:
    """A receipt of a version for every team of a provider, as if it had been sent there."""
    now = datetime.now(UTC)
    with world.db.write() as session:
        for team in world.places[place].teams.values():
            session.add(
                Receipt(
                    transfer_id=transfer_id,
                    team_id=team.row.id,
                    revision_id=version_id,
                    granted_at=now,
                    opened_at=now if opened else None,
                )
            )


def version_of(world: World, record_id: UUID, *, owner: str = SAFEGUARDING) -> UUID:
    """The id of an owner's newest version."""
    with world.db.read() as session:
        versions = select(Revision.id).where(
            Revision.record_id == record_id, Revision.owner == owner, Revision.number > 0
        )
        return session.scalars(versions.order_by(Revision.number.desc())).first() or uuid4()


def stay_behind(world: World) -> UUID:
    """A record with two versions, whose second one nothing says that learning support has. Returns the record's id."""
    record_id = world.sent().record_id
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    team_id, version_id = world.college_support.teams[0].id, version_of(world, record_id, owner="transition")
    with world.db.write() as session:
        for rows, team in ((Grant, Grant.grantee_team_id), (Receipt, Receipt.team_id)):
            session.execute(delete(rows).where(team == team_id, rows.revision_id == version_id))
    return record_id
