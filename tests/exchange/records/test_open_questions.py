"""A question concerns the owner to whom it was asked, until that owner has answered."""

from __future__ import annotations

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.records.open_questions import state_for, waiting_for
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.learner_list import learners


def _states(world: World, sent: SentRecord) -> tuple[str, str]:
    """What the transition team reads, on its list and on the page of the record."""
    (row,) = learners(db=world.db, actor=world.senco)
    (delivered,) = track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    assert row.transfers == (delivered.state,)
    with world.db.read() as session:
        asked = waiting_for(session, school_id=world.school.id, owner="transition")
    return delivered.state, state_for("queried", sent.transfer_id, asked)


def test_a_question_to_the_safeguarding_team_shows_to_nobody_else(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id, world.college_safeguarding)
    asking.ask(
        db=world.db,
        actor=world.college_safeguarding,
        transfer_id=sent.transfer_id,
        text="Is there a file?",
        owner="school_safeguarding",
    )
    assert _states(world, sent) == ("received", "received")
    (row,) = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert row.transfers == ("queried",)


def test_a_question_waits_for_the_school_until_it_has_answered(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    query_id = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=sent.transfer_id,
        text="What helps?",
        owner="transition",
    )
    assert _states(world, sent) == ("queried", "queried")
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="A plan for the day")
    assert _states(world, sent) == ("received", "received")
