"""Where somebody is signed in, and which browsers know them: listed for the person, and ended by them.

A browser is kept in a few fixed words, such as "Firefox on Windows": enough to tell one's own computer from a
stranger's. Network addresses, places and versions are kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.signing_in.ending import forget_ledgers
from transition_exchange.exchange.signing_in.sessions import IDLE, LONGEST
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Principal, RememberedDevice, SignInSession


@dataclass(frozen=True)
class SignedInBrowser:
    """A browser in which the person is signed in now.

    Attributes:
        id: the session's id, which opens nothing.
        browser: the browser in a few words; empty if nobody says.
        current: whether it is the session that asks.
    """

    id: str
    browser: str
    began_at: datetime
    last_used_at: datetime
    current: bool


@dataclass(frozen=True)
class KnownBrowser:
    """A browser with which the person has signed in before.

    Attributes:
        browser: the browser in a few words; empty if nobody says.
        no_code_until: until when it needs no second factor; None if it needs one.
        current: whether it is the browser that asks.
    """

    id: UUID
    browser: str
    first_used_at: datetime
    last_used_at: datetime
    no_code_until: datetime | None
    current: bool


@dataclass(frozen=True)
class Browsers:
    """A person's open sessions and known browsers, the one that was used last first."""

    sessions: tuple[SignedInBrowser, ...]
    known: tuple[KnownBrowser, ...]


def own_browsers(*, db: Database, actor: Actor, now: datetime | None = None) -> Browsers:
    """The actor's open sessions and known browsers."""
    now = now or utc_now()
    with db.read() as session:
        rows = session.scalars(
            select(SignInSession)
            .where(SignInSession.principal_id == actor.principal_id, *_open(now))
            .order_by(SignInSession.last_seen_at.desc(), SignInSession.id)
        ).all()
        devices = session.scalars(
            select(RememberedDevice)
            .where(RememberedDevice.principal_id == actor.principal_id, RememberedDevice.expires_at > now)
            .order_by(RememberedDevice.last_used_at.desc(), RememberedDevice.id)
        ).all()
    here = next((row.device_id for row in rows if row.id == actor.session_id), None)
    return Browsers(
        sessions=tuple(
            SignedInBrowser(
                id=row.id,
                browser=row.browser,
                began_at=row.created_at,
                last_used_at=row.last_seen_at,
                current=row.id == actor.session_id,
            )
            for row in rows
        ),
        known=tuple(
            KnownBrowser(
                id=device.id,
                browser=device.browser,
                first_used_at=device.created_at,
                last_used_at=device.last_used_at,
                no_code_until=_later(device.no_code_until, now),
                current=device.id == here,
            )
            for device in devices
        ),
    )


def end_session(*, db: Database, actor: Actor, session_id: str) -> None:
    """End one of the actor's sessions.

    Raises:
        NotFound: the session is unknown, somebody else's or has ended.
    """
    with db.write() as session:
        if session_id not in _ended(session, actor.principal_id, SignInSession.id == session_id):
            raise NotFound
        actor.note(session, "session.ended", sessions=1)
    forget_ledgers([session_id])


def end_other_sessions(*, db: Database, actor: Actor) -> int:
    """End every session of the actor but the one that asks.

    Returns:
        How many sessions ended.
    """
    with db.write() as session:
        ended = _ended(session, actor.principal_id, SignInSession.id != actor.session_id)
        if ended:
            actor.note(session, "session.ended", sessions=len(ended))
    forget_ledgers(ended)
    return len(ended)


def forget_browser(*, db: Database, actor: Actor, device_id: UUID) -> None:
    """Forget one of the actor's known browsers. It needs a code at the next sign-in, and a session in it goes on.

    Raises:
        NotFound: the browser is unknown or somebody else's.
    """
    with db.write() as session:
        device = session.get(RememberedDevice, device_id)
        if device is None or device.principal_id != actor.principal_id:
            raise NotFound
        session.delete(device)
        actor.note(session, "browser.forgotten")


def count_of_sessions(*, db: Database, actor: Actor, principal_id: UUID, now: datetime | None = None) -> int:
    """In how many browsers somebody of the actor's organisation is signed in now.

    Raises:
        NotAllowed: the actor is not an administrator.
        NotFound: the person is unknown, removed or of another organisation.
    """
    if not actor.administrator:
        raise NotAllowed("Only an administrator of your organisation can do this.")
    with db.read() as session:
        person = session.get(Principal, principal_id)
        if person is None or person.removed_at is not None or person.organisation_id != actor.organisation_id:
            raise NotFound
        query = select(func.count(SignInSession.id)).where(
            SignInSession.principal_id == principal_id, *_open(now or utc_now())
        )
        return session.scalar(query) or 0


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SignInSession.stage == "full",
        SignInSession.ended_at.is_(None),
        SignInSession.last_seen_at > now - IDLE,
        SignInSession.created_at > now - LONGEST,
    )


def _ended(session: Session, principal_id: UUID, which: ColumnElement[bool]) -> list[str]:
    """End a person's sessions, in the transaction of the action. Returns their ids."""
    ids = list(
        session.scalars(
            select(SignInSession.id).where(
                SignInSession.principal_id == principal_id, SignInSession.ended_at.is_(None), which
            )
        )
    )
    session.execute(delete(SignInSession).where(SignInSession.id.in_(ids)))
    return ids


def _later(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None
