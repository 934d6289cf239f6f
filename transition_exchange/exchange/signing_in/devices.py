"""Devices that need no second factor for 14 days, and that no lock keeps out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.store.models import RememberedDevice

REMEMBERED_FOR = timedelta(days=14)


def remember(session: Session, *, principal_id: UUID, now: datetime) -> str:
    """Remember the device in hand, in the deed's own transaction.

    Returns:
        The value of its cookie; only a digest is stored.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        RememberedDevice(
            principal_id=principal_id,
            token_digest=_digest(token),
            created_at=now,
            expires_at=now + REMEMBERED_FOR,
        )
    )
    return token


def is_known(session: Session, *, principal_id: UUID, device: str | None, now: datetime) -> bool:
    """Whether a device's cookie says that this person confirmed a second factor on it in the last 14 days."""
    if not device:
        return False
    found = session.scalar(
        select(RememberedDevice.id).where(
            RememberedDevice.token_digest == _digest(device),
            RememberedDevice.principal_id == principal_id,
            RememberedDevice.expires_at > now,
        )
    )
    return found is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
