"""Somebody takes away what says where a record was sent. The safeguarding team's part then goes there to nobody.

Whoever releases it is told so, and which provider it is.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.exchange.lost_transfers import LOSSES, Loss, moved, moved_and_without_statement, without_statement
from tests.exchange.recalls import forge, row_of, shown, write
from tests.exchange.walks.test_tampering_with_transfers import change_draft, granted
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.sending import safeguarding_releases
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.states import DISPUTED
from transition_exchange.exchange.steps import Step
from transition_exchange.exchange.writing.learner_list import LearnerRow, learners
from transition_exchange.store.models import Event, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

COLLEGE = "Northway College"
SAFEGUARDING = "school_safeguarding"


def _nothing(world: World, *sent: SentRecord) -> Step:
    return safeguarding_releases.step(
        db=world.db,
        actor=world.safeguarding_lead,
        renderer=world.renderer,
        work="nothing",
        record_ids=[one.record_id for one in sent],
        lead={"lead_name": "Sam Lead", "lead_phone": "01709 382121"},
        today=world.today,
    )


def _row(world: World, sent: SentRecord, purpose: str = SAFEGUARDING) -> LearnerRow:
    actor = world.safeguarding_lead if purpose == SAFEGUARDING else world.senco
    rows = learners(db=world.db, actor=actor, purpose=purpose)
    return next(row for row in rows if row.record_id == sent.record_id)


@pytest.mark.parametrize("lose", [*LOSSES, moved])
def test_a_release_that_reaches_nobody_names_the_provider(world: World, sent: SentRecord, lose: Loss) -> None:
    other = world.sent("Cara", "Khan")
    lose(world, sent)
    before = granted(world, COLLEGE)
    step = _nothing(world, sent, other)
    assert step.done == (other.record_id,), "only this one counts as released"
    (left,) = step.left
    assert f"Ask {COLLEGE} whether it has the record" in left.why
    assert "once your school’s transition team" in left.why
    with world.db.read() as session:
        of_other = select(Transfer.id).where(Transfer.record_id == other.record_id)
        assert list(session.scalars(of_other)) == [other.transfer_id]
    assert granted(world, COLLEGE) > before, "the other learner's part goes out"


@pytest.mark.parametrize("lose", [*LOSSES, moved])
def test_both_lists_call_it_not_certain(world: World, sent: SentRecord, lose: Loss) -> None:
    assert not _row(world, sent).uncertain
    lose(world, sent)
    for purpose in (SAFEGUARDING, "transition"):
        assert _row(world, sent, purpose).transfers == (DISPUTED,)
        assert _row(world, sent, purpose).uncertain


@pytest.mark.parametrize("lose", LOSSES)
def test_one_release_says_which_provider_did_not_get_it(world: World, sent: SentRecord, lose: Loss) -> None:
    lose(world, sent)
    planned = world.plan(sent.record_id, owner=SAFEGUARDING)
    assert (planned.providers, [place.name for place in planned.lost]) == ((), [COLLEGE])
    done = world.send(sent.record_id, owner=SAFEGUARDING)
    assert (done.providers, done.held_back) == ((), (COLLEGE,))


@pytest.mark.parametrize("lose", LOSSES)
def test_the_page_of_what_was_sent_names_the_provider_and_never_says_that_nobody_signed_it(
    world: World, sent: SentRecord, lose: Loss
) -> None:
    lose(world, sent)
    for actor in (world.senco, world.safeguarding_lead):
        (delivered,) = track(db=world.db, actor=actor, record_id=sent.record_id).delivered
        assert (delivered.provider, delivered.follows, delivered.state) == (COLLEGE, "lost", "sent")
        assert "is gone from the database or was changed" in delivered.dispute


def test_the_grants_alone_tell_it_where_the_event_is_gone(world: World, sent: SentRecord) -> None:
    without_statement(world, sent)
    with world.db.write() as session:
        session.execute(
            update(Event).where(Event.body.contains("record.sent")).values(body="{}", hash="0" * 64)
        )
    assert _row(world, sent).uncertain
    assert [place.name for place in world.plan(sent.record_id, owner=SAFEGUARDING).lost] == [COLLEGE]


@pytest.mark.parametrize("lose", LOSSES)
def test_sending_it_again_ends_the_doubt_and_the_part_follows(
    world: World, sent: SentRecord, lose: Loss
) -> None:
    world.open(sent.transfer_id)
    lose(world, sent)
    _nothing(world, sent)
    change_draft(world, sent.record_id)
    assert world.send(sent.record_id).providers == (COLLEGE,)
    assert not _row(world, sent).uncertain
    assert _nothing(world, sent).done == (sent.record_id,)
    assert world.open(world.transfer_of(sent.record_id), world.college_safeguarding).answers
    tracked = track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    assert {one.follows for one in tracked} <= {"", "replaced"}


def test_the_row_of_one_learner_that_names_another_is_no_sending_of_theirs(
    world: World, sent: SentRecord
) -> None:
    other = world.add("Ben", "Stone")
    write(world, sent, record_id=other)
    (delivered,) = track(db=world.db, actor=world.senco, record_id=other).delivered
    assert (delivered.follows, delivered.dispute) == ("another", "")


def test_what_was_really_taken_back_is_not_lost(world: World, sent: SentRecord) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    without_statement(world, sent)
    assert not _row(world, sent).uncertain
    delivered = shown(world, sent)
    assert (delivered.state, delivered.follows, delivered.dispute) == ("recalled", "recalled", "")
    assert world.plan(sent.record_id, owner=SAFEGUARDING).lost == ()


def test_an_event_without_grants_that_says_it_was_taken_back_ends_nothing(
    world: World, sent: SentRecord
) -> None:
    """Nobody took it back: the grants stand."""
    without_statement(world, sent)
    forge(world, sent)
    assert shown(world, sent).follows == "lost"


def test_the_whole_row_put_back_is_what_it_was(world: World, sent: SentRecord) -> None:
    whole = row_of(world, sent)
    moved_and_without_statement(world, sent)
    write(world, sent, **whole)
    assert (shown(world, sent).dispute, shown(world, sent).follows) == ("", "")
    assert not _row(world, sent).uncertain


def test_taking_it_back_without_a_statement_signs_nothing_and_withdraws_all(
    world: World, sent: SentRecord
) -> None:
    moved_and_without_statement(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    with world.db.read() as session:
        assert session.get_one(Transfer, sent.transfer_id).statement is None
    delivered = shown(world, sent)
    assert (delivered.provider, delivered.state, delivered.follows) == (COLLEGE, "recalled", "recalled")
