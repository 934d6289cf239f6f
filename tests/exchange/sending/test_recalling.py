"""Recalling: unopened, nobody can open it; opened, the school learns who did."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.exchange.chains import events_of
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.records import transfers
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.team_receipts import TeamReceipt
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.sealing.encoding import moment
from transition_exchange.store.models import Card, Ciphertext, Grant, OutboxMail, Part, Record, Transfer


def test_recalled_unopened_nobody_can_open_it_any_more(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    opened = recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=sent.transfer_id)
    assert opened == []
    with pytest.raises(NotFound):
        open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    with world.db.read() as session:
        assert set(session.scalars(select(Grant.keyring).where(Grant.transfer_id == sent.transfer_id))) == {
            None
        }
        assert not session.scalar(select(func.count()).where(Part.transfer_id == sent.transfer_id))
        assert not session.scalar(select(func.count()).where(Card.transfer_id == sent.transfer_id))
    [after] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert (after.state, after.recalled_by) == ("recalled", world.senco.name)


def test_recalled_after_opening_we_learn_who_and_when(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    opened = recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=sent.transfer_id)
    assert [(line.team, line.opened_at is not None) for line in opened] == [("Learning support", True)]
    [after] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert [receipt.opened_by for receipt in after.opened] == [world.college_support.name]
    with pytest.raises(Refused):
        recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=sent.transfer_id)


def test_only_the_schools_own_transition_team_recalls(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    for actor in (world.other_senco, world.safeguarding_lead, world.college_support):
        with pytest.raises((NotFound, NotAllowed)):
            recall(db=world.db, actor=actor, record_id=record_id, transfer_id=sent.transfer_id)
    with world.db.read() as session:
        assert session.get_one(Transfer, sent.transfer_id).state == "sent"


def _recall(world: World, sent: SentRecord) -> list[TeamReceipt]:
    return recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)


def test_the_safeguarding_part_goes_with_it(world: World, sent: SentRecord) -> None:
    world.send(sent.record_id, owner="school_safeguarding")
    _recall(world, sent)
    with pytest.raises(NotFound):
        world.open(sent.transfer_id, world.college_safeguarding)
    with world.db.read() as session:
        live = session.scalars(
            select(Grant.id).where(Grant.transfer_id == sent.transfer_id, Grant.keyring.is_not(None))
        ).all()
    assert live == []


def test_another_providers_pack_and_the_schools_own_versions_stay(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=["Northway College", "Riverside Boxing"])
    world.send(record_id)
    with world.db.read() as session:
        own = set(session.scalars(select(Part.id).where(Part.transfer_id.is_(None))))
    _recall(world, SentRecord(record_id, world.transfer_of(record_id)))
    assert world.open(world.transfer_of(record_id, "Riverside Boxing"), world.coach).answers
    with world.db.read() as session:
        assert set(session.scalars(select(Part.id).where(Part.transfer_id.is_(None)))) == own
        assert len(session.scalars(select(Ciphertext.id)).all()) == len(
            session.scalars(select(Part.id)).all()
        )


def test_every_team_that_got_it_hears_of_it_and_the_school_writes_it_down(
    world: World, sent: SentRecord
) -> None:
    world.send(sent.record_id, owner="school_safeguarding")
    _recall(world, sent)
    with world.db.read() as session:
        mails = session.scalars(select(OutboxMail).where(OutboxMail.template == "packs_recalled")).all()
    assert len(mails) == 4
    assert {mail.figures["count"] for mail in mails} == {1}, "once a team, whatever the number of versions"
    event = events_of(world.db, world.school.id)[-1]
    assert (event.kind, event.about) == (
        "transfer.recalled",
        {
            "record": str(sent.record_id),
            "transfer": str(sent.transfer_id),
            "provider": str(world.college.id),
        },
    )


def test_a_transfer_of_another_record_is_not_found(world: World, sent: SentRecord) -> None:
    other = world.add("Ben", "Stone")
    for record_id, transfer_id in ((other, sent.transfer_id), (sent.record_id, uuid4())):
        with pytest.raises(NotFound):
            recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_id)
    assert world.open(sent.transfer_id).answers


def test_sent_again_after_a_recall_it_is_another_transfer(world: World, sent: SentRecord) -> None:
    _recall(world, sent)
    (college,) = world.plan(sent.record_id).providers
    assert (college.state, college.transfer_id) == ("new", None)
    assert college.taken_back is not None
    with pytest.raises(Refused, match="no provider is ticked"):
        world.send(sent.record_id)
    assert world.send(sent.record_id, providers=[world.college.id]).number == 1
    assert world.plan(sent.record_id).providers[0].taken_back is None
    again = world.transfer_of(sent.record_id)
    assert again != sent.transfer_id
    assert world.open(again).answers["learner"]["legal_surname"] == "Khan"
    tracked = track(db=world.db, actor=world.senco, record_id=sent.record_id)
    assert [transfer.state for transfer in tracked.delivered] == ["received", "recalled"]


def test_who_had_opened_which_version_is_told(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    world.open(sent.transfer_id, world.college_exams)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    world.open(sent.transfer_id)
    assert [(line.team, line.number) for line in _recall(world, sent)] == [
        ("Learning support", 2),
        ("Learning support", 1),
        ("Exams office", 1),
    ]


def test_who_holds_it_in_a_table_is_told_though_nobody_opened_it(world: World, sent: SentRecord) -> None:
    "".join(export_csv(db=world.db, actor=world.college_exams))
    (line,) = _recall(world, sent)
    assert (line.team, line.opened_by, line.given_out_by) == ("Exams office", None, "College Exams")


def test_the_team_that_takes_it_back_signs_that_it_did(world: World, sent: SentRecord) -> None:
    _recall(world, sent)
    with world.db.read() as session:
        transfer = session.get_one(Transfer, sent.transfer_id)
        statement = transfers.statement_of(
            session,
            trust=trust_of(session, world.safeguarding_lead),
            record=session.get_one(Record, sent.record_id),
            transfer=transfer,
        )
    assert statement is not None
    assert (statement.state, statement.at) == ("recalled", moment(transfer.recalled_at or transfer.sent_at))
    assert world.plan(sent.record_id, owner="school_safeguarding").providers == ()
