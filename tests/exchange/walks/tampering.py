"""What somebody who can write to the database does."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.store.models import Revision


def flipped(body: bytes, place: int = -1) -> bytes:
    """The same bytes but for one bit."""
    changed = bytearray(body)
    changed[place] ^= 1
    return bytes(changed)


def released(session: Session, record_id: UUID, number: int = 1) -> Revision:
    """A version that the transition team released."""
    return session.scalars(
        select(Revision).where(
            Revision.record_id == record_id, Revision.owner == "transition", Revision.number == number
        )
    ).one()
