"""An answered question and one that waits are marks of their own on a list."""

from __future__ import annotations

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.queries.asking import ask, close, reply
from transition_exchange.exchange.queries.on_lists import answers_told_apart, open_questions
from transition_exchange.exchange.receiving.inbox import inbox


def _marks(world: World) -> list[tuple[str, ...]]:
    actor = world.college_support
    questions = open_questions(db=world.db, actor=actor, teams=actor.teams)
    return [row.marks for row in answers_told_apart(inbox(db=world.db, actor=actor), questions)]


def test_what_is_answered_counts_as_answered_until_it_is_closed(world: World, sent: SentRecord) -> None:
    actor = world.college_support
    world.open(sent.transfer_id)
    assert _marks(world) == [("opened",)]
    first = ask(db=world.db, actor=actor, transfer_id=sent.transfer_id, text="Which bus?")
    assert _marks(world) == [("queried", "opened")]
    reply(db=world.db, actor=world.senco, query_id=first, text="The 22.")
    assert _marks(world) == [("answered", "opened")]
    second = ask(db=world.db, actor=actor, transfer_id=sent.transfer_id, text="Which stop?")
    assert _marks(world) == [("answered", "queried", "opened")]
    reply(db=world.db, actor=actor, query_id=first, text="From where?")
    assert _marks(world) == [("queried", "opened")], "the team has said more, and waits again"
    for question in (first, second):
        close(db=world.db, actor=actor, query_id=question)
    assert _marks(world) == [("opened",)]


def test_an_answer_comes_before_what_was_only_opened(world: World) -> None:
    first, second = world.sent("Amina", "First"), world.sent("Amina", "Second")
    for sent in (first, second):
        world.open(sent.transfer_id)
    question = ask(db=world.db, actor=world.college_support, transfer_id=first.transfer_id, text="Bus?")
    reply(db=world.db, actor=world.senco, query_id=question, text="The 22.")
    actor = world.college_support
    rows = answers_told_apart(
        inbox(db=world.db, actor=actor), open_questions(db=world.db, actor=actor, teams=actor.teams)
    )
    assert [row.content["legal_surname"] for row in rows] == ["First", "Second"]
