"""The sample's work comes in pieces: one worker does them in their order, processes share them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.packs.child_processes import children
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area import answering, writing
from transition_exchange.sample.area.accounts import Area, people_of
from transition_exchange.sample.area.afterwards import SentNumber
from transition_exchange.sample.area.working import OneWorker, Plan, Worker, worker_processes
from transition_exchange.store.models import Record, Transfer


@pytest.fixture
def worker(plan: Plan, area: Area, renderer: Renderer) -> Worker:
    """A worker in this process."""
    return Worker.of(plan, area, renderer)


def _numbers(worker: Worker, *, ready: bool) -> list[int]:
    """Those of the plan's learners whose pack may go out, or may not."""
    return [number for number, learner in worker.learners.items() if writing.is_ready(learner) == ready]


@pytest.fixture
def sent(worker: Worker) -> list[SentNumber]:
    """Three learners whose packs went out."""
    sent = worker.do(("write", _numbers(worker, ready=True)[:6]))[:3]
    assert len(sent) == 3
    return sent


def test_a_worker_knows_the_learners_of_its_plan(plan: Plan, worker: Worker) -> None:
    assert len(worker.learners) == plan.count
    assert all(learner.number == number for number, learner in worker.learners.items())
    ids = set(plan.organisation_ids.values())
    rows = [row for learner in worker.learners.values() for row in learner.destinations]
    assert {row["organisation"] for row in rows if "organisation" in row} <= ids


def test_all_are_written_and_those_who_are_ready_are_sent(area: Area, worker: Worker) -> None:
    unready, ready = _numbers(worker, ready=False)[:2], _numbers(worker, ready=True)[:4]
    accepted = ready.pop()
    worker.learners[accepted] = replace(worker.learners[accepted], stage="nearly", flags=frozenset())
    sent = worker.do(("write", [*unready, accepted, *ready]))
    with area.db.read() as session:
        records = set(session.scalars(select(Record.id)))
        going = set(session.scalars(select(Transfer.record_id)))
    assert len(records) == 6
    assert {record_id for _, record_id in sent} == going <= records
    assert [number for number, _ in sent] == ready


def test_each_piece_goes_to_those_who_have_a_part_in_it(
    area: Area, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they do then is chance, and tested with the whole area."""
    done: list[tuple[str, str]] = []
    monkeypatch.setattr(answering, "receive", lambda _, actor: done.append(("receive", actor.name)))
    monkeypatch.setattr(answering, "reply", lambda _, key: done.append(("reply", key)))
    monkeypatch.setattr(answering, "close_answered", lambda _, actor: done.append(("close", actor.name)))
    for piece in (
        ("receive", "three_rivers"),
        ("reply", "grove"),
        ("close", "oakmere"),
        ("close", "council"),
    ):
        assert worker.do(piece) == []
    assert done == [
        *(("receive", person.name) for person in people_of("three_rivers")),
        ("reply", "grove"),
        *(("close", person.name) for person in people_of("oakmere")),
    ], "nobody at the council is in a team that could have asked"


def test_what_was_sent_is_put_right_and_taken_back(
    area: Area, worker: Worker, sent: list[SentNumber]
) -> None:
    number, record_id = sent[0]
    actor = writing.sender_of(area, worker.learners[number])
    assert worker.do(("afterwards", ("put_right", sent[0]))) == []
    assert _versions(area, worker, sent[0]) == [2, 1]
    assert worker.do(("afterwards", ("take_back", sent[0]))) == []
    states = [delivered.state for delivered in track(db=area.db, actor=actor, record_id=record_id).delivered]
    assert states == ["recalled"]
    assert _versions(area, worker, sent[1]) == [1], "of the others nothing"


def _versions(area: Area, worker: Worker, sent: SentNumber) -> list[int]:
    """The numbers of the versions of a record that the school sent, the newest first."""
    actor = writing.sender_of(area, worker.learners[sent[0]])
    tracked = track(db=area.db, actor=actor, record_id=sent[1])
    return [version.number for version in tracked.versions if version.owner == "transition"]


def test_a_piece_of_no_known_kind_is_a_mistake(worker: Worker) -> None:
    with pytest.raises(ValueError, match="No such piece of work: paint"):
        worker.do(("paint", "grove"))


def test_one_worker_does_the_pieces_in_their_order(worker: Worker) -> None:
    unready, ready = _numbers(worker, ready=False), _numbers(worker, ready=True)
    pieces = [("write", unready[:1]), ("write", ready[:1]), ("reply", "grove")]
    done: Iterator[list[SentNumber]] = OneWorker(worker).do_all(pieces)
    assert next(done) == []
    assert [number for number, _ in next(done)] == ready[:1]
    assert list(done) == [[]]


def test_processes_share_the_pieces_and_end_with_the_work(plan: Plan, area: Area, worker: Worker) -> None:
    ready, before = _numbers(worker, ready=True)[:2], children()
    with worker_processes(plan, 2) as workers:
        sent = [pack for packs in workers.do_all([("write", [number]) for number in ready]) for pack in packs]
        assert children() > before
    assert children() == before
    assert sorted(number for number, _ in sent) == sorted(ready)
    with area.db.read() as session:
        going: set[UUID] = set(session.scalars(select(Transfer.record_id)))
    assert {record_id for _, record_id in sent} == going


def test_whoever_ends_the_work_does_not_wait_for_what_was_begun(
    plan: Plan, area: Area, worker: Worker
) -> None:
    """A process is in the middle of one piece, and holds the next one already."""
    first, *rest = _numbers(worker, ready=True)
    before = children()

    def work() -> None:
        with worker_processes(plan, 1) as workers:
            pieces = [("write", [first]), ("write", rest[::2]), ("write", rest[1::2])]
            assert [number for number, _ in next(workers.do_all(pieces))] == [first]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert children() == before
    with area.db.read() as session:
        written = len(session.scalars(select(Record.id)).all())
    assert 1 <= written < len(rest) // 2


def test_a_plan_that_is_printed_gives_no_session_away(plan: Plan) -> None:
    assert not [cookie for cookie in plan.cookies.values() if cookie in repr(plan)]
    assert plan.url not in repr(plan)
