"""Notices that something waits: to a team's shared e-mail address, and to those of its members who want their own.

A notice is a count and a link, never personal data.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import LONDON
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Membership, OutboxMail, Principal, Team

MORNING = time(7)
"""When those are told who want one notice a day, by the clock in England."""


def notify(session: Session, *, team_id: UUID, template: str, count: int = 1) -> None:
    """Queue a notice to a team and to its members who want their own, in the transaction of the action.

    A notice that is not sent yet gets the new count added to it. A team without an address gets no notice.

    Args:
        team_id: the team to tell.
        template: the name of the e-mail's text, such as `packs_waiting`.
        count: how many packs, questions or answers the notice is about.

    A notice is a courtesy. Where somebody has spoilt what is stored about the team, it is left out and counted, and the
    action goes on: nobody's record stays with a provider because of an address.
    """
    now = utc_now()
    shared = session.scalar(select(Team.notification_email).where(Team.id == team_id))
    if shared:
        _queue(session, to=shared, template=template, count=count, not_before=now)
    members = session.execute(
        select(Principal.email, Principal.own_notices)
        .join(Membership, Membership.principal_id == Principal.id)
        .where(
            Membership.team_id == team_id,
            Membership.removed_at.is_(None),
            Principal.removed_at.is_(None),
            Principal.own_notices.in_(("at_once", "daily")),
        )
        .distinct()
    ).all()
    for email, when in members:
        if email != shared:
            not_before = next_morning(now) if when == "daily" else now
            _queue(session, to=email, template=template, count=count, not_before=not_before)


def next_morning(now: datetime) -> datetime:
    """The next time at which those are told who want one notice a day."""
    there = now.astimezone(LONDON)
    day = there.date() if there.time() < MORNING else there.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, LONDON).astimezone(now.tzinfo)


def _queue(session: Session, *, to: str, template: str, count: int, not_before: datetime) -> None:
    waiting = session.scalar(
        select(OutboxMail).where(
            OutboxMail.to_address == to,
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
    session.add(OutboxMail(to_address=to, template=template, figures={"count": count}, not_before=not_before))
