"""The sample's work in pieces that processes can share: a process goes on in the sessions that people have.

A piece is a few learners of a school, or one provider's inboxes. With a renderer of their own, as in tests, the same
functions run in this process.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import active_children, get_context
from multiprocessing.util import Finalize
from typing import Any, NoReturn, Protocol

from transition_exchange.exchange.receiving.receipts import receiving_teams
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area import afterwards, answering, writing
from transition_exchange.sample.area.accounts import Area
from transition_exchange.sample.area.afterwards import SentNumber
from transition_exchange.sample.young_people.learners import SampleLearner, learners
from transition_exchange.store.database import Database

Piece = tuple[str, Any]
"""What to do and to what: `write` with learners' numbers; `receive`, `reply` or `close` with an organisation's key;
`afterwards` with what `afterwards.chosen` gives."""


@dataclass(frozen=True)
class Plan:
    """What a process must know to take part in the work."""

    url: str = field(repr=False)
    organisation_ids: Mapping[str, str]
    cookies: Mapping[tuple[str, str], str] = field(repr=False)
    seed: int
    count: int
    today: date


@dataclass
class Worker:
    """Does pieces of work, with an area, learners and a renderer of its own."""

    area: Area
    learners: dict[int, SampleLearner]
    renderer: Renderer
    today: date

    @classmethod
    def of(cls, plan: Plan, area: Area, renderer: Renderer) -> Worker:
        """A worker for a plan."""
        everybody = learners(
            seed=plan.seed, count=plan.count, today=plan.today, organisation_ids=plan.organisation_ids
        )
        return cls(area, {learner.number: learner for learner in everybody}, renderer, plan.today)

    def do(self, piece: Piece) -> list[SentNumber]:
        """Do one piece of work. Returns the learners whose pack went out."""
        match piece:
            case "write", numbers:
                return self._write_and_send(numbers)
            case "receive", key:
                for actor in self.area.actors_of(key):
                    answering.receive(self.area, actor)
            case "reply", key:
                answering.reply(self.area, key)
            case "close", key:
                for actor in self.area.actors_of(key):
                    if receiving_teams(actor):
                        answering.close_answered(self.area, actor)
            case "afterwards", (what, (number, record_id)):
                sent = self.learners[number], record_id
                afterwards.do(what, self.area, sent, renderer=self.renderer, today=self.today)
            case kind, _:
                raise ValueError(f"No such piece of work: {kind}")
        return []

    def _write_and_send(self, numbers: Sequence[int]) -> list[SentNumber]:
        """Write learners and send those who are ready, while the next one is written."""
        sendings: dict[Future[bool], SentNumber] = {}
        sender = ThreadPoolExecutor(max_workers=1)
        try:
            for number in numbers:
                learner = self.learners[number]
                record_id = writing.add(self.area, learner, today=self.today)
                if writing.is_ready(learner):
                    sending = sender.submit(
                        writing.send_whole,
                        self.area,
                        learner,
                        record_id,
                        renderer=self.renderer,
                        today=self.today,
                    )
                    sendings[sending] = (number, record_id)
            return [sent for sending, sent in sendings.items() if sending.result()]
        finally:
            sender.shutdown(cancel_futures=True)


class Workers(Protocol):
    """Those who do pieces of work, in any order."""

    def do_all(self, pieces: Sequence[Piece]) -> Iterator[list[SentNumber]]:
        """Do all pieces. Yields what `Worker.do` returns for a piece when it is done."""


@dataclass
class OneWorker:
    """The work is done in this process, piece by piece."""

    worker: Worker

    def do_all(self, pieces: Sequence[Piece]) -> Iterator[list[SentNumber]]:
        """Do all pieces, in their order."""
        return map(self.worker.do, pieces)


@dataclass
class WorkerProcesses:
    """The work is shared out among processes."""

    pool: ProcessPoolExecutor

    def do_all(self, pieces: Sequence[Piece]) -> Iterator[list[SentNumber]]:
        """Do all pieces, as processes become free."""
        for future in as_completed([self.pool.submit(_do, piece) for piece in pieces]):
            yield future.result()


#: This process's own worker, where it is one of `WorkerProcesses`.
_own: list[Worker] = []


def _begin(plan: Plan) -> None:
    """Begin in a fresh process: one rendering process of its own, so that two builders keep two cores busy."""
    signal.signal(signal.SIGTERM, _end)
    area = Area.resumed(Database(plan.url), organisation_ids=plan.organisation_ids, cookies=plan.cookies)
    renderer = Renderer(workers=1)
    Finalize(None, renderer.close, exitpriority=10)  # such a process does not run atexit handlers
    _own.append(Worker.of(plan, area, renderer))


def _end(*_: object) -> NoReturn:
    """Leave the piece of work that was begun, and begin no other. The process closes its renderer and ends."""
    _own.clear()
    sys.exit(128 + signal.SIGTERM)


def _do(piece: Piece) -> list[SentNumber]:
    if not _own:  # it was told to end, and this piece was handed to it before
        return []
    return _own[0].do(piece)


@contextmanager
def worker_processes(plan: Plan, processes: int) -> Iterator[WorkerProcesses]:
    """Processes that share the work; spawned, so that they hold nothing but the plan."""
    others = set(active_children())
    pool = ProcessPoolExecutor(
        max_workers=processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(plan,)
    )
    try:
        yield WorkerProcesses(pool)
    except BaseException:
        # Whoever ends the building does not wait for pieces that were begun. Each takes some seconds.
        for process in set(active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
