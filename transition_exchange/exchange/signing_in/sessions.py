"""Signed-in browsers: begun, resumed at each request, ended. Their keys open with the cookie and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, note_by
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.keys.personal import open_actor
from transition_exchange.exchange.records import ledgers
from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    AddressSlowdown,
    LateSave,
    Principal,
    RememberedDevice,
    SignInSession,
)

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
HALF = timedelta(minutes=5)
TOUCH_EVERY = timedelta(seconds=60)
KEPT_AFTER_END = timedelta(hours=24)
"""For how long a session that ended by itself still says whose late save something is."""

Stage = Literal["half", "full"]
_WORD: dict[Stage, str] = {"half": "code", "full": "full"}


@dataclass(frozen=True)
class SignedIn:
    """A session that has just begun.

    Attributes:
        cookie: what the browser keeps; nothing else opens the session.
        stage: `half` until the second factor, then `full`.
        set_up: whether the second factor has still to be set up.
        choose_passphrase: whether the person came in by a recovery code and should choose a new passphrase.
        device: the cookie of a device that was remembered just now, for 14 days; None otherwise.
    """

    cookie: str = field(repr=False)
    stage: Stage
    ends_at: datetime
    set_up: bool = False
    choose_passphrase: bool = False
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Resumed:
    """A session found again at the next request.

    Attributes:
        actor: who acts, with their open teams; None before the second factor.
        ends_at: when it ends if nothing is asked for meanwhile.
        ends_at_latest: when it ends whatever happens.
    """

    stage: Stage
    principal_id: UUID
    actor: Actor | None
    ends_at: datetime
    ends_at_latest: datetime


def resume(*, db: Database, cookie: str, now: datetime | None = None) -> Resumed | None:
    """Who a cookie's session belongs to, with the teams they may still open.

    Returns:
        None for a cookie that is none of ours, and for a session that ended or whose person was removed.

    Raises:
        Tampered: a membership isn't what this person sealed for themselves.
    """
    now = now or utc_now()
    with db.read() as session:
        found = _find(session, cookie, now)
        if found is None:
            return None
        row, token, principal = found
        stage: Stage = "full" if row.stage == "full" else "half"
        seed = _seed(row, token, stage)
        if seed is None:
            return None
        actor = None
        if stage == "full":
            pair = KeyPair.from_seed(seed)
            actor = open_actor(session, principal=principal, pair=pair, session_id=row.id)
    if stage == "full" and now - row.last_seen_at >= TOUCH_EVERY:
        with db.write() as session:
            session.execute(
                update(SignInSession)
                .where(SignInSession.id == row.id, SignInSession.ended_at.is_(None))
                .values(last_seen_at=now)
            )
        row.last_seen_at = now
    return Resumed(
        stage=stage,
        principal_id=principal.id,
        actor=actor,
        ends_at=_ends_at(row),
        ends_at_latest=row.created_at + (LONGEST if stage == "full" else HALF),
    )


def sign_out(*, db: Database, cookie: str, now: datetime | None = None) -> None:
    """End a session. Nothing happens where it has ended already."""
    now = now or utc_now()
    try:
        session_id = SessionToken.from_cookie(cookie).id
    except CannotOpen:
        return
    with db.write() as session:
        row = session.get(SignInSession, session_id)
        if row is None or row.ended_at is not None:
            return
        principal = session.get_one(Principal, row.principal_id)
        session.delete(row)  # signed out on purpose: nothing that comes later is kept for it
        note_by(session, principal, "session.signed_out")
    forget_ledgers([session_id])


def sweep(*, db: Database, now: datetime | None = None) -> None:
    """Wipe the keys of sessions that ended, and delete what is over: old sessions, devices, counts, late saves."""
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


def begin(
    session: Session, *, principal_id: UUID, seed: bytes, stage: Stage, now: datetime
) -> tuple[str, datetime]:
    """Begin a session in the deed's own transaction.

    Returns:
        The cookie, and when the session ends if nothing is asked for.
    """
    token = SessionToken.new()
    session.add(
        SignInSession(
            id=token.id,
            principal_id=principal_id,
            stage=_WORD[stage],
            wrapped_key=token.wrap(seed, use=_WORD[stage]),
            created_at=now,
            last_seen_at=now,
        )
    )
    return token.cookie, now + (IDLE if stage == "full" else HALF)


def end_all(session: Session, *, principal_id: UUID, but: str | None = None) -> list[str]:
    """End a person's sessions and forget their devices, in the deed's own transaction.

    Args:
        but: the id of a session that goes on.

    Returns:
        The ids of the sessions that ended, for `forget_ledgers` once the transaction is over.
    """
    query = select(SignInSession.id).where(SignInSession.principal_id == principal_id)
    ended = [each for each in session.scalars(query) if each != but]
    session.execute(delete(SignInSession).where(SignInSession.id.in_(ended)))
    session.execute(delete(RememberedDevice).where(RememberedDevice.principal_id == principal_id))
    return ended


def forget_ledgers(session_ids: Iterable[str]) -> None:
    """Drop from this process's memory what ended sessions had opened."""
    for session_id in session_ids:
        ledgers.memory.forget(session_id)


@dataclass(frozen=True)
class OpenSession:
    """A session with the person's key, for the few deeds that need the key itself."""

    id: str
    stage: Stage
    created_at: datetime
    principal: Principal
    pair: KeyPair = field(repr=False)


def open_session(session: Session, *, cookie: str, now: datetime, stages: tuple[Stage, ...]) -> OpenSession:
    """Open the person's key with their cookie.

    Raises:
        NotAllowed: no such session, it has ended, or it is not so far yet.
    """
    found = _find(session, cookie, now)
    if found is not None:
        row, token, principal = found
        stage: Stage = "full" if row.stage == "full" else "half"
        seed = _seed(row, token, stage)
        if stage in stages and seed is not None:
            return OpenSession(
                id=row.id,
                stage=stage,
                created_at=row.created_at,
                principal=principal,
                pair=KeyPair.from_seed(seed),
            )
    raise NotAllowed("Your session has ended. Sign in again.")


def _find(
    session: Session, cookie: str, now: datetime
) -> tuple[SignInSession, SessionToken, Principal] | None:
    try:
        token = SessionToken.from_cookie(cookie)
    except CannotOpen:
        return None
    row = session.get(SignInSession, token.id)
    if row is None or row.ended_at is not None or now >= _ends_at(row):
        return None
    principal = session.get(Principal, row.principal_id)
    if principal is None or principal.removed_at is not None:
        return None
    return row, token, principal


def _ends_at(row: SignInSession) -> datetime:
    if row.stage == "code":
        return row.created_at + HALF
    return min(row.last_seen_at + IDLE, row.created_at + LONGEST)


def _seed(row: SignInSession, token: SessionToken, stage: Stage) -> bytes | None:
    """The wrapped seed; None where it was wiped, or wrapped for the other stage than the row now says."""
    if row.wrapped_key is None:
        return None
    try:
        return token.unwrap(row.wrapped_key, use=_WORD[stage])
    except CannotOpen:
        return None
