"""A team decides that a record stays with a provider, where the row or the log says that it was taken back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.exchange.chains import events_of
from tests.exchange.recalls import forge, row_of, shown, turn, write
from tests.exchange.walks.test_tampering_with_transfers import insert
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.sending.keeping import keep
from transition_exchange.exchange.sending.recalling import recall

Lie = Callable[[World, SentRecord], None]


def _keep(world: World, sent: SentRecord) -> None:
    keep(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)


@pytest.mark.parametrize("lie", [forge, turn])
def test_it_stays_and_goes_on_as_before(world: World, sent: SentRecord, lie: Lie) -> None:
    world.open(sent.transfer_id)
    lie(world, sent)
    _keep(world, sent)
    delivered = shown(world, sent)
    assert (delivered.dispute, delivered.state, delivered.recalled_at) == ("", "received", None)
    assert world.open(sent.transfer_id, world.college_exams).answers
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    assert world.send(sent.record_id).providers == ("Northway College",)
    event = events_of(world.db, world.school.id)[-3]
    assert (event.kind, event.about["transfer"]) == ("transfer.kept", str(sent.transfer_id))


def test_the_row_says_again_what_receipts_and_questions_tell(world: World, sent: SentRecord) -> None:
    turn(world, sent)
    _keep(world, sent)
    assert shown(world, sent).state == "sent"
    people = (
        world.college_support, world.college_admissions, world.college_exams, world.college_safeguarding
    )  # fmt: skip
    world.send(sent.record_id, owner="school_safeguarding")
    for person in people:
        world.open(sent.transfer_id, person)
        acknowledge(db=world.db, actor=person, transfer_ids=[sent.transfer_id])
    turn(world, sent)
    _keep(world, sent)
    assert shown(world, sent).state == "acknowledged"
    asking.ask(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text="Which bus?")
    turn(world, sent)
    _keep(world, sent)
    assert shown(world, sent).state == "queried"


def test_what_nobody_there_can_open_cannot_stay(world: World, sent: SentRecord) -> None:
    older = row_of(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    write(world, sent, **older)
    with pytest.raises(Refused, match="Nobody there can open the record"):
        _keep(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert (shown(world, sent).state, shown(world, sent).dispute) == ("recalled", "")


def test_there_is_nothing_to_decide_where_nothing_is_disputed(world: World, sent: SentRecord) -> None:
    with pytest.raises(Refused, match="Nothing contradicts"):
        _keep(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    with pytest.raises(Refused, match="Nothing contradicts"):
        _keep(world, sent)


def test_a_row_that_nobody_signed_does_not_stand_in_the_way(world: World, sent: SentRecord) -> None:
    turn(world, sent)
    inserted = insert(world, sent.record_id)
    write(world, SentRecord(sent.record_id, inserted), provider_id=world.college.id)
    _keep(world, sent)
    assert shown(world, sent).state == "sent"
    assert shown(world, SentRecord(sent.record_id, inserted)).state == "recalled"


def test_only_the_schools_own_transition_team_decides(world: World, sent: SentRecord) -> None:
    forge(world, sent)
    before = row_of(world, sent)
    for actor in (world.other_senco, world.safeguarding_lead, world.college_support):
        with pytest.raises((NotFound, NotAllowed)):
            keep(db=world.db, actor=actor, record_id=sent.record_id, transfer_id=sent.transfer_id)
    other = world.add("Ben", "Stone")
    for record_id, transfer_id in ((other, sent.transfer_id), (sent.record_id, uuid4())):
        with pytest.raises(NotFound):
            keep(db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_id)
    assert row_of(world, sent) == before
