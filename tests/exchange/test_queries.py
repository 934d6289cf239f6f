"""Questions: asked by a receiving team, read and answered by whoever wrote the section, closed by the asker."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.records.names import name_of
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.store.models import QueryMessage


def _sent(world: World) -> tuple[UUID, UUID]:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    return record_id, sent.transfer_id


def test_a_question_and_its_answer_are_read_on_both_sides(world: World) -> None:
    record_id, transfer_id = _sent(world)
    query_id = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=transfer_id,
        text="Which bus?",
        section="transport",
    )
    [asked] = asking.queries(db=world.db, actor=world.senco, record_id=record_id)
    assert (asked.section, asked.other, asked.messages[0].text) == (
        "transport",
        "Northway College",
        "Which bus?",
    )
    assert name_of(db=world.db, actor=world.senco, record_id=asked.record_id) == "Amina Khan"
    assert asking.waiting([asked]) == [asked]
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")
    [answered] = asking.queries(db=world.db, actor=world.college_support)
    assert [message.text for message in answered.messages] == ["Which bus?", "The 22."]
    [track_state] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert track_state.state == "queried"
    asking.close(db=world.db, actor=world.college_support, query_id=query_id)
    [closed] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert closed.state == "received"


def test_a_question_to_the_safeguarding_team_is_read_by_it_alone(world: World) -> None:
    _, transfer_id = _sent(world)
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=transfer_id,
        text="Who do we ring?",
        owner="safeguarding",
    )
    assert asking.queries(db=world.db, actor=world.senco) == []
    [asked] = asking.queries(db=world.db, actor=world.safeguarding_lead)
    assert asked.messages[0].text == "Who do we ring?"


def test_nobody_else_reads_or_answers(world: World) -> None:
    _, transfer_id = _sent(world)
    query_id = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=transfer_id, text="Which bus?"
    )
    for actor in (world.other_senco, world.safeguarding_lead, world.college_exams, world.coach):
        assert asking.queries(db=world.db, actor=actor) == []
        with pytest.raises(NotFound):
            asking.reply(db=world.db, actor=actor, query_id=query_id, text="Me too")
    with world.db.read() as session:
        [message] = session.scalars(select(QueryMessage))
        assert b"Which bus" not in message.sealed


@pytest.mark.parametrize("text", ["", "   ", "a" * 4001])
def test_an_empty_or_endless_message_is_refused_at_its_field(world: World, text: str) -> None:
    _, transfer_id = _sent(world)
    with pytest.raises(Refused) as caught:
        asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text=text)
    assert caught.value.fields["text"]
