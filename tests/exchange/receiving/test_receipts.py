"""Receipts: new, changed, opened, acknowledged, for each team on its own."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of, kinds_of
from tests.exchange.coordinators import COLLEGE
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving import receipts, sent_versions
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.receipts import Seen, acknowledge
from transition_exchange.exchange.receiving.sent_versions import ReceiptOfVersion
from transition_exchange.exchange.sending.tracking import Delivered, track
from transition_exchange.store.models import Receipt, Transfer


def _state(world: World, sent: SentRecord, person: str = "college_support") -> str:
    """How one of the college's teams stands towards the pack, as its own inbox says."""
    (row,) = inbox(db=world.db, actor=world.people[person])
    assert row.transfer_id == sent.transfer_id
    return row.state


def _acknowledge(world: World, sent: SentRecord, *people: str) -> list[int]:
    return [
        acknowledge(db=world.db, actor=world.people[person], transfer_ids=[sent.transfer_id])
        for person in people
    ]


def _transfer(world: World, sent: SentRecord) -> Transfer:
    with world.db.read() as session:
        return session.get_one(Transfer, sent.transfer_id)


def test_received_when_the_first_team_opens_it_acknowledged_when_every_team_has(
    world: World, sent: SentRecord
) -> None:
    def delivered() -> Delivered:
        return track(db=world.db, actor=world.senco, record_id=sent.record_id).transfer(sent.transfer_id)

    assert delivered().state == "sent"
    for place, person in enumerate(COLLEGE, 1):
        world.open(sent.transfer_id, world.people[person])
        _acknowledge(world, sent, person)
        assert delivered().state == ("acknowledged" if place == len(COLLEGE) else "received")
    assert {receipt.acknowledged_by for receipt in delivered().current} == {
        world.people[person].name for person in COLLEGE
    }


def test_each_team_goes_from_new_over_opened_to_acknowledged_on_its_own(
    world: World, sent: SentRecord
) -> None:
    assert _state(world, sent) == "new"
    world.open(sent.transfer_id)
    assert _state(world, sent) == "opened"
    _acknowledge(world, sent, "college_support")
    assert _state(world, sent) == "acknowledged"
    assert _state(world, sent, "college_admissions") == "new"


def test_a_new_version_is_a_change_to_who_opened_the_one_before_and_new_to_who_did_not(
    world: World, sent: SentRecord
) -> None:
    world.open(sent.transfer_id)
    _acknowledge(world, sent, "college_support")
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    assert _state(world, sent) == "changed"
    assert _state(world, sent, "college_admissions") == "new"
    world.open(sent.transfer_id)
    assert _state(world, sent) == "opened"


def test_the_other_owners_part_is_a_change_too(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id, world.college_safeguarding)
    world.send(sent.record_id, owner="school_safeguarding")
    assert _state(world, sent, "college_safeguarding") == "changed"
    assert _state(world, sent, "college_exams") == "new"


def _receipt(number: int, *, opened: bool = False, acknowledged: bool = False) -> ReceiptOfVersion:
    moment = datetime(2027, 6, 3, tzinfo=UTC)
    receipt = Receipt(opened_at=moment if opened else None, acknowledged_at=moment if acknowledged else None)
    return ReceiptOfVersion(receipt, "transition", number)


@pytest.mark.parametrize(
    ("mine", "state"),
    [
        ([_receipt(1)], "new"),
        ([_receipt(1, opened=True)], "opened"),
        ([_receipt(1, opened=True, acknowledged=True)], "acknowledged"),
        ([_receipt(1, opened=True), _receipt(2)], "changed"),
        ([_receipt(2), _receipt(1, opened=True)], "changed"),
        ([_receipt(1), _receipt(2, opened=True)], "opened"),
        ([_receipt(1), _receipt(2, opened=True, acknowledged=True)], "acknowledged"),
        ([_receipt(1, opened=True, acknowledged=True), _receipt(2, opened=True)], "opened"),
    ],
)
def test_only_the_newest_version_counts(mine: list[ReceiptOfVersion], state: str) -> None:
    assert sent_versions.state_of(mine) == state


def test_the_newest_is_that_of_each_owner() -> None:
    mine = [_receipt(1), _receipt(3), _receipt(2)]
    theirs = ReceiptOfVersion(Receipt(), "school_safeguarding", 1)
    assert sent_versions.newest([*mine, theirs]) == [mine[1], theirs]


def test_nobody_takes_on_what_their_team_has_not_opened(world: World, sent: SentRecord) -> None:
    assert _acknowledge(world, sent, "college_support") == [0]
    assert _state(world, sent) == "new"
    assert kinds_of(world.db, world.college.id) == []
    assert _transfer(world, sent).state == "sent"


def test_acknowledging_many_counts_those_that_were_opened_in_one_event(world: World) -> None:
    sent = [world.sent(forename) for forename in ("Amina", "Ben", "Cara")]
    for record in sent[:2]:
        world.open(record.transfer_id)
    done = acknowledge(
        db=world.db, actor=world.college_support, transfer_ids=[record.transfer_id for record in sent]
    )
    assert done == 2
    event = events_of(world.db, world.college.id)[-1]
    assert (event.kind, event.about) == ("transfer.acknowledged", {"transfers": 2})


def test_acknowledging_again_keeps_the_first_moment_and_who_it_was(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    _acknowledge(world, sent, "college_support")
    with world.db.read() as session:
        first = session.scalars(select(Receipt).where(Receipt.acknowledged_at.is_not(None))).one()
    world.person("colleague", "Northway College", "Learning support")
    assert _acknowledge(world, sent, "colleague") == [1]
    with world.db.read() as session:
        again = session.get_one(Receipt, first.id)
    assert (again.acknowledged_at, again.acknowledged_by) == (
        first.acknowledged_at,
        world.college_support.principal_id,
    )


def test_a_new_version_takes_the_acknowledgement_back(world: World, sent: SentRecord) -> None:
    for person in COLLEGE:
        world.open(sent.transfer_id, world.people[person])
    _acknowledge(world, sent, *COLLEGE)
    assert _transfer(world, sent).state == "acknowledged"
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    transfer = _transfer(world, sent)
    assert (transfer.state, transfer.acknowledged_at) == ("received", None)


def test_another_providers_and_unknown_transfers_are_not_found(world: World, sent: SentRecord) -> None:
    for actor, transfer_id in (
        (world.coach, sent.transfer_id),
        (world.college_support, uuid4()),
        (world.college_support, sent.record_id),
    ):
        with pytest.raises(NotFound):
            acknowledge(db=world.db, actor=actor, transfer_ids=[transfer_id])
    with pytest.raises(NotFound):
        acknowledge(
            db=world.db,
            actor=world.college_support,
            transfer_ids=[sent.transfer_id],
            team_id=world.college_admissions.teams[0].id,
        )


def test_looking_again_moves_no_moment_and_writes_no_second_event(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    with world.db.read() as session:
        first = session.scalars(select(Receipt).where(Receipt.opened_at.is_not(None))).one()
    world.open(sent.transfer_id)
    with world.db.read() as session:
        again = session.get_one(Receipt, first.id)
    assert (again.opened_at, again.opened_by) == (first.opened_at, world.college_support.principal_id)
    assert kinds_of(world.db, world.college.id) == ["transfer.opened"]


def _seen(world: World, sent: SentRecord) -> Seen:
    """What learning support was sent."""
    team = world.college_support.teams[0]
    with world.db.read() as session:
        ids = select(Receipt.revision_id).where(Receipt.team_id == team.id)
        return Seen(sent.transfer_id, team.id, tuple(session.scalars(ids)))


def test_what_is_given_out_is_not_opened_and_is_an_event_every_time(world: World, sent: SentRecord) -> None:
    seen, colleague = _seen(world, sent), world.person("colleague", "Northway College", "Learning support")
    for actor in (world.college_support, colleague):
        given = receipts.note_given_out(db=world.db, actor=actor, seen=[seen], kind="inbox.exported")
        assert given == {sent.transfer_id}
    with world.db.read() as session:
        mine = session.scalars(select(Receipt).where(Receipt.team_id == seen.team_id)).one()
        others = session.scalars(select(Receipt).where(Receipt.team_id != seen.team_id)).all()
    assert mine.given_out_at is not None
    assert mine.given_out_by == world.college_support.principal_id, "the first who was given it"
    assert (mine.opened_at, mine.opened_by) == (None, None)
    assert not any(receipt.given_out_at for receipt in others)
    assert kinds_of(world.db, world.college.id) == ["inbox.exported", "inbox.exported"]
    assert _transfer(world, sent).state == "sent"
    assert _state(world, sent) == "new"
    assert _acknowledge(world, sent, "college_support") == [0]


def test_what_was_given_out_counts_as_opened_only_when_somebody_opens_it(
    world: World, sent: SentRecord
) -> None:
    receipts.note_given_out(
        db=world.db, actor=world.college_support, seen=[_seen(world, sent)], kind="inbox.exported"
    )
    world.open(sent.transfer_id)
    assert _state(world, sent) == "opened"
    assert _transfer(world, sent).state == "received"


def test_what_was_recalled_meanwhile_leaves_no_receipt(world: World, sent: SentRecord) -> None:
    stays = world.sent("Ben", "Adams")
    with world.db.write() as session:
        session.get_one(Transfer, sent.transfer_id).state = "recalled"
    gone = _seen(world, sent)
    with pytest.raises(NotFound):
        receipts.note_opened(db=world.db, actor=world.college_support, seen=gone)
    for kind in ("pack.downloaded", "inbox.exported"):
        actor = world.college_support
        assert receipts.note_given_out(db=world.db, actor=actor, seen=[gone], kind=kind) == frozenset()
    other = Seen(stays.transfer_id, gone.team_id, gone.revisions)
    given = receipts.note_given_out(
        db=world.db, actor=world.college_support, seen=[gone, other], kind="inbox.exported"
    )
    assert given == {stays.transfer_id}
    (event,) = events_of(world.db, world.college.id)
    assert (event.kind, event.about["transfers"]) == ("inbox.exported", 1)
    with world.db.read() as session:
        assert not session.scalars(
            select(Receipt.id).where(
                Receipt.transfer_id == sent.transfer_id,
                Receipt.opened_at.is_not(None) | Receipt.given_out_at.is_not(None),
            )
        ).all()
        with pytest.raises(NotFound):
            receipts.own_transfer(session, world.college_support, sent.transfer_id)


def test_a_person_in_several_teams_acts_for_the_one_they_name(world: World) -> None:
    both = world.person("both", "Northway College", "Learning support", "Admissions")
    support, admissions = both.teams
    assert receipts.receiving_teams(both) == (support, admissions)
    assert receipts.receiving_team(both) == support
    assert receipts.receiving_team(both, admissions.id) == admissions
    with pytest.raises(NotFound):
        receipts.receiving_team(both, world.college_exams.teams[0].id)
    for actor in (world.senco, world.coordinator):
        assert receipts.receiving_teams(actor) == ()
        with pytest.raises(NotAllowed):
            receipts.receiving_team(actor)


def test_a_team_finds_what_it_was_sent_only(world: World, sent: SentRecord) -> None:
    world.send(sent.record_id, owner="school_safeguarding")
    of = {}
    for actor in (world.college_exams, world.college_safeguarding, world.coach):
        with world.db.read() as session:
            (team,) = actor.teams
            versions = sent_versions.team_versions(session, trust=trust_of(session, actor), team=team)
        of[team.name] = [
            (owner, number) for of_transfer in versions.values() for _, owner, number in of_transfer.signed
        ]
    assert of["Exams office"] == [("transition", 1)]
    assert sorted(of["Safeguarding"]) == [("school_safeguarding", 1), ("transition", 1)]
    assert of["Riverside Boxing"] == []
