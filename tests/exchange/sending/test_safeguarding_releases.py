"""The safeguarding team's sections, released for many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from tests.exchange.typing_in import type_in
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.sending import safeguarding_releases
from transition_exchange.exchange.sending.safeguarding_releases import Mark
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.steps import Step
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.exchange.writing.opening import open_draft

LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121"}


def _step(
    world: World, ids: Sequence[UUID], *, mark: Mark = "no", follow: bool = False, limit: int = 5
) -> Step:
    return safeguarding_releases.step(
        db=world.db,
        actor=world.safeguarding_lead,
        renderer=world.renderer,
        work="follow" if follow else "answer",
        record_ids=ids,
        marks=dict.fromkeys(ids, mark),
        lead=LEAD,
        limit=limit,
        today=world.today,
    )


def test_nothing_to_pass_on_is_written_and_released_a_few_at_a_time(world: World) -> None:
    ids = tuple(world.add(surname=f"Learner{number}") for number in range(5))
    first = _step(world, ids, limit=2)
    assert (first.done, first.left, first.remaining) == (ids[:2], (), ids[2:])
    rows = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert {row.record_id for row in rows if row.safeguarding_released} == set(ids[:2])
    draft = open_draft(
        db=world.db, actor=world.safeguarding_lead, record_id=ids[0], owner="school_safeguarding"
    )
    assert draft.answers["safeguarding"]["file_exists"] == "no"
    assert draft.report(world.today).complete


def test_a_step_sent_twice_does_no_harm(world: World) -> None:
    ids = (world.add(),)
    _step(world, ids)
    again = _step(world, ids)
    assert (again.done, again.left) == (ids, ())
    assert len(track(db=world.db, actor=world.senco, record_id=ids[0]).versions) == 1


def test_whoever_has_something_written_is_left_alone(world: World) -> None:
    with_file, with_safety, with_justice = world.add(), world.add("Ben"), world.add("Cara")
    world.save(with_file, {"safeguarding": {"file_exists": "yes"}}, owner="school_safeguarding")
    world.save(
        with_safety, {"day_one_safety": {"information": "Ask at the gate"}}, owner="school_safeguarding"
    )
    world.save(with_justice, {"safeguarding": {"youth_justice": True}}, owner="school_safeguarding")
    step = _step(world, (with_file, with_safety, with_justice))
    assert {left.record_id: left.why for left in step.left} == {
        with_file: "You have already answered “There is a file” here. Open it and check it.",
        with_safety: "You have already written something under “What must the next place know to keep everybody safe "
        "on the first day?” here. Open it and check it.",
        with_justice: "You have already written something under “Is the youth justice service "
        "involved?” here. Open it and check it.",
    }
    assert step.done == ()


def test_what_a_colleague_has_written_is_the_teams(world: World) -> None:
    world.person("colleague", "Ashdown School", "Safeguarding team")
    record_id = world.add()
    world.save(
        record_id,
        {"safeguarding": {"file_exists": "yes"}},
        owner="school_safeguarding",
        actor=world.colleague,
    )
    (left,) = _step(world, (record_id,), mark="not_disclosed").left
    assert left.why == "Your team has already answered “There is a file” here. Open it and check it."


@pytest.mark.parametrize("mark", ["no", "yes", "not_disclosed"])
def test_whoever_has_something_typed_that_is_not_saved_is_left_alone(world: World, mark: Mark) -> None:
    """It was typed for somebody to read. "Nothing to pass on" over it would be false."""
    record_id = world.sent().record_id
    type_in(
        world,
        record_id,
        actor=world.safeguarding_lead,
        owner="school_safeguarding",
        day_one_safety={"information": "Ask at the gate\x01"},
    )
    step = _step(world, (record_id,), mark=mark)
    assert [(left.record_id, left.why) for left in step.left] == [
        (record_id, safeguarding_releases.NOT_SAVED)
    ]
    assert [
        version.owner for version in track(db=world.db, actor=world.senco, record_id=record_id).versions
    ] == ["transition"]
    draft = open_draft(
        db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner="school_safeguarding"
    )
    assert draft.answers["safeguarding"] == {}, "the mark is not written either"
    assert draft.resting.answers.keys() == {"day_one_safety.information"}


@pytest.mark.parametrize(
    ("mark", "written"), [("yes", "no"), ("no", "not_disclosed"), ("not_disclosed", "yes")]
)
def test_whoever_is_answered_otherwise_is_left_alone(world: World, mark: Mark, written: str) -> None:
    record_id = world.add()
    world.save(record_id, {"safeguarding": {"file_exists": written}}, owner="school_safeguarding")
    step = _step(world, (record_id,), mark=mark)
    assert [left.record_id for left in step.left] == [record_id]
    assert track(db=world.db, actor=world.senco, record_id=record_id).versions == ()


def test_a_file_goes_with_what_is_written_and_with_what_is_missing(world: World) -> None:
    record_id = world.sent().record_id
    world.save(record_id, {"safeguarding": {"route": "by_hand"}}, owner="school_safeguarding")
    assert _step(world, (record_id,), mark="yes").done == (record_id,)
    received = open_transfer(
        db=world.db, actor=world.college_safeguarding, transfer_id=world.transfer_of(record_id)
    )
    assert received.answers["safeguarding"] == {"file_exists": "yes", "route": "by_hand", **LEAD}


def test_nobody_is_answered_for_who_is_not_marked(world: World) -> None:
    with pytest.raises(NotFound):
        safeguarding_releases.step(
            db=world.db,
            actor=world.safeguarding_lead,
            renderer=world.renderer,
            work="answer",
            record_ids=[world.add()],
            lead=LEAD,
        )


def test_they_follow_to_a_provider_that_got_its_pack_meanwhile(world: World) -> None:
    record_id = world.add()
    _step(world, (record_id,))
    assert safeguarding_releases.to_follow(db=world.db, actor=world.safeguarding_lead) == ()
    world.fill(record_id)
    world.send(record_id)
    assert safeguarding_releases.to_follow(db=world.db, actor=world.safeguarding_lead) == (record_id,)
    assert _step(world, (record_id,), follow=True).done == (record_id,)
    assert safeguarding_releases.to_follow(db=world.db, actor=world.safeguarding_lead) == ()
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    received = open_transfer(db=world.db, actor=world.college_safeguarding, transfer_id=sent.transfer_id)
    assert received.answers["safeguarding"]["file_exists"] == "no"


def test_a_changed_draft_is_never_sent_along_unseen(world: World) -> None:
    record_id = world.add()
    _step(world, (record_id,))
    world.fill(record_id)
    world.send(record_id)
    draft = open_draft(
        db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner="school_safeguarding"
    )
    changed = {**draft.answers["safeguarding"], "file_exists": "not_disclosed"}
    world.save(record_id, {"safeguarding": changed}, owner="school_safeguarding")
    assert "changed since" in _step(world, (record_id,), follow=True).left[0].why


def test_only_the_safeguarding_team_does_it_and_only_for_its_own_learners(world: World) -> None:
    mine, theirs = world.add(), world.add(actor=world.other_senco)
    with pytest.raises(NotAllowed):
        safeguarding_releases.step(
            db=world.db, actor=world.senco, renderer=world.renderer, work="follow", record_ids=[mine]
        )
    with pytest.raises(NotFound):
        _step(world, (theirs,))
