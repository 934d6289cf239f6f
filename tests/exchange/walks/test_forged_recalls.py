"""Somebody appends to a school's log that a record was taken back, which nobody did; honest staff go on working.

The event fits into the chain, and its end is written too. It leads to no second sending, no silence and no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

import pytest

from tests.exchange.recalls import forge, shown, stay, turn
from tests.exchange.safeguarding_answers import follow
from tests.exchange.walks.test_tampering_with_transfers import change_draft, granted
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.sending import safeguarding_releases, send
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.send import Sent
from transition_exchange.exchange.states import DISPUTED
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store import chain

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

COLLEGE, BOXING = "Northway College", "Riverside Boxing"
Lie = Callable[[World, SentRecord], None]
LIES = pytest.mark.parametrize("lie", [forge, turn])


def _send(world: World, sent: SentRecord, ticked: Collection[UUID] | None) -> Sent:
    return send.send(
        db=world.db,
        actor=world.senco,
        renderer=world.renderer,
        record_id=sent.record_id,
        seen=world.plan(sent.record_id).seen,
        providers=ticked,
        today=world.today,
    )


def test_the_chain_is_whole_so_that_the_audit_finds_nothing(world: World, sent: SentRecord) -> None:
    forge(world, sent)
    with world.db.read() as session:
        assert chain.verify(session, world.school.id).fault is None


@LIES
def test_the_school_is_told_that_its_own_signature_says_otherwise(
    world: World, sent: SentRecord, lie: Lie
) -> None:
    world.open(sent.transfer_id)
    lie(world, sent)
    for actor in (world.senco, world.safeguarding_lead):
        delivered = shown(world, sent, actor)
        assert delivered.genuine
        assert "Somebody has changed what is stored" in delivered.dispute
        assert (delivered.state in ("sent", "received"), delivered.recalled_at) == (True, None)


def test_the_college_reads_on(world: World, sent: SentRecord) -> None:
    forge(world, sent)
    assert world.open(sent.transfer_id).answers


def test_the_list_of_learners_says_so(world: World, sent: SentRecord) -> None:
    (row,) = learners(db=world.db, actor=world.senco)
    assert row.transfers == ("sent",)
    forge(world, sent)
    (row,) = learners(db=world.db, actor=world.senco)
    assert row.transfers == (DISPUTED,)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    (row,) = learners(db=world.db, actor=world.senco)
    assert row.transfers == ()


@LIES
def test_nothing_new_goes_there_by_itself(world: World, lie: Lie) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=(COLLEGE, BOXING))
    world.send(record_id)
    sent = SentRecord(record_id, world.transfer_of(record_id))
    lie(world, sent)
    plans = {provider.name: provider for provider in world.plan(record_id).providers}
    assert (plans[COLLEGE].state, plans[COLLEGE].transfer_id) == ("current", sent.transfer_id)
    assert plans[COLLEGE].dispute
    assert not plans[BOXING].dispute
    change_draft(world, record_id)
    before = granted(world, COLLEGE)
    plans = {provider.name: provider for provider in world.plan(record_id).providers}
    assert (plans[COLLEGE].state, plans[COLLEGE].chosen, plans[COLLEGE].expected) == ("again", True, False)
    assert _send(world, sent, None).providers == (BOXING,)
    assert granted(world, COLLEGE) == before
    assert shown(world, sent).dispute, "the page goes on saying so"


@LIES
def test_whoever_is_ticked_gets_the_next_version_by_the_same_transfer(
    world: World, sent: SentRecord, lie: Lie
) -> None:
    lie(world, sent)
    change_draft(world, sent.record_id)
    assert _send(world, sent, [world.college.id]).providers == (COLLEGE,)
    assert world.transfer_of(sent.record_id) == sent.transfer_id, "the learner is not there a second time"
    assert world.open(sent.transfer_id).answers["known_as"]["preferred_name"] == "Mina"
    assert shown(world, sent).dispute == "", "the team has signed that it was not taken back"
    change_draft(world, sent.record_id, "Amy")
    assert world.send(sent.record_id).providers == (COLLEGE,), "the one after that needs no tick"


@LIES
def test_taking_it_back_for_real_ends_it(world: World, sent: SentRecord, lie: Lie) -> None:
    world.open(sent.transfer_id)
    lie(world, sent)
    reached = recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert [line.team for line in reached] == ["Learning support"]
    assert (shown(world, sent).state, shown(world, sent).dispute) == ("recalled", "")
    with pytest.raises(NotFound):
        world.open(sent.transfer_id)
    assert world.send(sent.record_id, providers=[world.college.id]).providers == (COLLEGE,)
    assert world.transfer_of(sent.record_id) != sent.transfer_id


@LIES
def test_the_safeguarding_part_waits_for_the_decision_and_says_so(
    world: World, sent: SentRecord, lie: Lie
) -> None:
    world.save(sent.record_id, {"safeguarding": {"file_exists": "no"}}, owner="school_safeguarding")
    lie(world, sent)
    (college,) = world.plan(sent.record_id, owner="school_safeguarding").providers
    assert (college.state, bool(college.dispute)) == ("not_ready", True)
    assert world.send(sent.record_id, owner="school_safeguarding").providers == ()
    actor = world.safeguarding_lead
    waiting = safeguarding_releases.to_follow(db=world.db, actor=actor)
    assert waiting == (sent.record_id,)
    step = follow(world, waiting)
    (left,) = step.left
    assert "Somebody has changed what is stored" in left.why
    assert "once your school’s transition team has decided" in left.why
    stay(world, sent)
    step = follow(world, waiting)
    assert (step.done, step.left) == ((sent.record_id,), ())
    assert world.open(sent.transfer_id, world.college_safeguarding).answers["safeguarding"]
    assert safeguarding_releases.to_follow(db=world.db, actor=actor) == ()


@LIES
def test_what_is_forged_while_somebody_sends_stops_the_sending(
    world: World, sent: SentRecord, lie: Lie, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_draft(world, sent.record_id)
    planned = world.plan(sent.record_id)
    lie(world, sent)
    monkeypatch.setattr("transition_exchange.exchange.sending.send.planning.plan", lambda **_: planned)
    before = granted(world, COLLEGE)
    with pytest.raises(Refused, match="changed since you looked"):
        send.send(
            db=world.db,
            actor=world.senco,
            renderer=world.renderer,
            record_id=sent.record_id,
            seen=planned.seen,
            today=world.today,
        )
    assert granted(world, COLLEGE) == before
