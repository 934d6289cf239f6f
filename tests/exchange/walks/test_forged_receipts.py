"""Receipts decide nothing at a college: what its teams were sent is what the school's teams signed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from tests.exchange.coordinators import COLLEGE
from tests.exchange.rows_put_there import SAFEGUARDING, put_receipts_there, put_version_there
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving.opening import read_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge, granted_team
from transition_exchange.exchange.receiving.sent_versions import granted_versions
from transition_exchange.store.models import Grant, Query, Receipt, Transfer


def _state(world: World, transfer_id: UUID) -> str:
    with world.db.read() as session:
        return session.get_one(Transfer, transfer_id).state


def _without_grant(world: World, transfer_id: UUID, *teams: str) -> None:
    """Take from some teams what the school signed for them. Their receipts stand."""
    ids = [world.college.teams[team].row.id for team in teams]
    with world.db.write() as session:
        session.execute(delete(Grant).where(Grant.transfer_id == transfer_id, Grant.grantee_team_id.in_(ids)))


@pytest.mark.parametrize("opened", [False, True])
def test_a_version_that_nobody_signed_keeps_no_team_from_acknowledging(
    world: World, sent: SentRecord, opened: bool
) -> None:
    number_2 = put_version_there(world, sent.record_id, owner="transition", number=2)
    put_receipts_there(world, sent.transfer_id, number_2, opened=opened)
    for person in COLLEGE:
        actor = world.people[person]
        world.open(sent.transfer_id, actor)
        assert acknowledge(db=world.db, actor=actor, transfer_ids=[sent.transfer_id]) == 1
        received = read_transfer(db=world.db, actor=actor, transfer_id=sent.transfer_id)
        assert received.acknowledged
    assert _state(world, sent.transfer_id) == "acknowledged"
    with world.db.read() as session:
        put_there = session.scalars(select(Receipt).where(Receipt.revision_id == number_2)).all()
    assert not any(receipt.acknowledged_at for receipt in put_there)


def test_receipts_alone_acknowledge_nothing(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.execute(update(Receipt).values(opened_at=datetime.now(UTC)))
    _without_grant(world, sent.transfer_id, "Learning support")
    actor = world.college_support
    assert acknowledge(db=world.db, actor=actor, transfer_ids=[sent.transfer_id]) == 0
    with world.db.read() as session:
        assert not session.scalars(select(Receipt.id).where(Receipt.acknowledged_at.is_not(None))).all()


def test_a_receipt_that_is_gone_keeps_the_pack_from_counting_as_acknowledged(
    world: World, sent: SentRecord
) -> None:
    *most, last = COLLEGE
    for person in most:
        world.open(sent.transfer_id, world.people[person])
    with world.db.write() as session:
        session.execute(delete(Receipt).where(Receipt.team_id == world.people[last].teams[0].id))
    for person in most:
        acknowledge(db=world.db, actor=world.people[person], transfer_ids=[sent.transfer_id])
    assert _state(world, sent.transfer_id) == "received", "one team has not opened it"


def test_a_question_that_is_closed_gives_the_state_that_the_signed_versions_have(
    world: World, sent: SentRecord
) -> None:
    for person in COLLEGE:
        world.open(sent.transfer_id, world.people[person])
        acknowledge(db=world.db, actor=world.people[person], transfer_ids=[sent.transfer_id])
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        section="sen",
        text="Which room does she like best?",
    )
    put_receipts_there(world, sent.transfer_id, put_version_there(world, sent.record_id, owner=SAFEGUARDING))
    with world.db.read() as session:
        query_id = session.scalars(select(Query.id)).one()
    asking.close(db=world.db, actor=world.college_support, query_id=query_id)
    assert _state(world, sent.transfer_id) == "acknowledged"


def test_somebody_in_two_teams_acts_for_the_one_to_which_something_was_signed(
    world: World, sent: SentRecord
) -> None:
    both = world.person("both", "Northway College", "Learning support", "Admissions")
    first, second = both.teams
    _without_grant(world, sent.transfer_id, first.name)
    with world.db.read() as session:
        chosen = granted_team(session, both, transfer_id=sent.transfer_id, team_id=None)
    assert chosen.id == second.id
    assert world.open(sent.transfer_id, both).team.id == second.id


def test_a_team_with_receipts_alone_asks_no_question(world: World, sent: SentRecord) -> None:
    _without_grant(world, sent.transfer_id, "Learning support")
    with pytest.raises(NotFound):
        asking.ask(
            db=world.db,
            actor=world.college_support,
            transfer_id=sent.transfer_id,
            section="sen",
            text="What was in it?",
        )


def test_the_schools_own_grants_are_no_receivers(world: World, sent: SentRecord) -> None:
    for actor in (world.college_support, world.senco):
        with world.db.read() as session:
            transfer = session.get_one(Transfer, sent.transfer_id)
            granted = granted_versions(session, trust=trust_of(session, actor), transfer=transfer)
        assert set(granted) == {world.people[person].teams[0].id for person in COLLEGE}
