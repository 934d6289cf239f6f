"""The sample area in a fresh database: organisations, people, learners, transfers, in every state they can have."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete

from transition_exchange.exchange import attachments, clock, planning, sending, sessions
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.drafts import open_draft, save_sections
from transition_exchange.exchange.learners import add_learner
from transition_exchange.exchange.signing_in import STANDARD_MEMORY_KIB
from transition_exchange.packs.rendering import Renderer
from transition_exchange.store.database import Database
from transition_exchange.store.models import OutboxMail

from . import documents
from .accounts import PEOPLE, Area, SampleAccount, build_accounts
from .answering import answer
from .learners import SampleLearner, learners

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it, and out of how much."""

ATTACHED_AT = 0.55
"""The share of learners whose documents are attached; the others leave the reminder to attach them to be seen."""


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
    renderer: Renderer,
    progress: Progress = quiet,
    count: int = 300,
    seed: int = 2027,
    today: date | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> BuiltArea:
    """Fill a fresh database with the sample area.

    Args:
        renderer: makes the packs' PDFs; two processes keep two cores busy.
        count: how many learners, up to 300.
        today: the day the answers are written for.
        memory_kib: what a passphrase costs; tests take less.
    """
    today = today or clock.today()
    steps = iter(range(1, len(PEOPLE) + 1))
    area = build_accounts(
        db, memory_kib=memory_kib, step=lambda: progress("People join", next(steps), len(PEOPLE))
    )
    found = learners(seed=seed, count=count, today=today, organisation_ids=area.organisation_ids)
    records: list[tuple[SampleLearner, UUID]] = []
    for learner in found:
        records.append((learner, _add(area, learner, today)))
        progress("Schools write", len(records), len(found))
    rng = random.Random(seed)  # noqa: S311  # which invented learners get what
    ready = [each for each in records if _ready(each[0])]
    sent = _send_all(area, renderer, ready, today, progress)
    answer(area, renderer, sent, rng=rng, today=today, progress=progress)
    for cookie in area.cookies:
        sessions.sign_out(db=db, cookie=cookie)
    with db.write() as session:
        session.execute(delete(OutboxMail))  # to nobody: every address is invented
    return BuiltArea(tuple(area.accounts), len(found), len(sent))


def sender_of(area: Area, learner: SampleLearner, owner: str = "transition") -> Actor:
    """Who writes an owner's sections at the learner's school."""
    actor = area.actor(learner.school.key, owner)
    if actor is None:
        raise RuntimeError("A sample school has nobody who writes.")
    return actor


def _add(area: Area, learner: SampleLearner, today: date) -> UUID:
    """The school adds a learner, writes what it has got to, and attaches documents."""
    actor = sender_of(area, learner)
    first = {"learner": learner.answers["learner"]}
    added = add_learner(
        db=area.db,
        actor=actor,
        answers=first,
        leaving_year=learner.leaving_year,
        although_twins=True,
        today=today,
    )
    if added.record_id is None:
        raise RuntimeError(f"Sample learner {learner.number} was refused.")
    rest = {name: values for name, values in learner.answers.items() if name != "learner"}
    if rest:
        write(area, learner, added.record_id, rest, today=today)
    if learner.number % 100 < ATTACHED_AT * 100:
        for each in learner.attachments:
            attachments.attach(
                db=area.db,
                actor=actor,
                record_id=added.record_id,
                kind=each.kind,
                name=each.title,
                dated=each.dated,
                content=documents.pdf(each, learner),
                today=today,
            )
    return added.record_id


def write(
    area: Area,
    learner: SampleLearner,
    record_id: UUID,
    answers: dict[str, dict[str, object]],
    *,
    owner: str = "transition",
    today: date,
) -> None:
    """Save sections of a learner's draft, as the owner's page would."""
    actor = sender_of(area, learner, owner)
    draft = open_draft(db=area.db, actor=actor, record_id=record_id, owner=owner)
    saved = save_sections(
        db=area.db, actor=actor, record_id=record_id, raw=answers, tags=draft.tags, owner=owner, today=today
    )
    if saved.errors:
        raise RuntimeError(f"Sample learner {learner.number}: {[each.code for each in saved.errors]}")


def _ready(learner: SampleLearner) -> bool:
    """Whether the school sends this one: complete, or all but, with a place accepted."""
    return learner.stage == "complete" and any(
        row.get("status") in ("accepted", "enrolled") and "organisation" in row
        for row in learner.destinations
    )


def send_one(
    area: Area, renderer: Renderer, learner: SampleLearner, record_id: UUID, *, owner: str, today: date
) -> bool:
    """Look at the preview and send, or release. False where there is nobody to send to."""
    actor = sender_of(area, learner, owner)
    planned = planning.plan(db=area.db, actor=actor, record_id=record_id, owner=owner, today=today)
    if planned.own_problem or not any(each.goes for each in planned.providers):
        return False
    sending.send(
        db=area.db,
        actor=actor,
        renderer=renderer,
        record_id=record_id,
        seen=planned.seen,
        owner=owner,
        today=today,
    )
    return True


def _send_all(
    area: Area,
    renderer: Renderer,
    ready: list[tuple[SampleLearner, UUID]],
    today: date,
    progress: Progress,
) -> list[tuple[SampleLearner, UUID]]:
    """Send every learner who is ready, a few at once so that the rendering processes never wait."""

    def one(learner: SampleLearner, record_id: UUID) -> bool:
        went = send_one(area, renderer, learner, record_id, owner="transition", today=today)
        if went and learner.safeguarding and learner.number % 3:
            write(area, learner, record_id, learner.safeguarding, owner="safeguarding", today=today)
            send_one(area, renderer, learner, record_id, owner="safeguarding", today=today)
        return went

    sent = []
    with ThreadPoolExecutor(max_workers=3) as pool:
        waiting = {pool.submit(one, *each): each for each in ready}
        for done, future in enumerate(as_completed(waiting), start=1):
            if future.result():
                sent.append(waiting[future])
            progress("Schools send", done, len(ready))
    return sorted(sent, key=lambda each: each[0].number)
