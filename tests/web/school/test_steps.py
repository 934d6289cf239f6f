"""What a long job's steps hand on."""

from __future__ import annotations

from uuid import UUID, uuid4

from tests.exchange.world import World
from transition_exchange.exchange.steps import Left, Step
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.web.school.steps import left_alone, notes_after, total_of

FIRST, SECOND = UUID(int=1), UUID(int=2)


def test_each_step_adds_to_the_notes_of_those_before() -> None:
    step = Step(done=(), left=(Left(SECOND, "Changed just now | open it"),), remaining=())
    assert notes_after(step, [f"{FIRST}|Not complete"]) == [
        f"{FIRST}|Not complete",
        f"{SECOND}|Changed just now | open it",
    ]


def test_who_was_left_alone_is_named_if_they_are_on_the_list(world: World) -> None:
    record_id, stranger = world.add("Amina", "Khan"), uuid4()
    rows = learners(db=world.db, actor=world.senco)
    notes = [f"{record_id}|Not complete | look", f"{stranger}|Gone", "made up"]
    assert left_alone(notes, rows) == [
        (str(record_id), "Amina Khan", "Not complete | look"),
        ("", "", "Gone"),
        ("", "", ""),
    ]
    assert left_alone(notes[1:2], rows, [f"{stranger}|Ben Stone"]) == [("", "Ben Stone", "Gone")]


def test_a_total_is_never_less_than_the_learners_that_the_form_names() -> None:
    assert total_of(0, notes=[], record_ids=[FIRST, SECOND]) == 2, "before the first step"
    assert total_of(7, notes=["a"], record_ids=[FIRST]) == 7
    assert total_of(1, notes=["a", "b"], record_ids=[FIRST]) == 3
