"""What a team was sent is what it was granted, whatever became of its receipts."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.covers import cover
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import read_transfer
from transition_exchange.exchange.receiving.sent_versions import SentVersions, team_versions
from transition_exchange.store.models import Receipt, Revision


def _send_second(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)


def _forget_receipt(world: World, number: int) -> None:
    revisions = select(Revision.id).where(Revision.number == number)
    with world.db.write() as session:
        session.execute(delete(Receipt).where(Receipt.revision_id.in_(revisions)))


def _versions(world: World, sent: SentRecord, actor: Actor) -> SentVersions:
    with world.db.read() as session:
        (team,) = actor.teams
        return team_versions(session, trust=trust_of(session, actor), team=team)[sent.transfer_id]


def test_a_deleted_receipt_takes_no_team_back_to_an_older_version(world: World, sent: SentRecord) -> None:
    _send_second(world, sent)
    _forget_receipt(world, 2)
    actor = world.college_support
    [row] = inbox(db=world.db, actor=actor)
    assert (row.state, row.number) == ("changed", 2)
    shown = cover(db=world.db, actor=actor, transfer_id=sent.transfer_id)
    assert [version.number for version in shown.waiting] == [2]
    assert read_transfer(db=world.db, actor=actor, transfer_id=sent.transfer_id).openings.keys() == {
        "transition"
    }
    opened = world.open(sent.transfer_id)
    assert opened.answers["known_as"]["preferred_name"] == "Mina"
    [row] = inbox(db=world.db, actor=actor)
    assert row.state == "opened"
    with world.db.read() as session:
        team_id = world.college.teams["Learning support"].row.id
        stored = session.scalars(select(Receipt).where(Receipt.team_id == team_id)).all()
    versions = _versions(world, sent, actor)
    assert {number for _, _, number in versions.signed} == {1, 2}
    assert versions.doubtful == ()
    assert len(stored) == 2, "nobody reads without a receipt"
    assert all(receipt.opened_by for receipt in stored)


def test_a_team_without_any_receipt_still_has_what_it_was_granted(world: World, sent: SentRecord) -> None:
    _forget_receipt(world, 1)
    assert world.open(sent.transfer_id).answers["learner"]


def test_a_team_that_was_granted_nothing_has_no_version(world: World, sent: SentRecord) -> None:
    for actor in (world.coach, world.senco):
        with world.db.read() as session:
            (team,) = actor.teams
            assert team_versions(session, trust=trust_of(session, actor), team=team) == {}
    with pytest.raises(NotFound):
        cover(db=world.db, actor=world.coach, transfer_id=sent.transfer_id)
