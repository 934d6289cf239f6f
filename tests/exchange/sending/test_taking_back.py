"""Taking back what the safeguarding team has answered, within a day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.coordinators import only
from tests.exchange.safeguarding_answers import LEAD, answer, taken_back
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.receiving.inbox import InboxRow, inbox
from transition_exchange.exchange.receiving.opening import read_newest
from transition_exchange.exchange.sending.safeguarding_releases import OWNER, to_follow
from transition_exchange.exchange.sending.standing_answers import answer_of, recent
from transition_exchange.exchange.sending.taking_back import TakenBack
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.learner_list import LearnerRow, learners
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma.withdrawn import withdrawn_words
from transition_exchange.store.models import Event, Grant, Part, Revision

KIM = {"lead_name": "Kim Lead", "lead_phone": "01709 382122"}


def _take_back(world: World, record_id: UUID, **more: Any) -> TakenBack:
    return taken_back(world, record_id, **{"lead": KIM, **more})


def _row(world: World) -> LearnerRow:
    (row,) = learners(db=world.db, actor=world.safeguarding_lead, purpose=OWNER)
    return row


def _inbox(world: World, actor: Actor) -> InboxRow:
    (row,) = inbox(db=world.db, actor=actor)
    return row


def test_whoever_never_opened_it_reads_that_it_was_withdrawn_and_nothing_of_it(
    world: World, sent: SentRecord
) -> None:
    """Their list had shown the answer."""
    before = _inbox(world, world.college_safeguarding)
    unanswered = read_newest(
        db=world.db, actor=world.college_safeguarding, transfer_id=sent.transfer_id
    ).answers
    answer(world, {sent.record_id: "yes"})
    assert _inbox(world, world.college_safeguarding).safeguarding
    assert _take_back(world, sent.record_id) == TakenBack()
    assert _inbox(world, world.college_safeguarding) == replace(before, answer="withdrawn")
    received = world.open(sent.transfer_id, world.college_safeguarding)
    assert received.answers == unanswered
    assert set(received.openings) == {"transition"}


def test_whoever_had_opened_it_is_told_whom_to_ring_and_nothing_else(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id, world.college_safeguarding)
    assert _take_back(world, sent.record_id).told == ("Safeguarding at Northway College",)
    row = _inbox(world, world.college_safeguarding)
    assert (row.state, row.safeguarding) == ("changed", False)
    received = world.open(sent.transfer_id, world.college_safeguarding)
    opening = received.openings[OWNER]
    assert opening.answers == {"safeguarding": KIM, "day_one_safety": {}}
    assert opening.withdraws == 1
    assert opening.released_at is not None
    assert "ring Kim Lead, 01709 382122." in withdrawn_words(opening.answers, opening.released_at)
    assert received.opened_before == {}, "what was withdrawn is compared with nothing"
    assert "safeguarding.file_exists" in {gap["question"] for gap in received.missing}


def test_a_team_that_reads_safety_on_the_first_day_is_told_of_that_alone(
    world: World, sent: SentRecord
) -> None:
    world.save(
        sent.record_id,
        {"safeguarding": {"file_exists": "no", **LEAD}, "day_one_safety": {"information": "Ask at the gate"}},
        owner=OWNER,
    )
    world.send(sent.record_id, owner=OWNER)
    world.open(sent.transfer_id, world.college_support)
    assert _take_back(world, sent.record_id).told == ("Learning support at Northway College",)
    received = world.open(sent.transfer_id, world.college_support)
    assert received.openings[OWNER].answers == {"day_one_safety": {"ring": "Kim Lead, 01709 382122"}}


def test_a_team_that_could_read_nothing_of_it_is_told_nothing(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id, world.college_support)
    _take_back(world, sent.record_id)
    assert OWNER not in world.open(sent.transfer_id, world.college_support).openings


def test_a_team_reads_that_it_was_withdrawn_until_there_is_another_answer(
    world: World, sent: SentRecord
) -> None:
    def told() -> str:
        (row,) = inbox(db=world.db, actor=world.college_safeguarding)
        return row.answer

    answer(world, {sent.record_id: "yes"})
    assert told() == "yes"
    _take_back(world, sent.record_id)
    assert told() == "withdrawn"
    assert answer(world, {sent.record_id: "yes"}).done == (sent.record_id,)
    assert told() == "yes"
    world.open(sent.transfer_id, world.college_safeguarding)
    _take_back(world, sent.record_id)
    assert told() == "withdrawn"
    assert answer(world, {sent.record_id: "yes"}).done == (sent.record_id,)
    assert told() == "yes"


def test_the_school_reads_taken_back_and_answers_anew(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    assert recent(db=world.db, actor=world.safeguarding_lead) == {sent.record_id}
    _take_back(world, sent.record_id)
    row = _row(world)
    assert row.safeguarding_taken_back is not None
    assert (row.safeguarding_released, row.safeguarding_doubtful, row.uncertain) == (False, False, False)
    newest = track(db=world.db, actor=world.senco, record_id=sent.record_id).versions[0]
    assert (newest.owner, newest.number, newest.withdraws, newest.signed) == (OWNER, 2, True, True)
    draft = open_draft(db=world.db, actor=world.safeguarding_lead, record_id=sent.record_id, owner=OWNER)
    assert draft.answers["safeguarding"]["file_exists"] == "yes", "what was written stays"
    assert to_follow(db=world.db, actor=world.safeguarding_lead) == (), "a withdrawal follows to nobody"
    assert answer(world, {sent.record_id: "yes"}).done == (sent.record_id,)
    row = _row(world)
    assert (row.safeguarding_released, row.safeguarding_taken_back) == (True, None)
    received = world.open(sent.transfer_id, world.college_safeguarding)
    assert received.openings[OWNER].revision.number == 3
    assert received.openings[OWNER].withdraws is None


def test_an_earlier_version_speaks_against_nothing_and_a_later_answer_is_taken_back_too(
    world: World, sent: SentRecord
) -> None:
    answer(world, {sent.record_id: "not_disclosed"})
    _take_back(world, sent.record_id)
    world.save(sent.record_id, {"safeguarding": LEAD}, owner=OWNER)
    assert answer(world, {sent.record_id: "no"}).done == (sent.record_id,)
    _take_back(world, sent.record_id)
    assert answer_is_gone(world, sent.record_id)


def answer_is_gone(world: World, record_id: UUID) -> bool:
    with pytest.raises(Refused, match="nothing to take back"):
        answer_of(db=world.db, actor=world.safeguarding_lead, record_id=record_id)
    return True


def test_the_council_has_it_as_still_to_be_answered(world: World, sent: SentRecord) -> None:
    def turns() -> set[str]:
        return {turn.words for turn in only(world).turns}

    waits = "School’s safeguarding team to send its part"
    assert waits in turns()
    answer(world, {sent.record_id: "no"})
    world.open(sent.transfer_id, world.college_safeguarding)
    assert waits not in turns()
    _take_back(world, sent.record_id)
    assert waits in turns()


def test_grants_parts_and_the_receipts_of_whoever_had_not_reached_it_are_gone(
    world: World, sent: SentRecord
) -> None:
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id, world.college_safeguarding)
    _take_back(world, sent.record_id)
    with world.db.read() as session:
        first = session.scalar(select(Revision.id).where(Revision.owner == OWNER, Revision.number == 1))
        grants = session.scalars(
            select(Grant).where(Grant.revision_id == first, Grant.transfer_id.is_not(None))
        ).all()
        assert grants
        assert all(grant.keyring is None and grant.withdrawn_at for grant in grants)
        of_transfer = select(Part.id).where(Part.revision_id == first, Part.transfer_id.is_not(None))
        assert session.scalars(of_transfer).all() == []
        (event,) = session.scalars(select(Event.body).where(Event.body.contains("safeguarding.taken_back")))
    about = json.loads(event)["about"]
    assert (about["record"], about["number"], about["providers"]) == (str(sent.record_id), 2, 1)
    (delivered,) = track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    of_first = [receipt for receipt in delivered.receipts if (receipt.owner, receipt.number) == (OWNER, 1)]
    assert [receipt.team for receipt in of_first] == ["Safeguarding"]
    assert not delivered.doubtful


def test_after_a_day_it_stays(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    seen = answer_of(db=world.db, actor=world.safeguarding_lead, record_id=sent.record_id).seen
    later = datetime.now(UTC) + timedelta(hours=24, minutes=1)
    with pytest.raises(Refused, match="more than a day ago"):
        _take_back(world, sent.record_id, seen=seen, now=later)
    assert recent(db=world.db, actor=world.safeguarding_lead, now=later) == frozenset()
    assert _row(world).safeguarding_released


def test_what_changed_since_the_page_is_read_again(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    seen = answer_of(db=world.db, actor=world.safeguarding_lead, record_id=sent.record_id).seen
    world.open(sent.transfer_id, world.college_safeguarding)
    with pytest.raises(Refused, match="has changed since this page was opened"):
        _take_back(world, sent.record_id, seen=seen)
    assert _row(world).safeguarding_released


def test_whom_to_ring_is_required(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    with pytest.raises(Refused) as refused:
        _take_back(world, sent.record_id, lead={"lead_name": "", "lead_phone": "12"})
    assert set(refused.value.fields) == {"lead_name", "lead_phone"}
