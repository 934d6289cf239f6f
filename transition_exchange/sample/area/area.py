"""Build the sample area in a fresh database: organisations, people, learners, and transfers in every state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import delete

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.signing_in import ending
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area import afterwards
from transition_exchange.sample.area.accounts import PEOPLE, Area, SampleAccount, accounts, build_accounts
from transition_exchange.sample.area.afterwards import SentNumber
from transition_exchange.sample.area.to_try import ToTry, leave_to_try
from transition_exchange.sample.area.working import (
    OneWorker,
    Piece,
    Plan,
    Worker,
    Workers,
    worker_processes,
)
from transition_exchange.sample.organisations import ORGANISATIONS
from transition_exchange.sample.young_people.learners import SampleLearner, learners
from transition_exchange.store.database import Database
from transition_exchange.store.models import OutboxMail

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is in all."""

AT_ONCE: Final = 6
"""How many learners make one piece of work."""


@dataclass(frozen=True)
class BuiltArea:
    """What was built: who can sign in, what waits for somebody to try it, and how much there is."""

    accounts: tuple[SampleAccount, ...]
    to_try: ToTry
    learners: int
    transfers: int


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def build(
    db: Database,
    *,
    progress: Progress = quiet,
    renderer: Renderer | None = None,
    processes: int = 2,
    count: int = 300,
    seed: int = 2027,
    today: date | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> BuiltArea:
    """Fill a fresh database with the sample area.

    Args:
        db: a database with every table and no row.
        progress: called after each piece of work.
        renderer: makes the packs' PDFs in this process; without one, the work is shared among processes that have
            renderers of their own.
        processes: how many processes share the work.
        count: how many learners, up to 300.
        seed: another number gives other learners.
        today: the day for which the answers are written.
        memory_kib: what a passphrase costs; tests take less.

    Returns:
        Who can sign in, what waits, and how much was built.
    """
    today = today or school_calendar.today()
    joined = iter(range(1, len(PEOPLE) + 1))
    area = build_accounts(
        db, memory_kib=memory_kib, step=lambda: progress("People join", next(joined), len(PEOPLE))
    )
    to_try = leave_to_try(area, memory_kib=memory_kib)
    everybody = learners(seed=seed, count=count, today=today, organisation_ids=area.organisation_ids)
    plan = Plan(
        url=db.url.render_as_string(hide_password=False),
        organisation_ids=area.organisation_ids,
        cookies=area.cookies,
        seed=seed,
        count=count,
        today=today,
    )
    with _workers(plan, area, renderer, processes) as workers:
        sent = _write(workers, everybody, progress)
        _answer(workers, everybody, sent, progress=progress)
    for cookie in area.cookies.values():
        ending.sign_out(db=db, cookie=cookie)
    with db.write() as session:
        session.execute(delete(OutboxMail))  # every address is invented
    return BuiltArea(accounts(), to_try, len(everybody), len(sent))


@contextmanager
def _workers(plan: Plan, area: Area, renderer: Renderer | None, processes: int) -> Iterator[Workers]:
    if renderer is not None:
        yield OneWorker(Worker.of(plan, area, renderer))
        return
    with worker_processes(plan, processes) as workers:
        yield workers


def _write(workers: Workers, everybody: Sequence[SampleLearner], progress: Progress) -> list[SentNumber]:
    """Schools write and send; returns the learners whose pack went out."""
    pieces: list[Piece] = []
    for organisation in ORGANISATIONS:
        numbers = [learner.number for learner in everybody if learner.school.key == organisation.key]
        pieces += [("write", numbers[at : at + AT_ONCE]) for at in range(0, len(numbers), AT_ONCE)]
    sent: list[SentNumber] = []
    for done, just_sent in enumerate(workers.do_all(pieces), start=1):
        sent += just_sent
        progress("Schools write and send", done, len(pieces))
    return sorted(sent)


def _answer(
    workers: Workers, everybody: Sequence[SampleLearner], sent: Sequence[SentNumber], *, progress: Progress
) -> None:
    """Providers open, acknowledge and ask; schools answer, correct and recall."""
    school_of = {learner.number: learner.school.key for learner in everybody}
    receiving = [organisation.key for organisation in ORGANISATIONS if organisation.receives]
    sending = dict.fromkeys(school_of[number] for number, _ in sent)
    rounds: tuple[list[Piece], ...] = (
        [("receive", key) for key in receiving],
        [("reply", key) for key in sending],
        [("close", key) for key in receiving],
        [("afterwards", piece) for piece in afterwards.chosen(everybody, sent)],
    )
    total = sum(map(len, rounds))
    done = 0
    for pieces in rounds:
        for _ in workers.do_all(pieces):
            done += 1
            progress("Providers open and ask, schools answer", done, total)
