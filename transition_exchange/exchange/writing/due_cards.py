"""Writing the cards that could not be written when a record was saved, a few records at a time."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.cards import store
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.writing.late_teams import opened_by
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import note_progress
from transition_exchange.exchange.writing.school_cards import own_and_coordinating, prepare
from transition_exchange.proforma.cards import CARD_FORMAT
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Organisation, Record


def due_records(session: Session, *, actor: Actor) -> list[UUID]:
    """The actor's school's records with a card that can be written now but is due, missing or of an older format.

    So is one of which somebody has typed more since, which saved itself.

    Records that the actor's team cannot open yet are left out. A team that can open them writes their cards.
    """
    organisation = session.get_one(Organisation, actor.organisation_id)
    recipients = own_and_coordinating(
        session, area_id=organisation.area_id, organisation_id=organisation.id, trust=trust_of(session, actor)
    )
    reachable = {recipient.team_id for recipient in recipients if recipient.team}
    current = (
        select(Card.record_id, func.count().label("cards"))
        .where(
            Card.transfer_id.is_(None),
            Card.team_id.in_(reachable),
            Card.state != "due",
            Card.card_format >= CARD_FORMAT,
        )
        .group_by(Card.record_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(Record.id)
            .outerjoin(current, current.c.record_id == Record.id)
            .where(
                Record.organisation_id == organisation.id,
                opened_by(actor, "transition"),
                or_(func.coalesce(current.c.cards, 0) < len(reachable), Record.typed_by.is_not(None)),
            )
            .order_by(Record.created_at)
        )
    )


def write_due(*, db: Database, actor: Actor, limit: int = 20, failed: list[UUID] | None = None) -> int:
    """Write the cards of the next few records of the actor's school that have cards due.

    A record that fails its safety check stops nobody else's cards. It stays due.

    Args:
        limit: how many records to take.
        failed: where the ids of records are put that failed their safety check.

    Returns:
        How many records still have cards due afterwards, those that failed among them.

    Raises:
        NotAllowed: the actor is not in the transition team. Only that team can read what cards are made of.
    """
    actor.require("transition")
    with db.read() as session:
        due = due_records(session, actor=actor)
    today = school_calendar.today()
    done = 0
    for record_id in due:
        if done == limit:
            break
        try:
            _write(db=db, actor=actor, record_id=record_id, today=today)
            done += 1
        except DAMAGED:
            if failed is not None:
                failed.append(record_id)
    return len(due) - done


AT_ONCE = 5
"""Of how many learners one request writes what saved itself. Somebody who goes on from a page has typed about one."""


def write_typed(*, db: Database, actor: Actor, record_id: UUID | None = None) -> None:
    """Write the cards of what the actor has typed and what saved itself, before they go on.

    A record that fails its safety check stays due and keeps no other waiting. So do those of more than a few learners:
    they follow in the next request, or when somebody in the team signs in.

    Args:
        record_id: one record, whoever has typed in it; None for all in which the actor has.
    """
    if actor.team_for("transition") is None:
        return
    whose = Record.typed_by == actor.principal_id
    with db.read() as session:
        due = session.scalars(
            select(Record.id)
            .where(
                Record.organisation_id == actor.organisation_id,
                whose if record_id is None else Record.id == record_id,
                Record.typed_by.is_not(None),
            )
            .order_by(Record.changed_at)
        ).all()
    today, written = school_calendar.today(), 0
    for typed_id in due:
        with suppress(*DAMAGED):
            _write(db=db, actor=actor, record_id=typed_id, today=today)
            written += 1
        if written == AT_ONCE:
            return


def _write(*, db: Database, actor: Actor, record_id: UUID, today: date) -> None:
    draft = open_draft(db=db, actor=actor, record_id=record_id)
    report = draft.report(today)
    with db.read() as session:
        prepared = prepare(
            session, actor=actor, answers=draft, report=report, today=today, now=datetime.now(UTC)
        )
    with db.write() as session:
        if parts.locked_tags(session, draft.revision_id) != draft.row_tags:
            return  # somebody has saved meanwhile; it stays due, or is written already
        note_progress(session.get_one(Record, record_id), report)
        store(session, prepared)
