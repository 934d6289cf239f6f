"""Mails that wait in the outbox, written as an action of the exchange writes them, and what the log says of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.store.rows import organisation
from transition_exchange.config import Config
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, OutboxMail

NOW = datetime(2027, 6, 3, 10, 0, tzinfo=UTC)
ADDRESS = "senco@ashdown.example"
Serve = Callable[..., Config]


def waiting(db: Database, template: str = "packs_waiting", to: str = ADDRESS, count: int = 3) -> UUID:
    """The id of a notice that is due."""
    with db.write() as session:
        mail = OutboxMail(to_address=to, template=template, figures={"count": count}, not_before=NOW)
        session.add(mail)
        session.flush()
        return mail.id


def invited(db: Database, **changes: object) -> UUID:
    """The id of an invitation whose mail is due."""
    school = organisation(db, "Ashdown School")
    with db.write() as session:
        invitation = Invitation(
            organisation_id=school, email=ADDRESS, name="A. Person", expires_at=NOW + timedelta(days=7)
        )
        for name, value in changes.items():
            setattr(invitation, name, value)
        session.add(invitation)
        session.flush()
        session.add(
            OutboxMail(
                to_address=ADDRESS,
                template="invitation",
                figures={},
                invitation_id=invitation.id,
                not_before=NOW,
            )
        )
        return invitation.id


def row_of(db: Database, id: UUID) -> OutboxMail:
    """The mail as it stands in the outbox now."""
    with db.read() as session:
        return session.get_one(OutboxMail, id)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What the exchange logged; aiosmtpd, in the same process, logs addresses."""
    ours = [record for record in caplog.records if record.name.startswith("transition_exchange")]
    return "\n".join(caplog.handler.format(record) for record in ours)
