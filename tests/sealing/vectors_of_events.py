"""The test vectors of a chain of events, its signed heads and a checkpoint, as a real database holds them."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.sealing.invented import PRINCIPAL, RECORD, numbered
from tests.store.rows import organisation
from transition_exchange.sealing.keys import SigningKey
from transition_exchange.store import checkpoints, events
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, SignedHead

INSTALLATION = SigningKey.from_seed(bytes(range(7, 39)))
AT = datetime(2027, 6, 3, 9, 30, 1, 250_000, tzinfo=UTC)


def of_a_chain() -> dict[str, Any]:
    """Two events of an organisation, the signed head, and the checkpoint that holds it."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'events.sqlite3'}")
        try:
            Base.metadata.create_all(db.engine)
            return _chain(db, organisation(db))
        finally:
            db.dispose()


def _chain(db: Database, school: UUID) -> dict[str, Any]:
    principal, about = UUID(PRINCIPAL), {"record": UUID(RECORD)}
    with db.write() as session:
        events.append(
            session, organisation_id=school, kind="team.created", at=AT, about={"team": numbered("team")}
        )
        events.append(
            session, organisation_id=school, kind="record.saved", principal_id=principal, about=about, at=AT
        )
    with db.write() as session:
        checkpoints.sign_heads(session, INSTALLATION.sign, now=AT)
    with db.read() as session:
        chain = session.scalars(select(Event).order_by(Event.seq)).all()
        (head,) = session.scalars(select(SignedHead)).all()
        return {
            "organisation": str(school),
            "events": [{"id": str(event.id), "body": event.body, "hash": event.hash} for event in chain],
            "public_key": INSTALLATION.public.hex(),
            "signed_head": {
                "seq": head.seq,
                "hash": head.hash,
                "signed_at": head.signed_at.isoformat(),
                "signature": head.signature,
            },
            "checkpoint": checkpoints.export(
                session,
                INSTALLATION.public,
                sign=INSTALLATION.sign,
                verify=lambda signature, text: INSTALLATION.sign(text) == signature,
                now=AT,
            ),
        }
