"""What a school's members make anew because another team has changed, though no key of their own was changed.

A team of the school gave up writing some sections: their drafts and documents need new keys, and the cards that it made
are made by those who do the work now. Or the key of a provider's team is
trusted now which was not when the school's key was changed: its cards were left out then. Or somebody is in two teams,
and one of them signed whose key waits, while that of the other counts now. All of it shows and goes on where lists are
brought up to date.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.renewing import documents, drafts, school_cards
from transition_exchange.exchange.renewing.progress import Matter, Progress, step
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database


class LateMatter(Matter, Protocol):
    """A module of whose things some have to be made anew without a change of the actor's own keys."""

    def due_without_change(self, session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
        """The ids of these."""
        ...


MATTERS: Sequence[LateMatter] = (drafts, documents, school_cards)


def progress(*, db: Database, actor: Actor) -> Progress:
    """How much is to be made anew though no key of the actor's was changed."""
    with db.read() as session:
        trust = trust_of(session, actor)
        return Progress(
            sum(len(matter.due_without_change(session, actor=actor, trust=trust)) for matter in MATTERS)
        )


def _due(matter: LateMatter, actor: Actor, session: Session, trust: Trust) -> Sequence[UUID]:
    return matter.due_without_change(session, actor=actor, trust=trust)


def carry_on(*, db: Database, actor: Actor, now: datetime | None = None) -> Progress:
    """Take the next step of each.

    Returns:
        What is left after it, that which failed its check among it.
    """
    now, failed = now or utc_now(), 0
    for matter in MATTERS:
        failed += step(matter, db=db, actor=actor, due=partial(_due, matter, actor), now=now).failed
    return Progress(progress(db=db, actor=actor).left, failed)
