"""Notices to a team's shared address: counts and a link, nothing about anybody."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.store.models import OutboxMail, Team


def notify(session: Session, *, team_id: UUID, template: str, count: int = 1) -> None:
    """Queue a notice to a team, in the deed's own transaction; one that still waits is counted up instead.

    Args:
        template: the e-mail's name, such as `packs_waiting`.
        count: how many packs, questions or answers it is about.
    """
    team = session.get_one(Team, team_id)
    if not team.notification_email:
        return
    waiting = session.scalar(
        select(OutboxMail).where(
            OutboxMail.to_address == team.notification_email,
            OutboxMail.template == template,
            OutboxMail.sent_at.is_(None),
            OutboxMail.attempts == 0,
        )
    )
    if waiting is not None:
        waiting.figures = {"count": int(waiting.figures["count"]) + count}
        return
    session.add(OutboxMail(to_address=team.notification_email, template=template, figures={"count": count}))
