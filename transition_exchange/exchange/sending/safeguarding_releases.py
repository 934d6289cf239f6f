"""Releasing the safeguarding team's sections for many learners, in steps of a few records.

Nothing of the work is stored: which learners were picked travels with the person's own form, and what is done shows
in the records themselves. So a step that is sent twice, or a list that was left half-way, does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotReady, Refused
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.send import send
from transition_exchange.exchange.steps import Left, Step
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import save_sections
from transition_exchange.packs.rendering import Renderer, RenderingFailed
from transition_exchange.store.database import Database
from transition_exchange.store.models import Receipt, Record, Revision, Transfer

OWNER = "safeguarding"
STEP = 5
"""How many records one step takes: a few seconds of rendering and sealing."""


Work = Literal["nothing", "release", "follow"]
"""Write "nothing to pass on" and release; release what is written; bring what was released to later providers."""


def step(
    *,
    db: Database,
    actor: Actor,
    renderer: Renderer,
    work: Work,
    record_ids: Sequence[UUID],
    lead: Mapping[str, Any] | None = None,
    limit: int = STEP,
    today: date | None = None,
) -> Step:
    """Take the next few records; each is its own transaction.

    Args:
        record_ids: the records still to do, in order.
        lead: for `nothing`: `lead_name`, `lead_phone` and perhaps `lead_email` of the school's safeguarding lead.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
        NotReady: the team itself cannot send yet.
        NotFound: a record is not the actor's school's.
    """
    actor.require(OWNER)
    done: list[UUID] = []
    left: list[Left] = []
    for record_id in record_ids[:limit]:
        why = _one(db, actor, renderer, work, record_id, lead or {}, today or school_calendar.today())
        if why:
            left.append(Left(record_id, why))
        else:
            done.append(record_id)
    return Step(done=tuple(done), left=tuple(left), remaining=tuple(record_ids[limit:]))


def _one(
    db: Database,
    actor: Actor,
    renderer: Renderer,
    work: Work,
    record_id: UUID,
    lead: Mapping[str, Any],
    today: date,
) -> str:
    """Do one record. Returns why it was left alone; empty where it was not."""
    try:
        if work == "nothing" and (why := _write_nothing(db, actor, record_id, lead, today)):
            return why
        planned = planning.plan(db=db, actor=actor, record_id=record_id, owner=OWNER, today=today)
        if planned.own_problem:
            raise NotReady(planned.own_problem)
        if work == "follow" and planned.changed:
            return "It was changed since it was last released. Open it, look at it and release it."
        if work != "follow" and not planned.report.complete:
            return "It is not complete. Open it and answer what is missing, then release it."
        if not planned.changed and not any(each.goes for each in planned.providers):
            return _not_ready(planned)
        send(
            db=db,
            actor=actor,
            renderer=renderer,
            record_id=record_id,
            seen=planned.seen,
            owner=OWNER,
            today=today,
        )
        return _not_ready(planned)
    except Conflict as error:
        return f"{error.message} Open it and look again."
    except (Refused, RenderingFailed) as error:
        return str(error)


def _not_ready(planned: planning.ReleasePlan) -> str:
    """Which providers could not get it although they should."""
    return " ".join(each.problem for each in planned.providers if each.state == "not_ready")


def _write_nothing(db: Database, actor: Actor, record_id: UUID, lead: Mapping[str, Any], today: date) -> str:
    """Answer "nothing to pass on" in a draft that says nothing else. Returns why it was left alone."""
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=OWNER)
    if not says_nothing_else(draft):
        return "Somebody has already written something else here. Open it and look."
    written = draft.answers["safeguarding"]
    wanted = {"file_exists": "no", **{name: value for name, value in lead.items() if value}}
    saved = save_sections(
        db=db,
        actor=actor,
        record_id=record_id,
        raw={"safeguarding": {**written, **{k: v for k, v in wanted.items() if k not in written}}},
        tags=draft.tags,
        owner=OWNER,
        today=today,
    )
    return " ".join(each.message for each in saved.errors)


def says_nothing_else(draft: Draft) -> bool:
    """Whether "nothing to pass on" would contradict nothing in a safeguarding draft."""
    written = dict(draft.answers.get("safeguarding", {}))
    contact = {"lead_name", "lead_phone", "lead_email", "_reasons", "_attached"}
    if written.pop("file_exists", "no") != "no" or set(written) - contact - {"youth_justice"}:
        return False
    return not written.get("youth_justice") and not draft.answers.get("day_one_safety")


def to_follow(*, db: Database, actor: Actor) -> tuple[UUID, ...]:
    """Records whose released safeguarding sections some provider lacks, which got its pack meanwhile.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
    """
    actor.require(OWNER)
    newest = (
        select(Revision.record_id, func.max(Revision.number).label("number"))
        .where(Revision.owner == OWNER, Revision.number > 0)
        .group_by(Revision.record_id)
        .subquery()
    )
    with db.read() as session:
        return tuple(
            session.scalars(
                select(Record.id)
                .join(newest, newest.c.record_id == Record.id)
                .join(
                    Revision,
                    (Revision.record_id == Record.id)
                    & (Revision.owner == OWNER)
                    & (Revision.number == newest.c.number),
                )
                .join(Transfer, (Transfer.record_id == Record.id) & (Transfer.state != "recalled"))
                .outerjoin(
                    Receipt, (Receipt.transfer_id == Transfer.id) & (Receipt.revision_id == Revision.id)
                )
                .where(Record.organisation_id == actor.organisation_id, Receipt.id.is_(None))
                .group_by(Record.id, Record.created_at)
                .order_by(Record.created_at)
            )
        )
