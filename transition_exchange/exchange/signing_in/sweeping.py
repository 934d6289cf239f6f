"""Cleaning up after sign-ins: keys of ended sessions, and what has expired."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from transition_exchange.exchange.signing_in.ending import KEPT_AFTER_END, forget_ledgers
from transition_exchange.exchange.signing_in.sessions import IDLE, LONGEST
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import AddressSlowdown, LateSave, RememberedDevice, SignInSession


def sweep(*, db: Database, now: datetime | None = None) -> None:
    """Wipe the keys of ended sessions, and delete expired sessions, devices, failure counts and late saves."""
    now = now or utc_now()
    over = or_(
        SignInSession.ended_at.is_not(None),
        SignInSession.last_seen_at < now - IDLE,
        SignInSession.created_at < now - LONGEST,
    )
    with db.read() as session:
        ended = session.scalars(
            select(SignInSession.id).where(over, SignInSession.wrapped_key.is_not(None))
        ).all()
    with db.write() as session:
        session.execute(update(SignInSession).where(over).values(wrapped_key=None))
        session.execute(
            delete(SignInSession).where(SignInSession.last_seen_at < now - LONGEST - KEPT_AFTER_END)
        )
        session.execute(delete(RememberedDevice).where(RememberedDevice.expires_at <= now))
        session.execute(delete(LateSave).where(LateSave.expires_at <= now))
        session.execute(
            delete(AddressSlowdown).where(AddressSlowdown.last_failure_at < now - timedelta(days=1))
        )
    forget_ledgers(ended)
