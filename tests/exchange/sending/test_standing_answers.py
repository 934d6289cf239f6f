"""What the safeguarding team can still take back: by what it signed, for its own school, within a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.lost_transfers import without_row
from tests.exchange.safeguarding_answers import LEAD, answer
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.safeguarding_releases import OWNER
from transition_exchange.exchange.sending.standing_answers import answer_of, recent
from transition_exchange.store.models import Revision, Transfer


def test_it_names_the_version_whom_it_tells_to_ring_and_who_has_opened_it(
    world: World, sent: SentRecord
) -> None:
    answer(world, {sent.record_id: "yes"})
    lead = world.safeguarding_lead
    assert recent(db=world.db, actor=lead) == {sent.record_id}
    before = answer_of(db=world.db, actor=lead, record_id=sent.record_id)
    assert (before.number, before.lead, before.teams, before.day_one) == (1, LEAD, (), False)
    world.open(sent.transfer_id, world.college_safeguarding)
    after = answer_of(db=world.db, actor=lead, record_id=sent.record_id)
    assert after.teams == ("Safeguarding at Northway College",)
    assert after.seen != before.seen


def test_a_row_that_says_it_was_released_today_does_not_help(world: World, sent: SentRecord) -> None:
    """The time is the one that was signed."""
    answer(world, {sent.record_id: "yes"})
    later = datetime.now(UTC) + timedelta(days=3)
    with world.db.write() as session:
        for revision in session.scalars(select(Revision).where(Revision.owner == OWNER, Revision.number > 0)):
            revision.released_at = later
    with pytest.raises(Refused, match="more than a day ago"):
        answer_of(db=world.db, actor=world.safeguarding_lead, record_id=sent.record_id, now=later)


def test_only_the_safeguarding_team_of_the_school_takes_back(world: World, sent: SentRecord) -> None:
    answer(world, {sent.record_id: "yes"})
    with pytest.raises(NotAllowed):
        answer_of(db=world.db, actor=world.senco, record_id=sent.record_id)
    with pytest.raises(NotFound):
        answer_of(db=world.db, actor=world.safeguarding_lead, record_id=world.add(actor=world.other_senco))


def test_it_knows_whether_any_place_has_the_record(world: World, sent: SentRecord) -> None:
    ben, cara = world.add("Ben", "Stone"), world.sent("Cara", "Dale")
    answer(world, {sent.record_id: "yes", ben: "yes", cara.record_id: "yes"})
    recall(db=world.db, actor=world.senco, record_id=cara.record_id, transfer_id=cara.transfer_id)

    def anywhere(record_id: UUID) -> bool:
        return answer_of(db=world.db, actor=world.safeguarding_lead, record_id=record_id).anywhere

    assert [anywhere(one) for one in (sent.record_id, ben, cara.record_id)] == [True, False, False]
    without_row(world, sent)
    assert anywhere(sent.record_id), "the row is gone, and what the school signed still tells"


@pytest.mark.parametrize("state", ["recalled", "sent"])
def test_the_row_of_a_transfer_hides_nobody_who_has_read_it(
    world: World, sent: SentRecord, state: str
) -> None:
    answer(world, {sent.record_id: "yes"})
    world.open(sent.transfer_id, world.college_safeguarding)
    with world.db.write() as session:
        session.get_one(Transfer, sent.transfer_id).state = state
    found = answer_of(db=world.db, actor=world.safeguarding_lead, record_id=sent.record_id)
    assert found.teams == ("Safeguarding at Northway College",)
