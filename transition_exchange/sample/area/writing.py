"""Schools of the sample at work: learners added, documents attached, packs sent, sections released."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.send import send as send_record
from transition_exchange.exchange.writing import attaching
from transition_exchange.exchange.writing.adding import add_learner
from transition_exchange.exchange.writing.due_cards import write_typed
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import save_sections
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area.accounts import Area
from transition_exchange.sample.young_people import documents
from transition_exchange.sample.young_people.learners import SampleLearner

ATTACHED = 0.5
"""The share of learners whose documents are attached; at the others, the reminder to attach them can be seen. A plan
is always there where the form is complete."""


def sender_of(area: Area, learner: SampleLearner, owner: str = "transition") -> Actor:
    """Who writes an owner's sections at the learner's school."""
    actor = area.actor(learner.school.key, owner)
    if actor is None:
        raise RuntimeError("A sample school has nobody who writes.")
    return actor


def add(area: Area, learner: SampleLearner, *, today: date) -> UUID:
    """The school adds a learner with the answers it has, and attaches documents. Returns the record's id."""
    actor = sender_of(area, learner)
    added = add_learner(
        db=area.db,
        actor=actor,
        answers=learner.answers,
        leaving_year=learner.leaving_year,
        although_duplicate=True,
        today=today,
    )
    if added.record_id is None:
        codes = [finding.code for finding in added.errors]
        raise RuntimeError(f"Sample learner {learner.number} was refused: {codes}")
    for attachment in learner.attachments:
        needed = is_ready(learner) and attachment.kind == "ehc_plan"
        if needed or learner.number % 100 < ATTACHED * 100:
            attaching.attach(
                db=area.db,
                actor=actor,
                record_id=added.record_id,
                kind=attachment.kind,
                name=attachment.title,
                dated=attachment.dated,
                content=documents.pdf(attachment, learner),
                today=today,
            )
    write_typed(db=area.db, actor=actor, record_id=added.record_id)
    return added.record_id


def write(
    area: Area,
    learner: SampleLearner,
    record_id: UUID,
    *,
    answers: Mapping[str, Mapping[str, Any]],
    owner: str,
    today: date,
) -> None:
    """Save sections of a learner's draft, as the owner's page would."""
    actor = sender_of(area, learner, owner)
    draft = open_draft(db=area.db, actor=actor, record_id=record_id, owner=owner)
    saved = save_sections(db=area.db, actor=actor, draft=draft, raw=answers, today=today)
    if saved.errors:
        codes = [finding.code for finding in saved.errors]
        raise RuntimeError(f"Sample learner {learner.number} was refused: {codes}")


def is_ready(learner: SampleLearner) -> bool:
    """Whether the school sends this one: with a place accepted, and complete, or one of those who show gaps."""
    return (learner.stage == "complete" or "example" in learner.flags) and any(
        row.get("status") in ("accepted", "enrolled") and "organisation" in row
        for row in learner.destinations
    )


def send(
    area: Area, learner: SampleLearner, record_id: UUID, *, renderer: Renderer, owner: str, today: date
) -> bool:
    """Look at the preview and send, or release. False where there is nobody to send to."""
    actor = sender_of(area, learner, owner)
    planned = planning.plan(db=area.db, actor=actor, record_id=record_id, owner=owner, today=today)
    if planned.own_problem or not any(provider.goes for provider in planned.providers):
        return False
    send_record(
        db=area.db,
        actor=actor,
        renderer=renderer,
        record_id=record_id,
        seen=planned.seen,
        owner=owner,
        today=today,
    )
    return True


def _is_answered(learner: SampleLearner) -> bool:
    """Whether the safeguarding team has answered for this one: for those who show it, and for about a third."""
    if learner.flags & {"day_one", "nothing_to_pass_on"}:
        return True
    return "example" not in learner.flags and learner.number % 3 == 0


def send_whole(
    area: Area, learner: SampleLearner, record_id: UUID, *, renderer: Renderer, today: date
) -> bool:
    """Send a learner's pack, and for some let the safeguarding team's sections follow. Returns whether it went."""
    went = send(area, learner, record_id, renderer=renderer, owner="transition", today=today)
    if went and learner.safeguarding and _is_answered(learner):
        write(
            area, learner, record_id, answers=learner.safeguarding, owner="school_safeguarding", today=today
        )
        send(area, learner, record_id, renderer=renderer, owner="school_safeguarding", today=today)
    return went
