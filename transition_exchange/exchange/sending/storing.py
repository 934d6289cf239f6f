"""Storing a sending: the release, its deliveries, receipts for the teams to fill, notices and one event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transition_exchange.exchange import notices, school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import cards
from transition_exchange.exchange.records.standings import at_providers, standings
from transition_exchange.exchange.records.term_starts import term_starts_of
from transition_exchange.exchange.sending.deliveries import Delivery
from transition_exchange.exchange.sending.keeping import make_room, sign_that_it_stays
from transition_exchange.exchange.sending.releases import NewRelease
from transition_exchange.purposes import OPENS_FIRST
from transition_exchange.store.models import Attachment, Receipt, Record, Revision, Transfer

SENT_EVENT = "record.sent"
"""The kind of event by which a school's chain tells that a version went out, and by which transfers."""

CHANGED_MEANWHILE = "Something changed since you looked at what will be sent. Look again, then send."


def store(
    session: Session,
    *,
    actor: Actor,
    fresh: NewRelease | None,
    revision: Revision,
    deliveries: Sequence[Delivery],
    today: date,
    now: datetime,
    kind: str = "",
) -> None:
    """Store a release and its deliveries.

    Args:
        fresh: the release if it is a new one; None if an earlier one is sent.
        revision: the revision that is delivered.
        deliveries: what each provider gets.
        kind: the kind of its event; empty for `SENT_EVENT`, or `record.released` if nobody gets anything.

    Raises:
        Refused: after the plan was made, a transfer was recalled or became disputed, or a document was removed or
            sealed again.
    """
    record = session.get_one(Record, revision.record_id)
    trust = trust_of(session, actor)
    if fresh is not None:
        _require_documents(session, fresh)
        fresh.store(session)
    _go_on(session, actor=actor, trust=trust, record=record, deliveries=deliveries, now=now)
    for delivery in deliveries:
        if delivery.transfer is not None:
            make_room(session, trust=trust, record=record, provider_id=delivery.transfer.provider_id)
            delivery.transfer.sent_by = actor.principal_id
            delivery.transfer.safeguarding_due = school_calendar.safeguarding_due(
                today, leaving_year=record.leaving_year, term_starts=term_starts_of(session, record.area_id)
            )
            session.add(delivery.transfer)
            session.flush()
            holding = at_providers(session, trust=trust, record=record)
            if delivery.transfer not in [standing.transfer for standing in holding.values()]:
                raise Refused(CHANGED_MEANWHILE)  # a colleague has signed that it was taken back since
        for part in delivery.sealed:
            part.store(
                session, record_id=record.id, revision_id=revision.id, transfer_id=delivery.transfer_id
            )
        session.add_all(delivery.grants)
        cards.store(session, delivery.cards)
        template = "packs_changed" if delivery.provider.state == "again" else "packs_waiting"
        _make_way(session, delivery=delivery, revision=revision)
        for team in delivery.provider.teams:
            session.add(
                Receipt(
                    transfer_id=delivery.transfer_id,
                    team_id=team.team_id,
                    revision_id=revision.id,
                    granted_at=now,
                )
            )
            # Whoever is told only if something is for them is told by their list. A mail would tell it to everybody.
            if OPENS_FIRST.get(revision.owner) in (None, *team.access.purposes):
                notices.notify(session, team_id=team.team_id, template=template)
    places: dict[str, UUID] = {}
    for position, delivery in enumerate(deliveries, 1):
        places[f"transfer{position}"] = delivery.transfer_id
        places[f"provider{position}"] = delivery.provider.organisation_id
    actor.note(
        session,
        kind or (SENT_EVENT if deliveries else "record.released"),
        record=record.id,
        owner=revision.owner,
        number=revision.number,
        revision=revision.id,
        providers=len(deliveries),
        **places,
    )


def _make_way(session: Session, *, delivery: Delivery, revision: Revision) -> None:
    """Delete the receipts that stand in the place of those that are made now.

    These teams get the version because nobody has signed that they have it. If there is a receipt of it all the same,
    somebody put it there or has removed the grant. It waits to be opened like any other.
    """
    session.execute(
        delete(Receipt).where(
            Receipt.transfer_id == delivery.transfer_id,
            Receipt.revision_id == revision.id,
            Receipt.team_id.in_([team.team_id for team in delivery.provider.teams]),
        )
    )


def _require_documents(session: Session, fresh: NewRelease) -> None:
    """Refuse a release of a document that was taken out of the draft meanwhile, as its file may have been deleted.

    The rows stay locked until the transaction ends, so that nobody takes one out now.
    """
    ids = [label.id for label in fresh.opened.attachments]
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.id.in_(ids), Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
        .with_for_update()
    )
    if len(rows.all()) != len(ids):
        raise Refused(CHANGED_MEANWHILE)


def _go_on(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    deliveries: Sequence[Delivery],
    now: datetime,
) -> None:
    """Check the transfers that providers have already, and sign again that a disputed one stays that the sender ticked.

    All are compared with what the sender has read before any row changes, because to make room for one may change the
    row of another.
    """
    ids = [delivery.transfer_id for delivery in deliveries if delivery.transfer is None]
    if not ids:
        return
    session.scalars(
        select(Transfer).where(Transfer.id.in_(ids)).order_by(Transfer.id).with_for_update()
    ).all()
    by_id = {standing.transfer.id: standing for standing in standings(session, trust=trust, record=record)}
    seen = {delivery.transfer_id: delivery.provider.disputed for delivery in deliveries}
    going = [by_id[id] for id in ids if id in by_id]
    if len(going) != len(ids) or not all(
        standing.told == "held" or (standing.counts and standing.seen == seen[standing.transfer.id])
        for standing in going
    ):
        raise Refused(CHANGED_MEANWHILE)
    for standing in going:
        if standing.told == "disputed":
            # The sender has read why it is disputed, and ticked it.
            sign_that_it_stays(session, actor=actor, trust=trust, record=record, standing=standing, now=now)
        if standing.transfer.state == "acknowledged":
            # The teams must acknowledge the new version too.
            standing.transfer.state, standing.transfer.acknowledged_at = "received", None
