"""What an organisation's chain of events says, for tests that ask whether something was written down."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event


def events_of(db: Database, organisation_id: UUID) -> list[events.Action]:
    """An organisation's events, oldest first."""
    with db.read() as session:
        rows = session.scalars(
            select(Event).where(Event.organisation_id == organisation_id).order_by(Event.seq)
        )
        return [events.read(row) for row in rows]


def kinds_of(db: Database, organisation_id: UUID) -> list[str]:
    """Their kinds alone."""
    return [event.kind for event in events_of(db, organisation_id)]
