"""Work on many records in steps: each ends up done, left alone or still to do, and a step repeated does no harm."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.sending import safeguarding_releases
from transition_exchange.exchange.steps import Left, Step, take
from transition_exchange.exchange.writing import year_group

NO_OBJECTION: Answers = {"objection": {"objection": "none"}}
LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121"}


def _fill(world: World, record_ids: tuple[UUID, ...], limit: int) -> Step:
    return year_group.step(
        db=world.db, actor=world.senco, record_ids=record_ids, answers=NO_OBJECTION, limit=limit
    )


def _release(world: World, record_ids: tuple[UUID, ...], limit: int) -> Step:
    return safeguarding_releases.step(
        db=world.db,
        actor=world.safeguarding_lead,
        renderer=world.renderer,
        work="answer",
        record_ids=record_ids,
        marks=dict.fromkeys(record_ids, "no"),
        lead=LEAD,
        limit=limit,
        today=world.today,
    )


@pytest.mark.parametrize("work", [_fill, _release])
def test_walking_step_by_step_takes_every_record_once_and_in_order(world: World, work: object) -> None:
    assert callable(work)
    ids = tuple(world.add(surname=f"Learner{number}") for number in range(5))
    done: list[UUID] = []
    remaining, steps = ids, 0
    while remaining:
        step: Step = work(world, remaining, 2)
        assert step.remaining == remaining[2:]
        done += step.done
        remaining, steps = step.remaining, steps + 1
    assert (tuple(done), steps) == (ids, 3)
    assert work(world, ids, 5).done == ids, "the same again is done already"


def test_what_was_left_alone_says_why_and_keeps_nobody_waiting(world: World) -> None:
    first, second = world.add(), world.add("Ben")
    world.save(first, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    step = _release(world, (first, second), 2)
    assert (step.done, step.remaining) == ((second,), ())
    assert step.left == (
        Left(first, "You have already answered “There is a file” here. Open it and check it."),
    )


def test_a_step_over_nothing_does_nothing(world: World) -> None:
    assert _fill(world, (), 5) == Step(done=(), left=(), remaining=())


def test_one_record_that_is_skipped_keeps_none_of_the_others_back() -> None:
    first, second, third, fourth = (uuid4() for _ in range(4))
    step = take(
        [first, second, third, fourth],
        limit=3,
        act=lambda record_id: "It is not complete." if record_id == second else "",
    )
    assert step == Step(done=(first, third), left=(Left(second, "It is not complete."),), remaining=(fourth,))
