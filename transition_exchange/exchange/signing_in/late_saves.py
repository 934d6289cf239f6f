"""What somebody sent after their session had ended: sealed to them for a day, and offered after the next sign-in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select

from transition_exchange.exchange.actor import Actor, note_by
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.personal import late_save_use
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.sealing import CannotOpen, hpke, padding
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import LateSave, Principal, SignInSession

KEPT_FOR = timedelta(hours=24)
MOST_OF_ONE_PERSON = 20
LARGEST = 1024 * 1024

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Waiting:
    """Something that came too late and is still there."""

    id: UUID
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Opened:
    """What was typed, and where it was sent."""

    path: str
    form: Form = field(repr=False)


def keep(*, db: Database, cookie: str, path: str, form: Form, now: datetime | None = None) -> bool:
    """Seal a form to the person whose session has just ended by itself, with where it was sent.

    A path names no one, but it tells which page of which learner's form there was something to write on; and whoever
    could change it in the database would have one learner's answers put into another's form.

    Args:
        path: where it was sent: a path of ours.
        form: the fields as they came, without the form's own token.

    Returns:
        Whether it was kept: not for a cookie of no session, nor one signed out or long past, nor too much.
    """
    now = now or utc_now()
    try:
        session_id = SessionToken.from_cookie(cookie).id
    except CannotOpen:
        return False
    said = {"path": path, "form": {name: list(values) for name, values in form.items()}}
    body = json.dumps(said, ensure_ascii=False).encode()
    if len(body) > LARGEST or len(path) > 500:
        return False
    with db.read() as session:
        row = session.get(SignInSession, session_id)
        if row is None or row.stage != "full" or now - row.last_seen_at > sessions.KEPT_AFTER_END:
            return False
        principal = session.get(Principal, row.principal_id)
        kept = session.scalar(
            select(func.count(LateSave.id)).where(LateSave.principal_id == row.principal_id)
        )
    if principal is None or principal.removed_at is not None or (kept or 0) >= MOST_OF_ONE_PERSON:
        return False
    id = uuid4()
    sealed = hpke.seal(principal.kem_public, padding.pad(body), info=late_save_use(principal.id, id))
    with db.write() as session:
        session.add(
            LateSave(
                id=id,
                principal_id=principal.id,
                sealed=sealed,
                created_at=now,
                expires_at=now + KEPT_FOR,
            )
        )
        note_by(session, principal, "late_save.kept")
    return True


def waiting(*, db: Database, actor: Actor, now: datetime | None = None) -> tuple[Waiting, ...]:
    """What of the actor's came too late in the last 24 hours, oldest first."""
    with db.read() as session:
        rows = session.scalars(
            select(LateSave)
            .where(LateSave.principal_id == actor.principal_id, LateSave.expires_at > (now or utc_now()))
            .order_by(LateSave.created_at)
        )
        return tuple(Waiting(id=row.id, created_at=row.created_at, expires_at=row.expires_at) for row in rows)


def open_late_save(*, db: Database, cookie: str, late_save_id: UUID, now: datetime | None = None) -> Opened:
    """Open what came too late, to be put back into its page.

    Raises:
        NotAllowed: the session has ended.
        NotFound: no such thing of this person's, or its day is over.
        Tampered: it is not what was sealed.
    """
    now = now or utc_now()
    with db.read() as session:
        current = sessions.open_session(session, cookie=cookie, now=now, stages=("full",))
        row = session.get(LateSave, late_save_id)
    if row is None or row.principal_id != current.principal.id or row.expires_at <= now:
        raise NotFound
    try:
        use = late_save_use(current.principal.id, row.id)
        said = json.loads(padding.unpad(hpke.open(current.pair, row.sealed, info=use)))
    except CannotOpen as error:
        raise Tampered("What you sent then failed its safety check, so it cannot be shown.") from error
    return Opened(path=said["path"], form=said["form"])


def drop(*, db: Database, actor: Actor, late_save_id: UUID) -> None:
    """Delete what came too late: it was put back, or is not wanted. Nothing happens where it has gone."""
    with db.write() as session:
        mine = (LateSave.id == late_save_id, LateSave.principal_id == actor.principal_id)
        if session.scalar(select(LateSave.id).where(*mine)) is None:
            return
        session.execute(delete(LateSave).where(*mine))
        actor.note(session, "late_save.dropped")
