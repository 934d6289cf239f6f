"""The sample's work in pieces that processes can share: each takes the area up where the people's sessions are.

A piece is a few learners of a school, or one provider's inboxes. The same functions run in this process when a
renderer is given, as tests do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from multiprocessing.util import Finalize
from typing import Any, Protocol
from uuid import UUID

from transition_exchange.exchange.receipts import receiving_teams
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area import answering, writing
from transition_exchange.sample.area.accounts import Area
from transition_exchange.sample.young_people.learners import SampleLearner, learners
from transition_exchange.store.database import Database


@dataclass(frozen=True)
class Plan:
    """What a process must know to take part."""

    url: str = field(repr=False)
    organisation_ids: Mapping[str, str]
    cookies: Mapping[tuple[str, str], str] = field(repr=False)
    seed: int
    count: int
    today: date


@dataclass
class Bench:
    """A process's own area, learners and renderer."""

    area: Area
    learners: dict[int, SampleLearner]
    renderer: Renderer
    today: date

    @classmethod
    def of(cls, plan: Plan, area: Area, renderer: Renderer) -> Bench:
        found = learners(
            seed=plan.seed, count=plan.count, today=plan.today, organisation_ids=plan.organisation_ids
        )
        return cls(area, {each.number: each for each in found}, renderer, plan.today)


Piece = tuple[str, Any]
"""What to do and to what: ("write", numbers), ("receive", key), ("reply", key), ("put_right", (number, record))..."""


def do(bench: Bench, piece: Piece) -> list[tuple[int, UUID]]:
    """Do one piece of work. Returns the learners whose pack went out, with their record's id."""
    kind, about = piece
    if kind == "write":
        return _write_and_send(bench, about)
    if kind == "receive":
        for actor in bench.area.actors_of(about):
            answering.receive(bench.area, actor)
    elif kind == "reply":
        answering.reply(bench.area, about)
    elif kind == "close":
        for actor in bench.area.actors_of(about):
            if receiving_teams(actor):
                answering.close_answered(bench.area, actor)
    elif kind == "put_right":
        number, record_id = about
        answering.put_right(
            bench.area, bench.renderer, (bench.learners[number], record_id), today=bench.today
        )
    elif kind == "take_back":
        number, record_id = about
        answering.take_back(bench.area, (bench.learners[number], record_id))
    return []


def _write_and_send(bench: Bench, numbers: Sequence[int]) -> list[tuple[int, UUID]]:
    """Write learners and send those who are ready, while the next one is written."""
    going: dict[Future[bool], tuple[int, UUID]] = {}
    with ThreadPoolExecutor(max_workers=1) as sender:
        for number in numbers:
            learner = bench.learners[number]
            record_id = writing.add(bench.area, learner, today=bench.today)
            if writing.is_ready(learner):
                future = sender.submit(
                    writing.send_whole, bench.area, bench.renderer, learner, record_id, today=bench.today
                )
                going[future] = (number, record_id)
        return [about for future, about in going.items() if future.result()]


class Workers(Protocol):
    """Who does pieces of work, in whatever order."""

    def each(self, pieces: Sequence[Piece]) -> Iterator[list[tuple[int, UUID]]]:
        """Do all pieces; yields what came of each as it is done."""


@dataclass
class Here:
    """The work done in this process, piece by piece."""

    bench: Bench

    def each(self, pieces: Sequence[Piece]) -> Iterator[list[tuple[int, UUID]]]:
        """Do all pieces, in their order."""
        for piece in pieces:
            yield do(self.bench, piece)


@dataclass
class Elsewhere:
    """The work shared out among processes."""

    pool: ProcessPoolExecutor

    def each(self, pieces: Sequence[Piece]) -> Iterator[list[tuple[int, UUID]]]:
        """Do all pieces, as processes become free."""
        for future in as_completed([self.pool.submit(_do_there, piece) for piece in pieces]):
            yield future.result()


_bench: list[Bench] = []


def _take_up(plan: Plan) -> None:
    """Begin in a fresh process: one rendering process of its own, so that two builders keep two cores busy."""
    area = Area.resumed(Database(plan.url), organisation_ids=plan.organisation_ids, cookies=plan.cookies)
    renderer = Renderer(workers=1)
    Finalize(None, renderer.close, exitpriority=10)  # atexit is not heard in such a process
    _bench.append(Bench.of(plan, area, renderer))


def _do_there(piece: Piece) -> list[tuple[int, UUID]]:
    return do(_bench[0], piece)


@contextmanager
def shared(plan: Plan, processes: int) -> Iterator[Elsewhere]:
    """Processes that share the work; spawned, so that they hold nothing but what they are told."""
    pool = ProcessPoolExecutor(
        max_workers=processes, mp_context=get_context("spawn"), initializer=_take_up, initargs=(plan,)
    )
    try:
        yield Elsewhere(pool)
    finally:
        pool.shutdown(cancel_futures=True)
