"""What the service deletes by itself: records on their date, old invitations and sent e-mails."""

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
from transition_exchange.store.models import Invitation, Organisation, OutboxMail, Part, Record

STEP = 20
"""How many records one transaction deletes, so that nobody else waits long to write."""

KEPT_AFTER = timedelta(days=30)
"""How long an ended invitation and a sent e-mail are kept."""


def delete_due_records(*, db: Database, today: date) -> int:
    """Delete every record that is due, with everything that belongs to it at the school and at every provider.

    Each deletion is one event of the school. Every step is a transaction of its own, so the work can be interrupted.

    Returns:
        How many records were deleted.
    """
    with db.read() as session:
        rows = session.execute(
            # Without the other columns: a record is deleted on its date although one of them cannot be read.
            select(Record.id, Record.organisation_id, Record.delete_on)
            .join(Organisation, Organisation.id == Record.organisation_id)
            .where(Record.delete_on <= today)
            .order_by(Record.organisation_id, Record.id)
        ).all()
    for start in range(0, len(rows), STEP):
        step = rows[start : start + STEP]
        with db.write() as session:
            delete_records(session, [row.id for row in step])
            for row in step:
                events.append(
                    session,
                    organisation_id=row.organisation_id,
                    kind="record.deleted",
                    about={"record": row.id, "due": row.delete_on.isoformat()},
                )
    return len(rows)


def delete_records(session: Session, record_ids: Sequence[UUID]) -> None:
    """Delete records with everything that belongs to them at the school, at every provider and at the council.

    Args:
        session: the write session of the action, which appends its event afterwards.
        record_ids: the records.
    """
    # Ciphertexts may lie outside the database, where no foreign key reaches. The rest goes by ON DELETE CASCADE.
    part_ids = session.scalars(select(Part.id).where(Part.record_id.in_(record_ids))).all()
    ciphertexts_of(session).delete(session, part_ids)
    session.execute(
        delete(Record).where(Record.id.in_(record_ids)).execution_options(synchronize_session=False)
    )


def forget_invitations_and_mails(*, db: Database, now: datetime | None = None) -> None:
    """Wipe the links and keys of ended invitations, and delete old invitations and e-mails.

    An invitation has ended if it was accepted or cancelled or has expired. It is deleted `KEPT_AFTER` its expiry date,
    an e-mail `KEPT_AFTER` it was sent or given up.
    """
    now = now or utc_now()
    ended = or_(
        Invitation.expires_at <= now,
        Invitation.accepted_at.is_not(None),
        Invitation.cancelled_at.is_not(None),
    )
    usable = or_(Invitation.bundle.is_not(None), Invitation.link_digest.is_not(None))
    with db.write() as session:
        session.execute(update(Invitation).where(ended, usable).values(bundle=None, link_digest=None))
        session.execute(delete(Invitation).where(ended, Invitation.expires_at <= now - KEPT_AFTER))
        session.execute(
            delete(OutboxMail).where(
                or_(OutboxMail.sent_at <= now - KEPT_AFTER, OutboxMail.given_up_at <= now - KEPT_AFTER)
            )
        )
