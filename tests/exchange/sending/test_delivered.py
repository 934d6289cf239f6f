"""Which teams have a version: those to whom the school's teams signed it, whatever rows say."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.sending.delivered import delivered, teams_granted
from transition_exchange.store.models import Grant, Receipt, Revision, Team, Transfer


def _version(world: World, sent: SentRecord) -> UUID:
    with world.db.read() as session:
        return session.scalars(
            select(Revision.id).where(
                Revision.record_id == sent.record_id,
                Revision.owner == "transition",
                Revision.manifest.is_not(None),
            )
        ).one()


def _granted(world: World, sent: SentRecord) -> frozenset[UUID]:
    with world.db.read() as session:
        return teams_granted(
            session,
            trust=trust_of(session, world.senco),
            transfer=session.get_one(Transfer, sent.transfer_id),
            provider_id=world.college.id,
            revision_id=_version(world, sent),
        )


def test_the_teams_to_whom_it_was_granted_have_it_with_or_without_a_receipt(
    world: World, sent: SentRecord
) -> None:
    before = _granted(world, sent)
    assert world.college_support.teams[0].id in before
    with world.db.write() as session:
        session.execute(delete(Receipt))
    assert _granted(world, sent) == before


def test_a_receipt_or_a_grant_that_nobody_signed_gives_nobody_a_version(
    world: World, sent: SentRecord
) -> None:
    coach, version = world.coach.teams[0], _version(world, sent)
    before = _granted(world, sent)
    with world.db.write() as session:
        session.add(Receipt(transfer_id=sent.transfer_id, team_id=coach.id, revision_id=version))
        grant = session.scalars(
            select(Grant).where(Grant.transfer_id == sent.transfer_id, Grant.revision_id == version)
        ).first()
        assert grant is not None
        copied = {column.key: getattr(grant, column.key) for column in Grant.__table__.columns}
        session.add(
            Grant(**(copied | {"id": uuid4(), "grantee_team_id": coach.id, "grantee_key_id": coach.key_id}))
        )
    assert _granted(world, sent) == before


def test_of_a_school_the_newest_versions_and_where_they_went(world: World, sent: SentRecord) -> None:
    version = _version(world, sent)

    def found() -> object:
        with world.db.read() as session:
            return delivered(
                session,
                trust=trust_of(session, world.senco),
                checked={},
                school_id=world.school.id,
                owner="transition",
            )

    assert found() == ({sent.record_id: version}, {(sent.transfer_id, version)})
    with world.db.write() as session:
        session.execute(
            update(Grant).where(Grant.transfer_id == sent.transfer_id).values(signature=bytes(64))
        )
    assert found() == ({sent.record_id: version}, frozenset())


@pytest.mark.parametrize("whose", ["own", "provider's"])
def test_whose_a_team_is_that_was_granted_something_is_what_was_confirmed(
    world: World, sent: SentRecord, whose: str
) -> None:
    """Somebody moves the row of a team to the other organisation."""
    version = _version(world, sent)
    own, theirs = world.senco.teams[0].id, world.college.id

    def places() -> object:
        with world.db.read() as session:
            _, found = delivered(
                session,
                trust=trust_of(session, world.senco),
                checked={},
                school_id=world.school.id,
                owner="transition",
            )
            return found

    assert places() == {(sent.transfer_id, version)}
    with world.db.write() as session:
        granted = (Grant.transfer_id == sent.transfer_id, Grant.revision_id == version)
        if whose == "own":  # what the school granted to itself alone went to no provider
            to_college = Grant.grantee_team_id != own
            session.execute(delete(Grant).where(*granted, to_college))
            session.execute(update(Team).where(Team.id == own).values(organisation_id=theirs))
        else:
            ids = select(Grant.grantee_team_id).where(*granted)
            moved = update(Team).where(Team.id.in_(ids), Team.organisation_id == theirs)
            session.execute(moved.values(organisation_id=world.school.id))
    assert places() == (set() if whose == "own" else {(sent.transfer_id, version)})
