"""Forms that could not be saved when they were sent: sealed to the person for a day, and offered again.

The session had expired, the key of the person's team had been changed, or something else stood in the way.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select

from transition_exchange.exchange.actor import Actor, note_by
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.personal import late_save_use
from transition_exchange.exchange.signing_in import ending, sessions
from transition_exchange.sealing import CannotOpen, late_saves
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import LateSave, Principal, SignInSession
from transition_exchange.stored_text import UnreadableText, read_object

KEPT_FOR = timedelta(hours=24)
MOST_OF_ONE_PERSON = 20
LARGEST = 1024 * 1024
"""The largest form that is kept, in bytes."""

Why = Literal["session", "key", "refused"]
"""Why a form was not saved: the session had ended, the team's key had been changed, or it was refused otherwise."""

Form = Mapping[str, Sequence[str]]
"""The values of a form's fields, by name."""


@dataclass(frozen=True)
class Waiting:
    """A late save that can still be opened."""

    id: UUID
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Opened:
    """What was typed, the path to which it was sent, and why it was not saved."""

    path: str
    form: Form = field(repr=False)
    why: Why = "session"


def keep(
    *,
    db: Database,
    cookie: str,
    path: str,
    form: Form,
    why: Why = "session",
    instead_of: Collection[UUID] = (),
    now: datetime | None = None,
) -> bool:
    """Seal a form, together with its path, to the person whose session it comes from, expired or not.

    The path is sealed as well. In plain it would tell which page of which learner's form somebody wrote on, and whoever
    changed it in the database would have one learner's answers put into another learner's form.

    Args:
        cookie: the cookie of the expired session.
        path: the path in this service to which the form was sent.
        form: the values as they were sent, without the form's own token.
        why: why it was not saved.
        instead_of: earlier late saves of the person that this form puts back. It takes their place.

    Returns:
        Whether it was kept. It is not kept for an unknown session, for one that expired more than a day ago or was
        signed out more than an hour ago, for a removed person, or if the form is too large or the person has too many
        late saves.
    """
    now = now or utc_now()
    try:
        token = SessionToken.from_cookie(cookie)
    except CannotOpen:
        return False
    content = {"path": path, "form": {name: list(values) for name, values in form.items()}, "why": why}
    body = json.dumps(content, ensure_ascii=False).encode()
    if len(body) > LARGEST or len(path) > 500:
        return False
    with db.read() as session:
        row = session.get(SignInSession, token.id)
        if row is None or row.late_keys is None or now - row.last_seen_at > ending.KEPT_AFTER_END:
            return False
        try:
            keys = late_saves.LateKeys.unwrap(token, row.late_keys)
        except CannotOpen:
            return False
        principal = session.get(Principal, keys.principal_id)
        count = session.scalar(
            select(func.count(LateSave.id)).where(
                LateSave.principal_id == keys.principal_id, LateSave.id.not_in(instead_of)
            )
        )
    if principal is None or principal.removed_at is not None or (count or 0) >= MOST_OF_ONE_PERSON:
        return False
    late_save_id = uuid4()
    use = late_save_use(principal.id, late_save_id)
    sealed = keys.seal(body, use=use)
    with db.write() as session:
        session.execute(
            delete(LateSave).where(LateSave.principal_id == principal.id, LateSave.id.in_(instead_of))
        )
        session.add(
            LateSave(
                id=late_save_id,
                principal_id=principal.id,
                sealed=sealed,
                created_at=now,
                expires_at=now + KEPT_FOR,
            )
        )
        note_by(session, principal, "late_save.kept")
    return True


def waiting(*, db: Database, actor: Actor, now: datetime | None = None) -> tuple[Waiting, ...]:
    """The actor's late saves of the last 24 hours, the oldest first."""
    with db.read() as session:
        late_saves = session.scalars(
            select(LateSave)
            .where(LateSave.principal_id == actor.principal_id, LateSave.expires_at > (now or utc_now()))
            .order_by(LateSave.created_at)
        )
        return tuple(
            Waiting(id=late_save.id, created_at=late_save.created_at, expires_at=late_save.expires_at)
            for late_save in late_saves
        )


def open_all(*, db: Database, cookie: str, waiting: Sequence[Waiting]) -> dict[UUID, Opened | None]:
    """Each late save, by id; None for one that fails its safety check.

    Raises:
        NotAllowed: the session has ended.
    """
    found: dict[UUID, Opened | None] = {}
    for late_save in waiting:
        try:
            found[late_save.id] = open_late_save(db=db, cookie=cookie, late_save_id=late_save.id)
        except Tampered:
            found[late_save.id] = None
        except NotFound:
            continue  # another tab has just saved it or thrown it away
    return found


def open_late_save(*, db: Database, cookie: str, late_save_id: UUID, now: datetime | None = None) -> Opened:
    """Open a late save, to put it back into its page.

    Raises:
        NotAllowed: the session has ended.
        NotFound: the late save is unknown, somebody else's or expired.
        Tampered: it is not what was sealed.
    """
    now = now or utc_now()
    with db.read() as session:
        current = sessions.open_session(session, cookie=cookie, now=now, stages=("full",))
        late_save = session.get(LateSave, late_save_id)
    if late_save is None or late_save.principal_id != current.principal.id or late_save.expires_at <= now:
        raise NotFound
    try:
        use = late_save_use(current.principal.id, late_save.id)
        content = read_object(
            late_saves.open(current.pair, late_save.sealed, principal_id=current.principal.id, use=use)
        )
        form = {name: [str(value) for value in values] for name, values in content["form"].items()}
        if content["why"] not in get_args(Why):
            raise KeyError
        return Opened(path=str(content["path"]), form=form, why=content["why"])
    except (CannotOpen, UnreadableText, KeyError, TypeError, AttributeError) as error:
        raise Tampered("Your unsaved work failed its safety check, so it cannot be shown.") from error


def drop(*, db: Database, actor: Actor, late_save_id: UUID) -> None:
    """Delete one of the actor's late saves.

    Raises:
        NotFound: the late save is unknown, already deleted or somebody else's.
    """
    if not drop_all(db=db, actor=actor, late_save_ids=[late_save_id]):
        raise NotFound


def drop_all(*, db: Database, actor: Actor, late_save_ids: Sequence[UUID]) -> int:
    """Delete those of some late saves that are there and the actor's, in one transaction.

    Returns:
        How many they were.
    """
    own = (LateSave.id.in_(late_save_ids), LateSave.principal_id == actor.principal_id)
    with db.write() as session:
        found = len(session.scalars(select(LateSave.id).where(*own)).all())
        session.execute(delete(LateSave).where(*own))
        for _ in range(found):
            actor.note(session, "late_save.dropped")
    return found
