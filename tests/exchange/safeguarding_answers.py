"""The safeguarding lead of the world's school answers for many learners, and lets what was released follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.sending import safeguarding_marks, safeguarding_releases
from transition_exchange.exchange.sending.safeguarding_marks import Marked, shown
from transition_exchange.exchange.sending.safeguarding_written import OWNER, Mark, written_for
from transition_exchange.exchange.steps import Step
from transition_exchange.exchange.writing.learner_list import learners

LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121"}


def confirmed(world: World, marks: Mapping[UUID, Mark], *, actor: Actor | None = None) -> list[Marked]:
    """The learners with their marks, as the page shows them on which they are confirmed."""
    lead = actor or world.safeguarding_lead
    rows = {row.record_id: row for row in learners(db=world.db, actor=lead, purpose=OWNER)}
    taken_back = [row.record_id for row in rows.values() if row.safeguarding_taken_back]
    written = written_for(db=world.db, actor=lead, record_ids=list(rows), taken_back=taken_back)
    return [
        Marked(record_id, mark, shown(rows[record_id], mark, written[record_id]))
        for record_id, mark in marks.items()
    ]


def answer_with(world: World, marked: Sequence[Marked], *, actor: Actor | None = None, **more: Any) -> Step:
    """Take one step with learners who were confirmed."""
    return safeguarding_marks.answer(
        db=world.db,
        actor=actor or world.safeguarding_lead,
        renderer=world.renderer,
        marked=marked,
        today=world.today,
        **{"lead": LEAD, **more},
    )


def answer(world: World, marks: Mapping[UUID, Mark], *, actor: Actor | None = None, **more: Any) -> Step:
    """Confirm some marks, and take one step."""
    return answer_with(world, confirmed(world, marks, actor=actor), actor=actor, **more)


def follow(world: World, record_ids: Sequence[UUID], *, actor: Actor | None = None, **more: Any) -> Step:
    """Take one step of what follows to providers that got the record later."""
    return safeguarding_releases.follow(
        db=world.db,
        actor=actor or world.safeguarding_lead,
        renderer=world.renderer,
        record_ids=record_ids,
        today=world.today,
        **more,
    )
