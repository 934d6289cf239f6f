"""Notices to a team's shared e-mail address: a count and a link, never personal data."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.store.models import OutboxMail, Team


def notify(session: Session, *, team_id: UUID, template: str, count: int = 1) -> None:
    """Queue a notice to a team, in the transaction of the action.

    A notice that is not sent yet gets the new count added to it. A team without an address gets no notice.

    Args:
        team_id: the team to tell.
        template: the name of the e-mail's text, such as `packs_waiting`.
        count: how many packs, questions or answers the notice is about.

    Raises:
        Unreadable: the team is unknown.
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
        figures: object = waiting.figures
        # Nobody's work may stop because of a number that nobody can read.
        earlier = figures.get("count", 0) if isinstance(figures, dict) else 0
        waiting.figures = {"count": earlier + count}
        return
    session.add(OutboxMail(to_address=team.notification_email, template=template, figures={"count": count}))
