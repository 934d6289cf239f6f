"""The sample area in a fresh database: organisations, people, learners, transfers, in every state they can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import delete

from transition_exchange.exchange import clock, sessions
from transition_exchange.exchange.signing_in import STANDARD_MEMORY_KIB
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area.accounts import PEOPLE, Area, SampleAccount, accounts, build_accounts
from transition_exchange.sample.area.working import Bench, Here, Piece, Plan, Workers, shared
from transition_exchange.sample.organisations import ORGANISATIONS
from transition_exchange.sample.young_people.learners import SampleLearner, learners
from transition_exchange.store.database import Database
from transition_exchange.store.models import OutboxMail

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it, and out of how much."""

AT_ONCE: Final = 6
"""How many learners make one piece of work."""


@dataclass(frozen=True)
class BuiltArea:
    """What was built: who can sign in, and how much there is."""

    accounts: tuple[SampleAccount, ...]
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
        renderer: makes the packs' PDFs in this process; left out, ``processes`` share the work, each with its own.
        count: how many learners, up to 300.
        today: the day the answers are written for.
        memory_kib: what a passphrase costs; tests take less.
    """
    today = today or clock.today()
    joined = iter(range(1, len(PEOPLE) + 1))
    area = build_accounts(
        db, memory_kib=memory_kib, step=lambda: progress("People join", next(joined), len(PEOPLE))
    )
    found = learners(seed=seed, count=count, today=today, organisation_ids=area.organisation_ids)
    plan = Plan(
        url=db.url.render_as_string(hide_password=False),
        organisation_ids=area.organisation_ids,
        cookies=area.cookies,
        seed=seed,
        count=count,
        today=today,
    )
    with _workers(plan, area, renderer, processes) as workers:
        sent = _write(workers, found, progress)
        _answer(workers, found, sent, progress)
    for cookie in area.cookies.values():
        sessions.sign_out(db=db, cookie=cookie)
    with db.write() as session:
        session.execute(delete(OutboxMail))  # to nobody: every address is invented
    return BuiltArea(accounts(), len(found), len(sent))


@contextmanager
def _workers(plan: Plan, area: Area, renderer: Renderer | None, processes: int) -> Iterator[Workers]:
    if renderer is not None:
        yield Here(Bench.of(plan, area, renderer))
        return
    with shared(plan, processes) as elsewhere:
        yield elsewhere


def _write(workers: Workers, found: Sequence[SampleLearner], progress: Progress) -> list[tuple[int, UUID]]:
    """Schools write and send; returns the learners whose pack went out."""
    pieces: list[Piece] = []
    for organisation in ORGANISATIONS:
        numbers = [each.number for each in found if each.school.key == organisation.key]
        pieces += [("write", numbers[at : at + AT_ONCE]) for at in range(0, len(numbers), AT_ONCE)]
    sent: list[tuple[int, UUID]] = []
    for done, went in enumerate(workers.each(pieces), start=1):
        sent += went
        progress("Schools write and send", done, len(pieces))
    return sorted(sent)


def _answer(
    workers: Workers,
    found: Sequence[SampleLearner],
    sent: Sequence[tuple[int, UUID]],
    progress: Progress,
) -> None:
    """Providers open, take on and ask; schools answer, put right and take back."""
    school_of = {each.number: each.school.key for each in found}
    rounds: tuple[list[Piece], ...] = (
        [("receive", each.key) for each in ORGANISATIONS if each.receives],
        [("reply", key) for key in dict.fromkeys(school_of[number] for number, _ in sent)],
        [("close", each.key) for each in ORGANISATIONS if each.receives],
        [("put_right", each) for each in sent[3::24]] + [("take_back", each) for each in sent[5::37]],
    )
    total = sum(map(len, rounds))
    done = 0
    for pieces in rounds:
        for _ in workers.each(pieces):
            done += 1
            progress("Providers open and ask, schools answer", done, total)
