"""The safeguarding team's answers for many learners at a time."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.exchange.safeguarding_answers import LEAD, answer, answer_with, confirmed
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.sending.safeguarding_marks import CHANGED, ELSE, SINCE
from transition_exchange.exchange.sending.safeguarding_written import FILE_EXISTS, OWNER, Mark
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.exchange.writing.opening import open_draft

MARKS: tuple[Mark, ...] = ("file", "nothing", "ring")


def _written(world: World, record_id: UUID) -> dict[str, object]:
    draft = open_draft(db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner=OWNER)
    return dict(draft.answers["safeguarding"])


def _released(world: World) -> set[UUID]:
    rows = learners(db=world.db, actor=world.safeguarding_lead, purpose=OWNER)
    return {row.record_id for row in rows if row.safeguarding_released}


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_written_released_and_read_by_the_safeguarding_team(world: World, mark: Mark) -> None:
    sent = world.sent()
    assert answer(world, {sent.record_id: mark}).done == (sent.record_id,)
    assert _written(world, sent.record_id) == {**LEAD, "file_exists": FILE_EXISTS[mark]}
    received = world.open(sent.transfer_id, world.college_safeguarding)
    assert received.answers["safeguarding"] == {**LEAD, "file_exists": FILE_EXISTS[mark]}
    named = {gap["question"] for gap in received.missing}
    assert ("safeguarding.route" in named) == (mark == "file"), (
        "what is missing is named, and holds nothing up"
    )


def test_a_few_at_a_time_in_the_order_of_their_ids(world: World) -> None:
    ids = sorted(world.add(surname=f"Learner{number}") for number in range(5))
    chosen: tuple[Mark, ...] = ("nothing", "file", "ring", "nothing", "file")
    marks = dict(zip(reversed(ids), chosen, strict=True))
    first = answer(world, marks, limit=2)
    assert (first.done, first.left, first.remaining) == (tuple(ids[:2]), (), tuple(ids[2:]))
    assert _released(world) == set(ids[:2])


def test_a_step_sent_twice_does_no_harm(world: World) -> None:
    marks: dict[UUID, Mark] = {world.add(surname=mark): mark for mark in MARKS}
    page = confirmed(world, marks)
    answer_with(world, page)
    again = answer_with(world, page)
    assert (set(again.done), again.left) == (set(marks), ())
    for record_id in marks:
        assert len(track(db=world.db, actor=world.senco, record_id=record_id).versions) == 1


def test_a_step_that_was_interrupted_is_carried_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    marks: dict[UUID, Mark] = {world.add(surname=mark): mark for mark in MARKS}
    page = confirmed(world, marks)
    with monkeypatch.context() as cut:
        cut.setattr("transition_exchange.exchange.sending.safeguarding_marks.store_prepared", _cut_off)
        with pytest.raises(ConnectionError):
            answer_with(world, page)
    assert not _released(world)
    step = answer_with(world, page)
    assert (set(step.done), step.left) == (set(marks), ())


def _cut_off(**_: object) -> None:
    raise ConnectionError


def test_nothing_is_never_written_over_something(world: World) -> None:
    with_file, with_safety, with_justice = world.add(), world.add("Ben"), world.add("Cara")
    world.save(with_file, {"safeguarding": {"file_exists": "yes"}}, owner=OWNER)
    world.save(with_safety, {"day_one_safety": {"information": "Ask at the gate"}}, owner=OWNER)
    world.save(with_justice, {"safeguarding": {"youth_justice": True}}, owner=OWNER)
    step = answer(world, dict.fromkeys((with_file, with_safety, with_justice), "nothing"))
    assert {left.why for left in step.left} == {ELSE}
    assert step.done == ()
    assert not _released(world)


def test_a_file_leaves_the_rest_of_the_form_as_it_is(world: World) -> None:
    record_id = world.add()
    before = {"file_exists": "yes", "route": "by_hand", "lead_name": "Kim Other"}
    world.save(record_id, {"safeguarding": before}, owner=OWNER)
    answer(world, {record_id: "file"})
    assert _written(world, record_id) == {**before, "lead_phone": LEAD["lead_phone"]}


def test_nothing_else_is_sent_than_what_was_confirmed(world: World) -> None:
    amina, ben = world.add(), world.add("Ben", "Stone")
    page = confirmed(world, {amina: "nothing", ben: "file"})
    swapped = [replace(page[0], seen=page[1].seen), replace(page[1], mark="ring")]
    step = answer_with(world, swapped)
    assert {left.why for left in step.left} == {CHANGED}
    assert not _released(world)


def test_what_a_colleague_wrote_meanwhile_is_noticed(world: World) -> None:
    amina, ben = world.add(), world.add("Ben", "Stone")
    page = confirmed(world, {amina: "nothing", ben: "nothing"})
    world.save(amina, {"safeguarding": {"youth_justice": True}}, owner=OWNER)
    world.save(ben, {"safeguarding": {"file_exists": "yes"}}, owner=OWNER)
    world.send(ben, owner=OWNER)
    step = answer_with(world, page)
    assert {left.record_id: left.why for left in step.left} == {amina: CHANGED, ben: SINCE}


def test_only_the_safeguarding_team_answers_and_only_for_its_own_learners(world: World) -> None:
    mine, theirs = world.add(), world.add(actor=world.other_senco)
    (page,) = confirmed(world, {mine: "file"})
    with pytest.raises(NotAllowed):
        answer_with(world, [page], actor=world.senco)
    with pytest.raises(NotFound):
        answer_with(world, [replace(page, record_id=theirs)])
