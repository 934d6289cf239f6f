"""Grants that stand come oldest first, to one's own teams only."""

from __future__ import annotations

from uuid import uuid4

from tests.exchange.records.granted import KEYS, NOW, granted_by
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import grants
from transition_exchange.exchange.records.standing_grants import grants_to, lock_standing, was_granted
from transition_exchange.store.models import Grant, Record


def test_live_grants_come_oldest_first_and_withdrawn_ones_never(world: World) -> None:
    first = granted_by(world)
    grant_ids = [first.grant_id]
    with world.db.write() as session:
        row = session.get_one(Grant, first.grant_id)
        for later, withdrawn in ((1, None), (2, NOW)):
            copied = grants.make(
                grantor=world.school.teams["Transition team"].opened,
                grantee=world.college.teams["Learning support"].opened.known,
                record_id=row.record_id,
                owner="transition",
                revision_id=row.revision_id,
                keys=KEYS,
                digests={},
                now=NOW.replace(hour=9 + later),
            )
            copied.withdrawn_at = withdrawn
            session.add(copied)
            grant_ids.append(copied.id)
    with world.db.read() as session:
        mine = grants_to(session, world.college_support, revision_id=first.revision_id)
        assert [grant.id for grant in mine] == grant_ids[:2]
        assert grants_to(session, world.college_support, revision_id=uuid4()) == []
        assert grants_to(session, world.coach, revision_id=first.revision_id) == []


def test_of_some_grants_those_are_locked_that_were_not_withdrawn(world: World) -> None:
    standing = granted_by(world)
    with world.db.write() as session:
        assert lock_standing(session, [standing.grant_id, uuid4()]) == {standing.grant_id}
        session.get_one(Grant, standing.grant_id).withdrawn_at = NOW
        session.flush()
        assert lock_standing(session, [standing.grant_id]) == frozenset()


def test_a_team_was_granted_what_the_school_signed_withdrawn_or_not(world: World, sent: SentRecord) -> None:
    support, coach = world.college_support.teams[0].id, world.coach.teams[0].id

    def granted(team_id: object) -> bool:
        with world.db.read() as session:
            return was_granted(
                session,
                trust=trust_of(session, world.senco),
                record=session.get_one(Record, sent.record_id),
                transfer_id=sent.transfer_id,
                team_id=team_id,  # type: ignore[arg-type]
            )

    assert granted(support)
    assert not granted(coach)
    with world.db.write() as session:
        for grant in session.query(Grant).filter_by(transfer_id=sent.transfer_id):
            grant.withdrawn_at = NOW
    assert granted(support)
    with world.db.write() as session:
        for grant in session.query(Grant).filter_by(transfer_id=sent.transfer_id):
            grant.signature = bytes(64)
    assert not granted(support)
