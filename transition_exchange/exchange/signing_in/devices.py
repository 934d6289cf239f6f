"""Remembered devices: for 14 days they need no second factor, and a locked account still lets them try."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.store.models import RememberedDevice
from transition_exchange.store.tokens import new_token, token_digest

REMEMBERED_FOR = timedelta(days=14)


def remember(session: Session, *, principal_id: UUID, now: datetime) -> str:
    """Remember a person's device, in the transaction of the action.

    Returns:
        The value of the device's cookie. Only its digest is stored.
    """
    token = new_token()
    session.add(
        RememberedDevice(
            principal_id=principal_id,
            token_digest=token_digest(token),
            created_at=now,
            expires_at=now + REMEMBERED_FOR,
        )
    )
    return token


def is_known(session: Session, *, principal_id: UUID, device: str | None, now: datetime) -> bool:
    """Whether the device with this cookie was remembered for this person in the last 14 days."""
    if not device:
        return False
    device_id = session.scalar(
        select(RememberedDevice.id).where(
            RememberedDevice.token_digest == token_digest(device),
            RememberedDevice.principal_id == principal_id,
            RememberedDevice.expires_at > now,
        )
    )
    return device_id is not None
