"""Somebody takes away what says where a record was sent. The safeguarding team's part then goes there to nobody.

Whoever releases it is told so, and which provider it is.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.exchange.lost_transfers import (
    LOSSES,
    Loss,
    moved,
    moved_and_without_statement,
    put_back,
    standing_grants,
    without_row,
    without_row_only,
    without_statement,
)
from tests.exchange.recalls import row_of, shown, write
from tests.exchange.safeguarding_answers import answer
from tests.exchange.walks.test_tampering_with_transfers import change_draft, granted
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.states import DISPUTED
from transition_exchange.exchange.steps import Step
from transition_exchange.exchange.writing.learner_list import LearnerRow, learners
from transition_exchange.store.models import Event, Grant, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

COLLEGE = "Northway College"
SAFEGUARDING = "school_safeguarding"


def _nothing(world: World, *sent: SentRecord) -> Step:
    return answer(world, {one.record_id: "nothing" for one in sent})


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


def test_what_was_really_taken_back_is_not_certain_without_what_was_signed(
    world: World, sent: SentRecord
) -> None:
    """Nothing tells it from one that was not: anybody who takes the statement out can append the event too."""
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert not _row(world, sent).uncertain
    without_statement(world, sent)
    assert _row(world, sent).uncertain
    assert shown(world, sent).follows == "lost"
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert not _row(world, sent).uncertain, "it can be signed once more"
    assert shown(world, sent).genuine


def test_the_whole_row_put_back_is_what_it_was(world: World, sent: SentRecord) -> None:
    whole = row_of(world, sent)
    moved_and_without_statement(world, sent)
    write(world, sent, **whole)
    assert (shown(world, sent).dispute, shown(world, sent).follows) == ("", "")
    assert not _row(world, sent).uncertain


def test_taking_it_back_without_a_statement_signs_it_for_whom_all_that_is_left_names(
    world: World, sent: SentRecord
) -> None:
    moved_and_without_statement(world, sent)
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    delivered = shown(world, sent)
    assert (delivered.provider, delivered.state, delivered.genuine) == (COLLEGE, "recalled", True)
    assert not _row(world, sent).uncertain
    assert standing_grants(world, sent) == 0


@pytest.mark.parametrize("lose", [without_statement, without_row, without_row_only])
def test_a_recall_reaches_the_older_transfer_that_was_sent_anew(
    world: World, sent: SentRecord, lose: Loss
) -> None:
    world.open(sent.transfer_id)
    whole = row_of(world, sent)
    lose(world, sent)
    world.send(sent.record_id)
    assert standing_grants(world, sent) == 0, "the other transfer stands in its place"
    newer = world.transfer_of(sent.record_id)
    reached = recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=newer)
    if lose is without_statement:
        assert [receipt.team for receipt in reached] == ["Learning support"], "by the older one"
    put_back(world, whole)
    for purpose in (SAFEGUARDING, "transition"):
        assert (_row(world, sent, purpose).transfers, _row(world, sent, purpose).uncertain) == ((), False)
    assert {
        one.state for one in track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    } == {"recalled"}
    before = granted(world, COLLEGE)
    assert _nothing(world, sent).done == (sent.record_id,)
    assert granted(world, COLLEGE) == before, "nobody has it, so the part goes to nobody"
    for actor in (world.college_support, world.college_safeguarding):
        with pytest.raises((NotFound, Tampered)):
            world.open(sent.transfer_id, actor)
    assert world.plan(sent.record_id).providers[0].state == "new"


def test_an_older_transfer_is_not_certain_where_the_one_that_was_taken_back_is_gone(
    world: World, sent: SentRecord
) -> None:
    whole = row_of(world, sent)
    without_row(world, sent)
    world.send(sent.record_id)
    newer = SentRecord(sent.record_id, world.transfer_of(sent.record_id))
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=newer.transfer_id)
    without_row(world, newer)
    put_back(world, whole)
    assert shown(world, sent).dispute.startswith("The log says that this was taken back on")
    for purpose in (SAFEGUARDING, "transition"):
        assert _row(world, sent, purpose).transfers == (DISPUTED,)
    before = granted(world, COLLEGE)
    (left,) = _nothing(world, sent).left
    assert "once your school’s transition team has decided" in left.why
    assert granted(world, COLLEGE) == before


def test_sending_anew_is_no_end_where_somebody_puts_grants_of_the_older_one_back(
    world: World, sent: SentRecord
) -> None:
    with world.db.read() as session:
        columns = [column.name for column in Grant.__table__.columns]
        grants = session.scalars(select(Grant).where(Grant.transfer_id == sent.transfer_id)).all()
        kept = [{name: getattr(grant, name) for name in columns} for grant in grants]
    without_statement(world, sent)
    world.send(sent.record_id)
    assert shown(world, sent).follows == "replaced"
    with world.db.write() as session:
        for row in kept:
            session.merge(Grant(**row))
    assert shown(world, sent).follows == "lost"
    assert _row(world, sent).uncertain
