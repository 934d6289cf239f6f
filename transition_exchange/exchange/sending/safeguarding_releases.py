"""Letting the safeguarding team's part follow to providers that got the record later, a few records at a time.

The progress is not stored. The person's form carries the learners that they picked, and the records show what is done.
So it does no harm to send a step twice, or to stop half-way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotReady, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import ledgers, standings
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.delivered import delivered
from transition_exchange.exchange.sending.safeguarding_marks import STEP, not_everywhere
from transition_exchange.exchange.sending.safeguarding_written import OWNER
from transition_exchange.exchange.sending.send import send
from transition_exchange.exchange.steps import Step, take
from transition_exchange.packs.rendering import Renderer, RenderingFailed
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record, Transfer

NOTHING_SENT = "Nothing was sent: no provider that has the learner’s pack lacks this version."


def follow(
    *,
    db: Database,
    actor: Actor,
    renderer: Renderer,
    record_ids: Sequence[UUID],
    limit: int = STEP,
    today: date | None = None,
) -> Step:
    """Send what was released of the next few records to the providers that lack it. Each is a transaction of its own.

    Args:
        renderer: makes the PDFs.
        record_ids: the records that are still to be done, in order.
        limit: how many records to take.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
        NotFound: a record is unknown or belongs to another school.
        Tampered: as `open_draft`.
    """
    actor.require(OWNER)
    day = today or school_calendar.today()

    def act(record_id: UUID) -> str:
        return _follow(db=db, actor=actor, renderer=renderer, record_id=record_id, today=day)

    return take(record_ids, limit=limit, act=act)


def _follow(*, db: Database, actor: Actor, renderer: Renderer, record_id: UUID, today: date) -> str:
    """Take one record. Returns why it was skipped; empty if it was not."""
    try:
        planned = planning.plan(db=db, actor=actor, record_id=record_id, owner=OWNER, today=today)
        if planned.own_problem:
            raise NotReady(planned.own_problem)
        if planned.changed:
            return "It has changed since it was last released. Open it, check it and release it."
        if not any(provider.goes for provider in planned.providers):
            return not_everywhere(planned) or NOTHING_SENT
        send(
            db=db,
            actor=actor,
            renderer=renderer,
            record_id=record_id,
            seen=planned.seen,
            owner=OWNER,
            today=today,
        )
        return not_everywhere(planned)
    except Conflict as error:
        return f"{error.message} Open it and check it again."
    except (Refused, RenderingFailed) as error:
        return str(error)


def to_follow(*, db: Database, actor: Actor) -> tuple[UUID, ...]:
    """The records whose released safeguarding sections are still to follow to a provider, in the order they were added.

    The provider has its pack by a transfer that the school signed, and one of its teams that reads something of the
    sections was not granted the newest version: it got the pack later, the team was added later, or what the team
    signed is gone. Receipts do not count. Where it is not certain whether the provider still has the
    record, it is among them too, and `step` says why nothing follows. A transfer of which the signed statement is gone
    is not: the list says of it that it is not certain.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
    """
    team = actor.require(OWNER)
    checked = ledgers.refreshed(db=db, actor=actor, team=team).checked
    with db.read() as session:
        trust = trust_of(session, actor)
        newest, went_out = delivered(
            session, trust=trust, checked=checked, school_id=actor.organisation_id, owner=OWNER
        )
        transfers = session.execute(
            select(Transfer.id, Transfer.record_id)
            .join(Record, Record.id == Transfer.record_id)
            .where(Record.organisation_id == actor.organisation_id)
        )
        without: dict[UUID, set[UUID]] = {}
        for transfer in transfers:
            version_id = newest.get(transfer.record_id)
            if version_id is not None and (transfer.id, version_id) not in went_out:
                without.setdefault(transfer.record_id, set()).add(transfer.id)
        if not without:
            return ()
        recalls = standings.recalled_in_chain(session, actor.organisation_id)
        own = (
            select(Record).where(Record.organisation_id == actor.organisation_id).order_by(Record.created_at)
        )
        records = [record for record in session.scalars(own) if record.id in without]
        return tuple(
            record.id
            for record in records
            if any(
                standing.counts and standing.transfer.id in without[record.id]
                for standing in standings.standings(session, trust=trust, record=record, recalls=recalls)
            )
        )
