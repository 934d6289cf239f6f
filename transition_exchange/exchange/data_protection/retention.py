"""What is deleted by itself: records on their day, invitations that came to nothing, mails that went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from transition_exchange.store import events
from transition_exchange.store.base import utc_now
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, OutboxMail, Part, Record

STEP = 20
"""Records deleted in one transaction, so that nobody who writes waits long."""
KEPT_AFTER = timedelta(days=30)
"""For how long an invitation that is over, or a mail that went, is still listed."""


def delete_due_records(*, db: Database, today: date) -> int:
    """Delete every record whose day has come, with all that hangs on it, at the school and at every provider.

    Each deletion is one event of the school's. In steps, each its own transaction: it can be interrupted.

    Returns:
        How many were deleted.
    """
    deleted = 0
    while True:
        with db.write() as session:
            due = session.scalars(
                select(Record)
                .where(Record.delete_on <= today)
                .order_by(Record.organisation_id, Record.id)
                .limit(STEP)
            ).all()
            _delete(session, due)
        deleted += len(due)
        if len(due) < STEP:
            return deleted


def _delete(session: Session, records: Sequence[Record]) -> None:
    ids: list[UUID] = [record.id for record in records]
    # No foreign key reaches the place where ciphertexts lie; all else goes by ON DELETE CASCADE.
    part_ids = session.scalars(select(Part.id).where(Part.record_id.in_(ids))).all()
    ciphertexts_of(session).delete(session, part_ids)
    session.execute(delete(Record).where(Record.id.in_(ids)).execution_options(synchronize_session=False))
    for record in records:
        events.append(
            session,
            organisation_id=record.organisation_id,
            kind="record.deleted",
            about={"record": record.id, "due": record.delete_on.isoformat()},
        )


def forget_invitations_and_mails(*, db: Database, now: datetime | None = None) -> None:
    """Wipe the link and the keys of invitations that are over, and later delete them and mails that went."""
    now = now or utc_now()
    over = or_(
        Invitation.expires_at <= now,
        Invitation.accepted_at.is_not(None),
        Invitation.cancelled_at.is_not(None),
    )
    usable = or_(Invitation.bundle.is_not(None), Invitation.link_digest.is_not(None))
    with db.write() as session:
        session.execute(update(Invitation).where(over, usable).values(bundle=None, link_digest=None))
        session.execute(delete(Invitation).where(over, Invitation.expires_at <= now - KEPT_AFTER))
        session.execute(
            delete(OutboxMail).where(
                or_(OutboxMail.sent_at <= now - KEPT_AFTER, OutboxMail.given_up_at <= now - KEPT_AFTER)
            )
        )
