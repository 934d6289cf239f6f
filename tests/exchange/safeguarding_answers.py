"""The safeguarding lead of the world's school answers for many learners, and lets what was released follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.sending import safeguarding_releases
from transition_exchange.exchange.sending.safeguarding_releases import Mark
from transition_exchange.exchange.sending.standing_answers import answer_of
from transition_exchange.exchange.sending.taking_back import TakenBack, take_back
from transition_exchange.exchange.steps import Step
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.models import Part, Revision

LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121"}


def answer(world: World, marks: Mapping[UUID, Mark], *, actor: Actor | None = None, **more: Any) -> Step:
    """Mark some learners, and take one step of releasing for them."""
    return safeguarding_releases.step(
        db=world.db,
        actor=actor or world.safeguarding_lead,
        renderer=world.renderer,
        work="answer",
        record_ids=list(marks),
        marks=marks,
        today=world.today,
        **{"lead": LEAD, **more},
    )


def follow(world: World, record_ids: Sequence[UUID], *, actor: Actor | None = None, **more: Any) -> Step:
    """Take one step of what follows to providers that got the record later."""
    return safeguarding_releases.step(
        db=world.db,
        actor=actor or world.safeguarding_lead,
        renderer=world.renderer,
        work="follow",
        record_ids=record_ids,
        today=world.today,
        **more,
    )


def taken_back(world: World, record_id: UUID, *, actor: Actor | None = None, **more: Any) -> TakenBack:
    """Look at what was answered for a learner, and take it back."""
    actor = actor or world.safeguarding_lead
    seen = answer_of(db=world.db, actor=actor, record_id=record_id).seen
    return take_back(
        db=world.db,
        actor=actor,
        renderer=world.renderer,
        record_id=record_id,
        **{"lead": LEAD, "seen": seen, "today": world.today, **more},
    )


def spoil_answers(world: World, record_id: UUID) -> None:
    """Change the sealed sections of what the safeguarding team released for a learner, as a writer could."""
    released = select(Revision.id).where(
        Revision.record_id == record_id, Revision.owner == "school_safeguarding", Revision.number > 0
    )
    with world.db.write() as session:
        ids = session.scalars(select(Part.id).where(Part.revision_id.in_(released))).all()
        ciphertexts_of(session).replace(session, dict.fromkeys(ids, b"changed"))
