"""A changed version may be held back from one provider, with the reason kept for the school alone."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.answers import destination
from tests.exchange.chains import events_of, kinds_of
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.sending.holding_back import EVENT
from transition_exchange.exchange.sending.plans import ProviderPlan
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.send import Sent, send
from transition_exchange.exchange.writing.last_sent import LONGEST_REASON
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store.models import Event, Transfer

WHY = "They have asked us to wait for the review"


@pytest.fixture
def changed(world: World, sent: SentRecord) -> SentRecord:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    return sent


def _send(world: World, record_id: UUID, hold: tuple[UUID, ...] = (), **reasons: str) -> Sent:
    planned = world.plan(record_id)
    by_id: Mapping[UUID, str] = {world.college.id: reasons.get("why", "")}
    return send(
        db=world.db,
        actor=world.senco,
        renderer=world.renderer,
        record_id=record_id,
        seen=planned.seen,
        hold=hold,
        reasons=by_id,
        today=world.today,
    )


def _college(world: World, record_id: UUID) -> ProviderPlan:
    (provider,) = world.plan(record_id).providers
    return provider


def test_nothing_goes_to_a_provider_that_is_held_back(world: World, changed: SentRecord) -> None:
    done = _send(world, changed.record_id, (world.college.id,), why=f"  {WHY}\n")
    assert (done.providers, done.held_back) == ((), ("Northway College",))
    assert world.open(changed.transfer_id).answers.get("known_as", {}) == {}
    college = _college(world, changed.record_id)
    assert college.held_back is not None
    assert (college.held_back.reason, college.held_back.by) == (WHY, world.senco.principal_id)
    (row,) = learners(db=world.db, actor=world.senco)
    assert (row.changed, row.held_back) == (False, True), "the school has decided"
    event = events_of(world.db, world.school.id)[-1]
    assert (event.kind, event.about) == (EVENT, {"record": str(changed.record_id), "providers": 1})


def test_a_later_change_is_to_be_decided_anew_and_does_not_go_out_by_itself(
    world: World, changed: SentRecord
) -> None:
    _send(world, changed.record_id, (world.college.id,), why=WHY)
    with pytest.raises(Refused, match="nothing to send"):
        _send(world, changed.record_id, (world.college.id,), why=WHY)
    world.save(changed.record_id, {"known_as": {"preferred_name": "Mimi"}})
    (row,) = learners(db=world.db, actor=world.senco)
    assert (row.changed, row.held_back) == (True, False)
    first = _college(world, changed.record_id).held_back
    assert first is not None
    _send(world, changed.record_id, (world.college.id,), why=WHY)
    second = _college(world, changed.record_id).held_back
    assert second is not None
    assert (second.reason, second.keeps) == (first.reason, first.keeps)
    assert second.version != first.version
    (row,) = learners(db=world.db, actor=world.senco)
    assert (row.changed, row.held_back) == (False, True)
    world.save(changed.record_id, {"known_as": {}})
    (row,) = learners(db=world.db, actor=world.senco)
    assert (row.changed, row.held_back) == (False, False), "it has what the form says again"


def test_one_that_was_held_back_lacks_what_the_other_got_and_what_changed_since(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=["Northway College", "Riverside Boxing"])
    world.send(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    assert _send(world, record_id, (world.college.id,), why=WHY).providers == ("Riverside Boxing",)
    (row,) = learners(db=world.db, actor=world.senco)
    assert (row.changed, row.held_back) == (False, True)
    world.save(record_id, {"known_as": {"preferred_name": "Mimi"}})
    (row,) = learners(db=world.db, actor=world.senco)
    assert (row.changed, row.held_back) == (True, False)
    _send(world, record_id, (world.college.id,), why=WHY)
    (row,) = learners(db=world.db, actor=world.senco)
    assert (row.changed, row.held_back) == (False, True)


def test_another_course_there_is_a_later_change_too(world: World, changed: SentRecord) -> None:
    _send(world, changed.record_id, (world.college.id,), why=WHY)
    rows = [destination(world.college.id, "Northway College", course="Joinery")]
    world.save(changed.record_id, {"destinations": {"destinations": rows}})
    (row,) = learners(db=world.db, actor=world.senco)
    assert (row.changed, row.held_back) == (True, False)


def test_it_stays_held_back_until_it_is_unticked(world: World, changed: SentRecord) -> None:
    _send(world, changed.record_id, (world.college.id,), why=WHY)
    world.save(changed.record_id, {"known_as": {"preferred_name": "Mimi"}})
    assert _send(world, changed.record_id, why=WHY).providers == ("Northway College",)
    assert world.open(changed.transfer_id).answers["known_as"] == {"preferred_name": "Mimi"}
    assert _college(world, changed.record_id).held_back is None


@pytest.mark.parametrize(
    ("hold", "why", "message"),
    [
        (True, "   ", "Say why Northway College is not to get"),
        (False, WHY, "Tick the box, or empty the reason"),
        (True, "x" * (LONGEST_REASON + 1), "500 characters or fewer"),
    ],
)
def test_a_tick_needs_a_reason_and_a_reason_a_tick(
    world: World, changed: SentRecord, hold: bool, why: str, message: str
) -> None:
    with pytest.raises(Refused) as refused:
        _send(world, changed.record_id, (world.college.id,) if hold else (), why=why)
    assert list(refused.value.fields) == [f"why-{world.college.id}"]
    assert message in refused.value.fields[f"why-{world.college.id}"]
    assert world.open(changed.transfer_id).answers.get("known_as", {}) == {}
    assert EVENT not in kinds_of(world.db, world.school.id)


def test_what_a_colleague_typed_meanwhile_is_neither_sent_nor_lost(world: World, changed: SentRecord) -> None:
    planned = world.plan(changed.record_id)
    world.save(changed.record_id, {"known_as": {"preferred_name": "Mimi"}})
    with pytest.raises(Refused, match="Something changed since you looked"):
        send(
            db=world.db,
            actor=world.senco,
            renderer=world.renderer,
            record_id=changed.record_id,
            seen=planned.seen,
            hold=[world.college.id],
            reasons={world.college.id: WHY},
            today=world.today,
        )


def test_after_a_recall_nothing_is_held_back_any_more(world: World, changed: SentRecord) -> None:
    _send(world, changed.record_id, (world.college.id,), why=WHY)
    recall(db=world.db, actor=world.senco, record_id=changed.record_id, transfer_id=changed.transfer_id)
    done = world.send(changed.record_id, providers=[world.college.id])
    assert (done.providers, done.held_back) == (("Northway College",), ())
    assert _college(world, changed.record_id).held_back is None


def test_the_reason_stands_nowhere_in_plain(world: World, changed: SentRecord) -> None:
    _send(world, changed.record_id, (world.college.id,), why=WHY)
    with world.db.read() as session:
        assert not any(WHY in body for body in session.scalars(select(Event.body)))


def test_it_stays_held_back_where_the_sending_seems_lost(world: World, changed: SentRecord) -> None:
    """Somebody who spoils the row of a sending, and puts it back later, overrides no decision of the school."""
    _send(world, changed.record_id, (world.college.id,), why=WHY)
    with world.db.write() as session:
        row = session.get_one(Transfer, changed.transfer_id)
        signature, row.signature = row.signature, b"x"
    world.save(changed.record_id, {"known_as": {"preferred_name": "Mimi"}})
    college = _college(world, changed.record_id)
    assert (college.state, college.expected, college.chosen) == ("new", False, True)
    with pytest.raises(Refused, match="no provider is ticked"):
        send(
            db=world.db,
            actor=world.senco,
            renderer=world.renderer,
            record_id=changed.record_id,
            seen=world.plan(changed.record_id).seen,
            today=world.today,
        )
    with world.db.write() as session:
        session.get_one(Transfer, changed.transfer_id).signature = signature
    college = _college(world, changed.record_id)
    assert college.state == "again"
    assert college.held_back is not None
    assert college.held_back.reason == WHY


def test_whoever_ticks_it_all_the_same_sends_there_and_holds_it_back_no_more(
    world: World, changed: SentRecord
) -> None:
    _send(world, changed.record_id, (world.college.id,), why=WHY)
    recall(db=world.db, actor=world.senco, record_id=changed.record_id, transfer_id=changed.transfer_id)
    done = world.send(changed.record_id, providers=[world.college.id])
    assert (done.providers, done.held_back) == (("Northway College",), ())
    assert _college(world, changed.record_id).held_back is None
