"""The outbox: mails wait there in rows and are taken one by one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from transition_exchange.config import Config
from transition_exchange.mail.invitation_texts import about_invitation
from transition_exchange.mail.letters import write
from transition_exchange.mail.post import Post
from transition_exchange.mail.unsendable import Unsendable
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, OutboxMail
from transition_exchange.store.tokens import invitation_link, new_token, token_digest
from transition_exchange.store.unreadable import Unreadable

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=6)
"""How long a mail waits at most before it is tried again."""

ATTEMPTS = 20
"""With `_back_off`, a mail is tried for about three days."""


@dataclass(frozen=True)
class Sent:
    """How many mails of one round through the outbox met which end.

    Attributes:
        sent: mails that a server took.
        failed: mails that will be tried again.
        given_up: mails that the receiving server refused for good, or that were tried often enough.
        dropped: invitations that were accepted, cancelled or expired before their mail was sent.
    """

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    dropped: int = 0


@dataclass(frozen=True)
class _Letter:
    """A mail taken from the outbox for this attempt."""

    id: UUID
    to: str = field(repr=False)
    template: str
    figures: Mapping[str, int]
    attempts: int
    link: str = field(repr=False)
    invitation: Mapping[str, object] = field(repr=False)


def send_due(db: Database, config: Config, *, now: datetime | None = None, most: int = 500) -> Sent:
    """Send what is due in the outbox, each mail in three steps: take, send, note.

    A mail counts as tried once it is taken, and waits longer after each attempt. So no mail is lost and no server is
    hammered, even if a worker dies or two run at once. Without an SMTP host everything stays.

    Args:
        db: the database.
        config: the settings; they name the mail server.
        now: the present moment; None for the clock's.
        most: how many mails are tried.

    Returns:
        How many were sent, failed, were given up or dropped.
    """
    if not config.smtp_host:
        return Sent()
    count = {"sent": 0, "failed": 0, "given_up": 0, "dropped": 0}
    with Post(config) as post:
        for mail_id in _due(db, now or utc_now())[:most]:
            try:
                taken = _take(db, config, mail_id, now or utc_now())
            except Unreadable:
                _put_off(db, mail_id, now or utc_now())
                logger.warning("E-mail %s cannot be read in the database, and waits", mail_id)
                continue
            if taken is None:
                continue
            if isinstance(taken, UUID):
                count["dropped"] += 1
                continue
            try:
                post.send(write(taken.template, _context(taken), to=taken.to, config=config))
            except Unsendable as error:
                over = error.for_good or taken.attempts >= ATTEMPTS
                _note(db, taken.id, now or utc_now(), error=str(error), given_up=over)
                count["given_up" if over else "failed"] += 1
                logger.warning(
                    "E-mail %s was not sent at attempt %d: %s (%s)",
                    taken.id,
                    taken.attempts,
                    error.words or "it could not be written",
                    error,
                )
                if error.all_alike:
                    break
            else:
                _note(db, taken.id, now or utc_now())
                count["sent"] += 1
    return Sent(**count)


def _context(letter: _Letter) -> dict[str, object]:
    return {**letter.figures, **letter.invitation, "link": letter.link}


def _back_off(attempts: int) -> timedelta:
    return LONGEST_WAIT if attempts > 8 else timedelta(minutes=2**attempts)


def _due(db: Database, now: datetime) -> list[UUID]:
    """The mails that are due, those that wait longest first. Ids alone: a row that cannot be read holds up no other."""
    with db.read() as session:
        return list(
            session.scalars(
                select(OutboxMail.id)
                .where(*_is_due(now))
                .order_by(OutboxMail.not_before, OutboxMail.created_at)
            )
        )


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None), OutboxMail.not_before <= now


def _put_off(db: Database, mail_id: UUID, now: datetime) -> None:
    """Let a mail wait that cannot be read, or whose invitation cannot: it goes once somebody has mended the row."""
    with db.write() as session:
        session.execute(
            update(OutboxMail).where(OutboxMail.id == mail_id).values(not_before=now + LONGEST_WAIT)
        )


def _take(db: Database, config: Config, mail_id: UUID, now: datetime) -> _Letter | UUID | None:
    """Take a mail that was due; its id alone if it is not wanted any more, None if somebody else has taken it.

    Raises:
        Unreadable: its row, or what it says about its invitation, cannot be read.
    """
    with db.write() as session:
        # Two workers that run at once take different mails; SQLite has locked everything anyway.
        due = select(OutboxMail.id).where(OutboxMail.id == mail_id, *_is_due(now))
        if session.scalars(due.with_for_update(skip_locked=True)).one_or_none() is None:
            return None
        mail = session.get_one(OutboxMail, mail_id)
        if not isinstance(mail.figures, Mapping):
            raise Unreadable
        link = config.public_url + "/"
        about: Mapping[str, object] = {}
        if mail.invitation_id is not None:
            invitation = _open_invitation(session, mail.invitation_id, now)
            if invitation is None:
                session.delete(mail)
                return mail.id
            token = new_token()
            invitation.link_digest, invitation.link_sent_at = token_digest(token), now
            link, about = invitation_link(config.public_url, token), about_invitation(session, invitation)
        mail.attempts = min(mail.attempts, ATTEMPTS) + 1  # no column holds every number
        mail.not_before = now + _back_off(mail.attempts)
        return _Letter(
            id=mail.id,
            to=mail.to_address or "",
            template=mail.template,
            figures=dict(mail.figures),
            attempts=mail.attempts,
            link=link,
            invitation=about,
        )


def _open_invitation(session: Session, invitation_id: UUID, now: datetime) -> Invitation | None:
    found = session.scalars(
        select(Invitation.id).where(
            Invitation.id == invitation_id,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
            Invitation.expires_at > now,
        )
    ).one_or_none()
    return None if found is None else session.get_one(Invitation, found)


def _note(db: Database, id: UUID, now: datetime, *, error: str | None = None, given_up: bool = False) -> None:
    with db.write() as session:
        mail = session.get(OutboxMail, id)
        if mail is None:
            return
        mail.last_error = error
        if error is None:
            mail.sent_at = now
        elif given_up:
            mail.given_up_at = now
        if error is None or given_up:
            mail.to_address = None
