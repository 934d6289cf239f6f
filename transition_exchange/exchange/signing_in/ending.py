"""What ends a session: signing out, signing in again in its browser, and what ends all of a person's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import note_by
from transition_exchange.exchange.records.ledger_memory import memory
from transition_exchange.exchange.signing_in.devices import Browser
from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.late_saves import LateKeys
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Principal, RememberedDevice, SignInSession

KEPT_AFTER_END = timedelta(hours=24)
"""An expired session stays known for so long, to tell whose form was sent after it had expired."""

KEPT_AFTER_SIGN_OUT = timedelta(hours=1)
"""So long after somebody has signed out, forms that were open are still kept for them."""


def sign_out(*, db: Database, cookie: str, now: datetime | None = None) -> str | None:
    """End a session.

    Returns:
        A cookie that opens nothing, by which forms that were open are kept for the person for an hour
        (`late_saves.keep`); None if the session has already ended.
    """
    now = now or utc_now()
    try:
        token = SessionToken.from_cookie(cookie)
    except CannotOpen:
        return None
    with db.write() as session:
        row = session.get(SignInSession, token.id)
        if row is None or row.ended_at is not None:
            return None
        principal = session.get_one(Principal, row.principal_id)
        left = _leave(session, row, token, now)
        session.delete(row)
        note_by(session, principal, "session.signed_out")
    forget_ledgers([token.id])
    return left


def _leave(session: Session, row: SignInSession, token: SessionToken, now: datetime) -> str | None:
    """Leave behind an ended session that can only seal to its person, under a token of its own, for an hour."""
    try:
        keys = LateKeys.unwrap(token, row.late_keys or b"")
    except CannotOpen:
        return None
    left = SessionToken.new()
    session.add(
        SignInSession(
            id=left.id,
            principal_id=row.principal_id,
            stage="full",
            wrapped_key=None,
            late_keys=keys.wrap(left),
            created_at=now,
            last_seen_at=now - KEPT_AFTER_END + KEPT_AFTER_SIGN_OUT,
            ended_at=now,
            failures=0,
        )
    )
    return left.cookie


def end_of_browser(session: Session, browser: Browser) -> None:
    """End the session that a browser has until now, in the transaction of the action; nothing if it has none."""
    try:
        session_id = SessionToken.from_cookie(browser.session).id
    except CannotOpen:
        return
    session.execute(delete(SignInSession).where(SignInSession.id == session_id))
    forget_ledgers([session_id])


def end_all(session: Session, *, principal_id: UUID, but: str | None = None) -> list[str]:
    """End a person's sessions and forget their devices, in the transaction of the action.

    Args:
        principal_id: the person.
        but: the id of a session that continues.

    Returns:
        The ids of the ended sessions. Call `forget_ledgers` with them after the transaction.
    """
    query = select(SignInSession.id).where(SignInSession.principal_id == principal_id)
    ended = [session_id for session_id in session.scalars(query) if session_id != but]
    session.execute(delete(SignInSession).where(SignInSession.id.in_(ended)))
    session.execute(delete(RememberedDevice).where(RememberedDevice.principal_id == principal_id))
    return ended


def forget_ledgers(session_ids: Iterable[str]) -> None:
    """Drop the ledgers of ended sessions from this process's memory."""
    for session_id in session_ids:
        memory.forget(session_id)
