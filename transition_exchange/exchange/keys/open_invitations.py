"""Invitations that somebody can still accept, and taking from them the five words that open what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.store.models import Invitation


def open_invitations(session: Session, organisation_id: UUID) -> Sequence[Invitation]:
    """An organisation's invitations that are neither accepted nor cancelled."""
    return session.scalars(
        select(Invitation).where(
            Invitation.organisation_id == organisation_id,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
        )
    ).all()


def take_words(invitation: Invitation) -> None:
    """Take the five words from an invitation, with what they open. A colleague makes new ones."""
    invitation.bundle, invitation.completed_by, invitation.completed_at = None, None, None
