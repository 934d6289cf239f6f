"""A version is sent, and no more, until somebody opens that version."""

from __future__ import annotations

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.records.opened_versions import state_of_newest, unopened
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store.models import Record


def _state(world: World, sent: SentRecord) -> str:
    """What the transition team reads, on its list and on the page of the record."""
    (row,) = learners(db=world.db, actor=world.senco)
    (delivered,) = track(db=world.db, actor=world.senco, record_id=sent.record_id).delivered
    assert row.transfers == (delivered.state,)
    return delivered.state


def _change(world: World, sent: SentRecord, name: str) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": name}})
    world.send(sent.record_id)


def test_a_new_version_is_not_opened_because_the_one_before_was(world: World, sent: SentRecord) -> None:
    assert _state(world, sent) == "sent"
    world.open(sent.transfer_id)
    assert _state(world, sent) == "received"
    _change(world, sent, "Mina")
    assert _state(world, sent) == "sent"
    world.open(sent.transfer_id, world.college_exams)
    assert _state(world, sent) == "received", "one team has opened the new one"


def test_one_that_everybody_had_acknowledged_is_sent_again(world: World, sent: SentRecord) -> None:
    for actor in (
        world.college_admissions,
        world.college_support,
        world.college_safeguarding,
        world.college_exams,
    ):
        world.open(sent.transfer_id, actor)
        acknowledge(db=world.db, actor=actor, transfer_ids=[sent.transfer_id])
    assert _state(world, sent) == "acknowledged"
    _change(world, sent, "Mina")
    assert _state(world, sent) == "sent"


def test_what_the_safeguarding_team_sends_later_makes_nothing_of_the_others_unopened(
    world: World, sent: SentRecord
) -> None:
    world.open(sent.transfer_id)
    world.send(sent.record_id, owner="school_safeguarding")
    assert _state(world, sent) == "received"
    (row,) = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert row.transfers == ("sent",), "nobody has opened its own part"
    (delivered,) = track(db=world.db, actor=world.safeguarding_lead, record_id=sent.record_id).delivered
    assert delivered.state == "sent"


def test_only_one_that_was_opened_before_is_called_sent_again(world: World, sent: SentRecord) -> None:
    with world.db.read() as session:
        of_school = Record.organisation_id == world.school.id
        found = unopened(session, of_school, owner="transition")
        assert found == {sent.transfer_id}
        assert not unopened(session, of_school, owner="school_safeguarding"), "it has sent nothing"
    assert state_of_newest("received", sent.transfer_id, found) == "sent"
    assert state_of_newest("received", sent.transfer_id, frozenset()) == "received"
    for state in ("sent", "queried", "acknowledged", "recalled"):
        assert state_of_newest(state, sent.transfer_id, found) == state
