"""One transaction stores a sending: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.exchange.chains import events_of
from tests.exchange.lost_transfers import without_statement
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.school_calendar import leaving_year_on, safeguarding_due
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.storing import store
from transition_exchange.store.models import (
    Card,
    Ciphertext,
    Event,
    Grant,
    OutboxMail,
    Part,
    Receipt,
    Revision,
    Team,
    TermStart,
    Transfer,
)
from transition_exchange.store.models.transfers import TRANSFER_STATES

BOTH = ("Northway College", "Riverside Boxing")

Sealed = Callable[..., dict[str, Any]]


@pytest.fixture
def sealed(world: World, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """What sending a record would store now: the arguments of `store`, with everything sealed and nothing stored."""

    def arguments_of(record_id: UUID, owner: str = "transition") -> dict[str, Any]:
        caught: dict[str, Any] = {}
        with monkeypatch.context() as patched:
            patched.setattr(
                "transition_exchange.exchange.sending.send.store",
                lambda session, **arguments: caught.update(arguments),
            )
            world.send(record_id, owner=owner)
        return caught

    return arguments_of


def _rows(world: World) -> list[int]:
    """How many rows there are of each kind that a sending may write."""
    tables = (Revision, Transfer, Grant, Part, Ciphertext, Card, Receipt, OutboxMail, Event)
    with world.db.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def _notices(world: World) -> dict[str, dict[str, int]]:
    """What each team is told: the count of each template, by the team's name."""
    with world.db.read() as session:
        rows = session.execute(
            select(Team.name, OutboxMail.template, OutboxMail.figures).join(
                Team, Team.notification_email == OutboxMail.to_address
            )
        ).all()
    told: dict[str, dict[str, int]] = {}
    for name, template, figures in rows:
        told.setdefault(name, {})[template] = figures["count"]
    return told


def _changed(world: World, record_id: UUID) -> None:
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})


def _to_both(world: World) -> UUID:
    record_id = world.add()
    world.fill(record_id, going_to=BOTH)
    return record_id


@pytest.mark.parametrize("recalled", BOTH)
def test_a_transfer_that_was_recalled_meanwhile_is_refused_and_nothing_is_written(
    world: World, sealed: Sealed, recalled: str
) -> None:
    record_id = _to_both(world)
    world.send(record_id)
    _changed(world, record_id)
    arguments = sealed(record_id)
    recall(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        transfer_id=world.transfer_of(record_id, recalled),
    )
    before = _rows(world)
    with pytest.raises(Refused, match="changed since you looked"), world.db.write() as session:
        store(session, **arguments)
    assert _rows(world) == before, "not even for the provider that still holds it"
    with world.db.read() as session:
        assert sorted(session.scalars(select(Transfer.state))) == ["recalled", "sent"]


def test_nothing_stays_where_the_transaction_fails_at_its_end(world: World, sealed: Sealed) -> None:
    arguments, before = sealed(_to_both(world)), _rows(world)

    def store_and_fail() -> None:
        with world.db.write() as session:
            store(session, **arguments)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_and_fail()
    assert _rows(world) == before


def test_a_new_transfer_says_who_sent_it_and_when(world: World, sealed: Sealed) -> None:
    record_id = _to_both(world)
    arguments = sealed(record_id)
    with world.db.write() as session:
        store(session, **arguments)
    with world.db.read() as session:
        transfers = session.scalars(select(Transfer)).all()
        receipts = session.scalars(select(Receipt)).all()
    assert {transfer.provider_id for transfer in transfers} == {world.places[name].id for name in BOTH}
    for transfer in transfers:
        assert (transfer.record_id, transfer.state, transfer.sent_by) == (
            record_id,
            "sent",
            world.senco.principal_id,
        )
        assert transfer.sent_at == arguments["now"]
    assert {(receipt.revision_id, receipt.granted_at) for receipt in receipts} == {
        (arguments["revision"].id, arguments["now"])
    }


@pytest.mark.parametrize("state", [state for state in TRANSFER_STATES if state != "recalled"])
def test_what_was_acknowledged_is_only_received_again_and_every_other_state_stays(
    world: World, sent: SentRecord, sealed: Sealed, state: str
) -> None:
    acknowledged_at = datetime.now(UTC) if state == "acknowledged" else None
    with world.db.write() as session:
        transfer = session.get_one(Transfer, sent.transfer_id)
        transfer.state, transfer.acknowledged_at = state, acknowledged_at
    _changed(world, sent.record_id)
    arguments = sealed(sent.record_id)
    with world.db.write() as session:
        store(session, **arguments)
    with world.db.read() as session:
        (transfer,) = session.scalars(select(Transfer))
    assert transfer.state == ("received" if state == "acknowledged" else state)
    assert transfer.acknowledged_at is None


def test_the_first_pack_waits_and_a_further_version_has_changed(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    assert _notices(world) == {name: {"packs_waiting": 1} for name in world.college.teams}
    world.fill(record_id, going_to=BOTH)
    _changed(world, record_id)
    world.send(record_id)
    assert _notices(world) == {
        **{name: {"packs_waiting": 1, "packs_changed": 1} for name in world.college.teams},
        "Riverside Boxing": {"packs_waiting": 1},
    }


def test_the_safeguarding_part_is_told_to_the_safeguarding_team_alone(world: World, sent: SentRecord) -> None:
    before = _notices(world)
    world.send(sent.record_id, owner="school_safeguarding")
    told = {name for name, notices in _notices(world).items() if notices != before[name]}
    assert told == {"Safeguarding"}, "a mail to others would tell them that there is an answer"
    assert all(_notices(world)[name] == {"packs_waiting": 1, "packs_changed": 1} for name in told)


def test_an_earlier_version_for_a_further_provider_is_not_stored_again(world: World, sealed: Sealed) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    world.fill(record_id, going_to=BOTH)
    arguments = sealed(record_id)
    assert arguments["fresh"] is None
    with world.db.write() as session:
        store(session, **arguments)
    with world.db.read() as session:
        (released,) = session.scalars(select(Revision.id).where(Revision.number > 0))
        assert set(session.scalars(select(Receipt.revision_id))) == {released}
    assert world.open(world.transfer_of(record_id, "Riverside Boxing"), world.coach).answers


def test_a_release_that_goes_to_nobody_yet_is_an_event_without_transfers(world: World) -> None:
    record_id = world.add()
    world.send(record_id, owner="school_safeguarding")
    event = events_of(world.db, world.school.id)[-1]
    about = dict(event.about)
    assert event.kind == "record.released"
    assert about.pop("revision")
    assert about == {"record": str(record_id), "owner": "school_safeguarding", "number": 1, "providers": 0}


def test_every_team_gets_a_receipt_a_card_and_a_notice(world: World, sent: SentRecord) -> None:
    teams = {team.row.id for team in world.college.teams.values()}
    with world.db.read() as session:
        receipts = session.scalars(select(Receipt).where(Receipt.transfer_id == sent.transfer_id)).all()
        cards = session.scalars(select(Card.team_id).where(Card.transfer_id == sent.transfer_id)).all()
        mails = session.scalars(select(OutboxMail).where(OutboxMail.template == "packs_waiting")).all()
        addresses = session.scalars(select(Team.notification_email).where(Team.id.in_(teams))).all()
    assert {receipt.team_id for receipt in receipts} == set(cards) == teams
    assert not any(receipt.opened_at for receipt in receipts)
    assert {mail.to_address for mail in mails} == set(addresses)
    assert {mail.figures["count"] for mail in mails} == {1}


def test_the_clock_for_safeguarding_runs_from_the_day_of_sending_or_from_term(world: World) -> None:
    year = leaving_year_on(world.today)
    term = date(year, 9, 6)
    first = world.sent()
    with world.db.write() as session:
        session.add(TermStart(area_id=world.area_id, first_day=term))
    second = world.sent("Ben", "Stone")
    with world.db.read() as session:
        due = [session.get_one(Transfer, one.transfer_id).safeguarding_due for one in (first, second)]
    assert due == [
        safeguarding_due(world.today, leaving_year=year, term_starts=starts) for starts in ({}, {year: term})
    ]


def test_a_sending_is_one_event_with_its_version_and_transfers(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=["Northway College", "Riverside Boxing"])
    before = len(events_of(world.db, world.school.id))
    world.send(record_id)
    (event,) = events_of(world.db, world.school.id)[before:]
    assert event.kind == "record.sent"
    about = dict(event.about)
    assert (about.pop("record"), about.pop("owner"), about.pop("number")) == (str(record_id), "transition", 1)
    assert about.pop("providers") == 2
    assert about.pop("revision")
    assert about == {
        "transfer1": str(world.transfer_of(record_id)),
        "provider1": str(world.college.id),
        "transfer2": str(world.transfer_of(record_id, "Riverside Boxing")),
        "provider2": str(world.places["Riverside Boxing"].id),
    }


def test_a_team_that_was_added_later_is_told_alone_and_takes_the_acknowledgement_back(
    world: World, sent: SentRecord
) -> None:
    with world.db.write() as session:
        session.get_one(Transfer, sent.transfer_id).state = "acknowledged"
    before = _notices(world)
    world.team("Northway College", "Second support team", "learning_support")
    world.send(sent.record_id)
    assert _notices(world) == {**before, "Second support team": {"packs_waiting": 1}}
    with world.db.read() as session:
        assert len(session.scalars(select(Receipt.id)).all()) == len(before) + 1
        assert session.get_one(Transfer, sent.transfer_id).state == "received"


def test_a_row_that_nobody_signed_makes_room_for_the_real_one(world: World, sealed: Sealed) -> None:
    record_id = world.add()
    world.fill(record_id)
    arguments = sealed(record_id)
    with world.db.write() as session:
        unsigned = Transfer(record_id=record_id, provider_id=world.college.id, state="received")
        session.add(unsigned)
    with world.db.write() as session:
        store(session, **arguments)
    with world.db.read() as session:
        states = {row.id: row.state for row in session.scalars(select(Transfer))}
    assert states.pop(unsigned.id) == "recalled"
    assert list(states.values()) == ["sent"]


def test_a_colleagues_transfer_that_came_first_is_left_alone(world: World, sealed: Sealed) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    world.fill(record_id, going_to=BOTH)
    arguments = sealed(record_id)
    assert arguments["fresh"] is None, "the version stands, so that only the transfer is there twice"
    world.send(record_id)
    before = _rows(world)
    with pytest.raises(IntegrityError), world.db.write() as session:
        store(session, **arguments)
    assert _rows(world) == before
    assert world.open(world.transfer_of(record_id, "Riverside Boxing"), world.coach).answers


def test_nothing_goes_where_a_colleague_has_signed_a_recall_while_it_was_sealed(
    world: World, sent: SentRecord, sealed: Sealed
) -> None:
    """What was signed before is gone, so the record goes there anew; the recall is signed after this sending."""
    without_statement(world, sent)
    arguments = sealed(sent.record_id)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    before = _rows(world)
    with pytest.raises(Refused, match="Something changed"), world.db.write() as session:
        store(session, **arguments)
    assert _rows(world) == before
