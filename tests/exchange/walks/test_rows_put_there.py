"""A row alone releases nothing, sends nothing, and says to nobody that something was sent.

Somebody who can write to the database puts receipts and versions there. Whether the safeguarding team's part is still
to follow, whether the school and the college are told that it went, and whether a team reads the newest version, is
decided by what the school's teams signed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from tests.exchange.coordinators import only, signed_in
from tests.exchange.rows_put_there import (
    SAFEGUARDING,
    put_receipts_there,
    put_version_there,
    version_of,
)
from tests.exchange.safeguarding_answers import answer, follow
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.covers import Cover, cover
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import read_newest
from transition_exchange.exchange.renewing import received
from transition_exchange.exchange.sending.safeguarding_releases import to_follow
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.states import DISPUTED
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store.models import Grant, Receipt, Transfer


@pytest.fixture
def following(world: World) -> SentRecord:
    """A record whose safeguarding part was released before it was sent, so that it is still to follow."""
    record_id = world.add()
    world.fill(record_id)
    _step(world, "nothing", record_id)
    world.send(record_id)
    return SentRecord(record_id, world.transfer_of(record_id))


def _step(world: World, work: str, record_id: UUID) -> tuple[UUID, ...]:
    if work == "follow":
        return follow(world, [record_id]).done
    return answer(world, {record_id: "nothing"}).done


def _state(world: World, record_id: UUID, owner: str = SAFEGUARDING) -> str:
    (provider,) = world.plan(record_id, owner=owner).providers
    return provider.state


def test_receipts_do_not_stop_the_safeguarding_part(world: World, following: SentRecord) -> None:
    record_id, transfer_id = following
    put_receipts_there(world, transfer_id, version_of(world, record_id), opened=True)
    assert _state(world, record_id) == "again"
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == (record_id,)
    assert _step(world, "follow", record_id) == (record_id,)
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == ()
    (row,) = inbox(db=world.db, actor=world.college_safeguarding)
    assert (row.state, row.safeguarding) == ("new", True), "what was put there had opened nothing"
    assert SAFEGUARDING in world.open(transfer_id, world.college_safeguarding).openings


def test_receipts_tell_nobody_that_the_safeguarding_part_was_sent(
    world: World, following: SentRecord
) -> None:
    record_id, transfer_id = following
    put_receipts_there(world, transfer_id, version_of(world, record_id))
    (delivered,) = track(db=world.db, actor=world.safeguarding_lead, record_id=record_id).delivered
    assert {receipt.owner for receipt in delivered.current} == {"transition"}
    assert {(receipt.owner, receipt.signed) for receipt in delivered.doubtful} == {(SAFEGUARDING, False)}
    for actor in (world.college_safeguarding, world.college_support):
        (row,) = inbox(db=world.db, actor=actor)
        assert (row.state, row.number, row.safeguarding, row.doubtful) == ("new", 1, False, (SAFEGUARDING,))
        assert {version.owner for version in _cover(world, transfer_id, actor).newest} == {"transition"}
        opened = world.open(transfer_id, actor)
        assert opened.openings.keys() == {"transition"}, "the rest of the pack opens as before"
        assert opened.doubtful == (SAFEGUARDING,)
    table = export_csv(db=world.db, actor=world.college_support)
    assert not table.whole


def _cover(world: World, transfer_id: UUID, actor: Actor) -> Cover:
    return cover(db=world.db, actor=actor, transfer_id=transfer_id)


def test_a_missing_receipt_sends_nothing_again(world: World, following: SentRecord) -> None:
    record_id, _ = following
    _step(world, "follow", record_id)
    with world.db.write() as session:
        session.execute(delete(Receipt))
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == ()
    assert _state(world, record_id) == "current"
    assert _state(world, record_id, "transition") == "current"


def test_a_grant_that_is_gone_is_made_again_in_spite_of_its_receipt(
    world: World, following: SentRecord
) -> None:
    record_id, transfer_id = following
    _step(world, "follow", record_id)
    with world.db.write() as session:
        session.execute(
            delete(Grant).where(
                Grant.revision_id == version_of(world, record_id), Grant.transfer_id.is_not(None)
            )
        )
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == (record_id,)
    assert _step(world, "follow", record_id) == (record_id,)
    assert SAFEGUARDING in world.open(transfer_id, world.college_safeguarding).openings


def test_a_version_that_nobody_signed_is_released_on_no_list(world: World, sent: SentRecord) -> None:
    record_id = sent.record_id
    put_version_there(world, record_id)
    with world.db.write() as session:
        world.senco.note(session, "record.saved", record=record_id, owner="transition")
    for actor, purpose in ((world.safeguarding_lead, SAFEGUARDING), (world.senco, "transition")):
        (row,) = learners(db=world.db, actor=actor, purpose=purpose)
        assert (row.safeguarding_released, row.safeguarding_doubtful) == (False, True)
    (turn,) = [turn for turn in only(world).turns if turn.who == "safeguarding"]
    assert not turn.certain
    assert turn.words.endswith("what is stored is not certain")
    versions = track(db=world.db, actor=world.senco, record_id=record_id).versions
    assert {(version.owner, version.signed) for version in versions} == {
        (SAFEGUARDING, False),
        ("transition", True),
    }
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == ()
    with pytest.raises(Tampered):
        world.plan(record_id, owner=SAFEGUARDING)


def test_a_newer_version_that_nobody_signed_hides_none_that_was(world: World, sent: SentRecord) -> None:
    world.send(sent.record_id, owner=SAFEGUARDING)
    put_version_there(world, sent.record_id, number=2)
    put_version_there(world, sent.record_id, owner="transition", number=7)
    (row,) = learners(db=world.db, actor=world.safeguarding_lead, purpose=SAFEGUARDING)
    assert (row.safeguarding_released, row.safeguarding_doubtful) == (True, False)


def test_a_transfer_that_nobody_signed_is_not_certain_on_the_schools_list(
    world: World, sent: SentRecord
) -> None:
    with world.db.write() as session:
        session.execute(update(Transfer).values(signature=b"x" * 64))
    (row,) = learners(db=world.db, actor=world.senco)
    assert row.transfers == (DISPUTED,)


def test_a_session_that_has_checked_a_version_notices_that_its_row_is_another(
    world: World, sent: SentRecord
) -> None:
    """The list keeps what it has checked. It keeps no answer for a row that is moved or that names another key."""
    actor = signed_in(world.senco)
    (row,) = learners(db=world.db, actor=actor)
    assert row.transfers == ("sent",)
    other = world.add("Ben")
    with world.db.write() as session:
        session.execute(update(Transfer).values(record_id=other))
    by_id = {row.record_id: row.transfers for row in learners(db=world.db, actor=actor)}
    assert by_id == {sent.record_id: (DISPUTED,), other: (DISPUTED,)}, "the log says that it was sent"


@pytest.mark.parametrize("all_receipts", [False, True])
def test_a_deleted_receipt_hides_no_version_after_the_teams_key_was_changed(
    world: World, sent: SentRecord, all_receipts: bool
) -> None:
    world.open(sent.transfer_id)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    world.new_key("Northway College", "Learning support")
    with world.db.read() as session:
        due = received.due(
            session, actor=world.college_support, trust=trust_of(session, world.college_support)
        )
    assert received.renew(db=world.db, actor=world.college_support, ids=due, now=datetime.now(UTC)) == 0
    with world.db.write() as session:
        newest = Receipt.revision_id == version_of(world, sent.record_id, owner="transition")
        session.execute(delete(Receipt).where(newest) if not all_receipts else delete(Receipt))
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert (row.number, row.state) == (2, "new" if all_receipts else "changed")
    opened = world.open(sent.transfer_id, world.college_support)
    assert opened.answers["known_as"]["preferred_name"] == "Mina"


def test_receipts_without_any_grant_are_refused_as_such(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.execute(delete(Grant).where(Grant.transfer_id == sent.transfer_id))
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert (row.number, row.doubtful) == (0, ("transition",)), "the line is not missing"
    with pytest.raises(Tampered):
        read_newest(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)


def test_a_grant_that_nobody_signed_is_refused_and_not_read_past(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    with world.db.write() as session:
        newest = Grant.revision_id == version_of(world, sent.record_id, owner="transition")
        session.execute(update(Grant).where(newest).values(signature=b"x" * 64))
    (row,) = inbox(db=world.db, actor=world.college_support)
    assert (row.number, row.doubtful) == (1, ("transition",))
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


def test_a_receipt_without_a_grant_is_not_certain_on_the_lists(world: World, following: SentRecord) -> None:
    record_id, transfer_id = following
    put_receipts_there(world, transfer_id, version_of(world, record_id))
    (mine,) = learners(db=world.db, actor=world.senco)
    (theirs,) = learners(db=world.db, actor=world.safeguarding_lead, purpose=SAFEGUARDING)
    assert (mine.safeguarding_doubtful, theirs.safeguarding_doubtful) == (True, True)
    assert mine.transfers == ("sent",), "what the SENCO sent is certain"
    with world.db.write() as session:
        session.execute(delete(Receipt))
    put_receipts_there(world, transfer_id, version_of(world, record_id, owner="transition"))
    (mine,) = learners(db=world.db, actor=world.senco)
    assert (mine.safeguarding_doubtful, mine.transfers) == (False, ("sent",)), "all were granted it"
    with world.db.write() as session:
        session.execute(
            delete(Grant).where(
                Grant.grantee_team_id == world.college_support.teams[0].id, Grant.transfer_id == transfer_id
            )
        )
    (mine,) = learners(db=world.db, actor=world.senco)
    assert mine.transfers == (DISPUTED,), "the team was not granted what its receipt says"
