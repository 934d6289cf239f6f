"""How far the work after a change of a key is, and carrying on with it a step at a time.

Any member carries it on while they are signed in. Everything that is due is found anew at each step, so the work can be
interrupted at any time. When nothing is left, the key before is retired.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.remembering import remember_now
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.renewing import (
    contacts,
    council,
    documents,
    drafts,
    lists,
    questions,
    received,
    releases,
    retiring,
    school_cards,
    seconded,
    vouching,
)
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database


class Matter(Protocol):
    """A module that makes one kind of thing anew.

    Attributes:
        STEP: how many of them it makes anew in one step. What is sealed whole takes longer than a row.
    """

    STEP: int

    def due(self, session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
        """The ids of what is still to be made anew, the oldest first."""
        ...

    def renew(self, *, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
        """Make these anew.

        Returns:
            How many could not be read, opened or checked, and were left as they are. These are still due.
        """
        ...


MATTERS: Sequence[Matter] = (
    drafts,
    documents,
    releases,
    school_cards,
    lists,
    received,
    questions,
    council,
    seconded,
    contacts,
    vouching,
)
"""What is made anew, in this order."""


@dataclass(frozen=True)
class Progress:
    """How far the work is.

    Attributes:
        left: how many things are still to be made anew.
        failed: how many of those that this step came to could not be read, opened or checked, and were left as they
            are. They do not keep the work from ending. The last step, which retires the key before, comes to all.
    """

    left: int
    failed: int = 0


def progress(*, db: Database, actor: Actor) -> Progress:
    """How much is still to be made anew for the actor's teams. Nothing is left once the keys before are retired."""
    with db.read() as session:
        trust = trust_of(session, actor)
        if not retiring.due(session, actor=actor, trust=trust):
            return Progress(0)
        # Retiring the key before is one thing too, so that the work is never at its end before it is done.
        return Progress(1 + sum(len(matter.due(session, actor=actor, trust=trust)) for matter in MATTERS))


@dataclass(frozen=True)
class Taken:
    """What one step did.

    Attributes:
        due: how many things were due before it.
        seen: how many of these it came to, from the first on.
        failed: how many of those that it came to failed, so that they are due still.
    """

    due: int
    seen: int
    failed: int


def _renew(matter: Matter, *, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> None:
    """Make things anew. What the database refuses, because a row names another that is missing, stays as it is."""
    try:
        matter.renew(db=db, actor=actor, ids=ids, now=now)
    except IntegrityError:
        if len(ids) > 1:
            for one in ids:
                _renew(matter, db=db, actor=actor, ids=[one], now=now)


def step(
    matter: Matter,
    *,
    db: Database,
    actor: Actor,
    due: Callable[[Session, Trust], Sequence[UUID]],
    now: datetime,
) -> Taken:
    """Make the next few things of one kind anew. What is damaged is passed over, so that it holds up nothing else.

    What is still due after it was tried counts as failed, whatever the matter says. So no value that somebody has put
    into a row keeps the work from ending.

    Args:
        due: finds what is due of this kind.
    """

    def due_now() -> Sequence[UUID]:
        with db.read() as session:
            return due(session, trust_of(session, actor))

    ids = due_now()
    seen = failed = 0
    while seen < len(ids) and seen - failed < matter.STEP:
        batch = ids[seen : seen + matter.STEP]
        _renew(matter, db=db, actor=actor, ids=batch, now=now)
        failed += len(set(batch).intersection(due_now()))
        seen += len(batch)
    return Taken(due=len(ids), seen=seen, failed=failed)


def _due(matter: Matter, actor: Actor, session: Session, trust: Trust) -> Sequence[UUID]:
    return matter.due(session, actor=actor, trust=trust)


def carry_on(*, db: Database, actor: Actor, now: datetime | None = None) -> Progress:
    """Take the next step. If nothing but what is damaged is left, retire the key before.

    It is retired although something failed: else whoever has left the team could spoil one row, and their signature
    would count for ever. How much failed stands in the event.

    Returns:
        What is left after it.
    """
    now = now or utc_now()
    failed = 0
    for matter in MATTERS:
        taken = step(matter, db=db, actor=actor, due=partial(_due, matter, actor), now=now)
        failed += taken.failed
        if taken.seen < taken.due:
            return Progress(progress(db=db, actor=actor).left - failed, failed)
        if taken.seen > taken.failed:
            return Progress(max(1, progress(db=db, actor=actor).left - failed), failed)
    with db.read() as session:
        keys = retiring.due(session, actor=actor, trust=trust_of(session, actor))
    retiring.retire(db=db, actor=actor, ids=keys, failed=failed, now=now)
    with db.write() as session:
        remember_now(session, actor=actor, now=now)
    return Progress(0, failed)
