"""A team decides that a record stays with a provider, where the row or the log says that it was taken back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from tests.exchange.chains import events_of
from tests.exchange.recalls import forge, row_of, shown, stay, turn, write
from tests.exchange.walks.test_tampering_with_transfers import change_draft, insert
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending import keeping
from transition_exchange.exchange.sending.keeping import keep
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.send import send
from transition_exchange.store import events
from transition_exchange.store.models import ChainHead, Event, Grant, Team

Lie = Callable[[World, SentRecord], None]


@pytest.mark.parametrize("lie", [forge, turn])
def test_it_stays_and_goes_on_as_before(world: World, sent: SentRecord, lie: Lie) -> None:
    world.open(sent.transfer_id)
    lie(world, sent)
    stay(world, sent)
    delivered = shown(world, sent)
    assert (delivered.dispute, delivered.state, delivered.recalled_at) == ("", "received", None)
    assert world.open(sent.transfer_id, world.college_exams).answers
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    assert world.send(sent.record_id).providers == ("Northway College",)
    event = events_of(world.db, world.school.id)[-3]
    assert (event.kind, event.about["transfer"]) == ("transfer.kept", str(sent.transfer_id))


def test_the_row_says_again_what_receipts_and_questions_tell(world: World, sent: SentRecord) -> None:
    turn(world, sent)
    stay(world, sent)
    assert shown(world, sent).state == "sent"
    people = (
        world.college_support, world.college_admissions, world.college_exams, world.college_safeguarding
    )  # fmt: skip
    world.send(sent.record_id, owner="school_safeguarding")
    for person in people:
        world.open(sent.transfer_id, person)
        acknowledge(db=world.db, actor=person, transfer_ids=[sent.transfer_id])
    turn(world, sent)
    stay(world, sent)
    assert shown(world, sent).state == "acknowledged"
    asking.ask(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text="Which bus?")
    turn(world, sent)
    stay(world, sent)
    assert shown(world, sent).state == "queried"


def test_what_nobody_there_can_open_cannot_stay(world: World, sent: SentRecord) -> None:
    older = row_of(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    write(world, sent, **older)
    with pytest.raises(Refused, match="Nobody there can open the record"):
        stay(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert (shown(world, sent).state, shown(world, sent).dispute) == ("recalled", "")


def test_grants_that_nobody_signed_keep_no_record_there(world: World, sent: SentRecord) -> None:
    """After a real recall somebody puts the row back, and keyrings of their own making."""
    older = row_of(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    write(world, sent, **older)
    with world.db.write() as session:
        session.execute(update(Grant).values(keyring=b"x", withdrawn_at=None, signature=b"x" * 64))
    with pytest.raises(Refused, match="Nobody there can open the record"):
        stay(world, sent)


def test_there_is_nothing_to_decide_where_nothing_is_disputed(world: World, sent: SentRecord) -> None:
    with pytest.raises(Refused, match="Nothing contradicts"):
        stay(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    with pytest.raises(Refused, match="Nothing contradicts"):
        stay(world, sent)


def test_what_came_after_the_page_is_not_decided_with_it(world: World, sent: SentRecord) -> None:
    forge(world, sent)
    seen = shown(world, sent).disputed
    older = row_of(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    write(world, sent, **older)
    with pytest.raises(Refused, match="has changed since this page was opened"):
        stay(world, sent, seen)
    with pytest.raises(Refused, match="Nobody there can open the record"):
        stay(world, sent)


def _skip_a_number(world: World) -> None:
    with world.db.write() as session:
        head = session.get_one(ChainHead, world.school.id)
        head.seq += 10**6
        events.append(session, organisation_id=world.school.id, kind="record.saved")


def _remove_an_event(world: World) -> None:
    with world.db.write() as session:
        session.execute(delete(Event).where(Event.organisation_id == world.school.id, Event.seq == 2))


def _change_an_event(world: World) -> None:
    with world.db.write() as session:
        session.execute(
            update(Event)
            .where(Event.organisation_id == world.school.id, Event.seq == 2)
            .values(body=Event.body + " ")
        )


@pytest.mark.parametrize("spoil", [_skip_a_number, _remove_an_event, _change_an_event])
@pytest.mark.parametrize("lie", [forge, turn])
def test_nothing_is_kept_where_the_chain_is_not_whole(
    world: World, sent: SentRecord, lie: Lie, spoil: Callable[[World], None]
) -> None:
    """What is missing there may be the event of a real recall."""
    spoil(world)
    lie(world, sent)
    before = row_of(world, sent)
    with pytest.raises(Refused, match="is not whole"):
        stay(world, sent)
    change_draft(world, sent.record_id)
    planned = world.plan(sent.record_id)
    with pytest.raises(Refused, match="is not whole"):
        send(
            db=world.db,
            actor=world.senco,
            renderer=world.renderer,
            record_id=sent.record_id,
            seen=planned.seen,
            providers=[world.college.id],
            today=world.today,
        )
    assert row_of(world, sent) == before
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert shown(world, sent).state == "recalled"
    done = world.send(sent.record_id, providers=[world.college.id])
    assert done.providers == ("Northway College",), "as the message says"


def test_a_log_that_says_it_without_end_is_not_overruled(
    world: World, sent: SentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_OVERRULED", 2)
    for _ in range(3):
        forge(world, sent)
    with pytest.raises(Refused, match="says too often"):
        stay(world, sent)


def test_a_row_that_nobody_signed_does_not_stand_in_the_way(world: World, sent: SentRecord) -> None:
    turn(world, sent)
    inserted = insert(world, sent.record_id)
    write(world, SentRecord(sent.record_id, inserted), provider_id=world.college.id)
    stay(world, sent)
    assert shown(world, sent).state == "sent"
    assert shown(world, SentRecord(sent.record_id, inserted)).state == "recalled"


def test_only_the_schools_own_transition_team_decides(world: World, sent: SentRecord) -> None:
    forge(world, sent)
    before = row_of(world, sent)
    for actor in (world.other_senco, world.safeguarding_lead, world.college_support):
        with pytest.raises((NotFound, NotAllowed)):
            keep(
                db=world.db,
                actor=actor,
                record_id=sent.record_id,
                transfer_id=sent.transfer_id,
                seen=shown(world, sent).disputed,
            )
    other = world.add("Ben", "Stone")
    for record_id, transfer_id in ((other, sent.transfer_id), (sent.record_id, uuid4())):
        with pytest.raises(NotFound):
            keep(db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_id, seen="")
    assert row_of(world, sent) == before


def test_it_may_stay_though_the_rows_of_the_teams_that_open_it_were_moved(
    world: World, sent: SentRecord
) -> None:
    forge(world, sent)
    with world.db.write() as session:
        session.execute(update(Team).values(organisation_id=world.places["Riverside Boxing"].id))
    stay(world, sent)
    assert shown(world, sent).dispute == ""
