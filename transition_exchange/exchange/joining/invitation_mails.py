"""How far the mail with an invitation's link is, and how often one may be sent, so that nobody is flooded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from transition_exchange.english import day, plural
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.mail.failures import refusal_in_words
from transition_exchange.store import chain
from transition_exchange.store.base import CLOCKS_DIFFER
from transition_exchange.store.models import Event, Invitation, OutboxMail

SENT_AGAIN, READDRESSED = "invitation.sent_again", "invitation.readdressed"
"""The kinds of events by which a chain tells that somebody had another mail sent."""

A_DAY = 30
"""How many invitations one person may send again or to another address within a day."""

TO_ONE_A_DAY = 4
"""How many mails with an invitation into one organisation an address gets within a day."""

ENOUGH = f"You have sent {A_DAY} invitations again within a day. Go on tomorrow, or ask a colleague."
ENOUGH_TO_ONE = (
    f"We have sent {TO_ONE_A_DAY} e-mails to this address within a day. Ask the person to look among what their mail "
    "program calls junk, check the address with them, or go on tomorrow."
)


@dataclass(frozen=True)
class MailState:
    """How far the newest mail of an invitation is.

    Attributes:
        words: that, in words.
        refused: whether it will not be tried again.
    """

    words: str
    refused: bool = False


NO_MAIL = MailState("None was sent from here.")


def mail_states(session: Session, invitations: Collection[Invitation]) -> Mapping[UUID, MailState]:
    """How far the newest mail of each of some invitations is, by the invitations' ids."""
    mails = session.scalars(
        select(OutboxMail)
        .where(OutboxMail.invitation_id.in_([invitation.id for invitation in invitations]))
        .order_by(OutboxMail.created_at)
    )
    newest = {mail.invitation_id: mail for mail in mails}
    return {
        invitation.id: _state(newest.get(invitation.id), invitation.link_sent_at)
        for invitation in invitations
    }


def _state(mail: OutboxMail | None, link_sent_at: datetime | None) -> MailState:
    """How far a mail is.

    Args:
        mail: the mail; None if there never was one, or if it was sent so long ago that it was deleted.
        link_sent_at: when the newest link was made.
    """
    if mail is None:
        if link_sent_at is None:
            return NO_MAIL
        # The command line makes a link that whoever runs the service passes on.
        return MailState(f"None is kept here. The link was made on {day(link_sent_at)}.")
    if mail.sent_at is not None:
        return MailState(f"Sent {day(mail.sent_at)}.")
    why = refusal_in_words(mail.last_error or "")
    if mail.given_up_at is not None:
        said = f"Refused: {why}" if why else f"Could not be sent in {plural(mail.attempts, 'attempt')}"
        return MailState(f"{said}.", refused=True)
    if mail.attempts and mail.last_error:
        said = f"Not sent yet: {why}" if why else "Not sent yet"
        return MailState(f"{said}. We have tried {plural(mail.attempts, 'time')}, and go on trying.")
    return MailState("Waits to be sent.")


def require_not_too_often(session: Session, *, actor: Actor, now: datetime) -> None:
    """Refuse another mail by somebody who has had many sent within a day.

    Raises:
        Refused: they have sent `A_DAY` invitations again or to another address.
    """
    ours = or_(*(Event.body.contains(f'"kind":"{kind}"') for kind in (SENT_AGAIN, READDRESSED)))
    lately = sum(
        action.kind in (SENT_AGAIN, READDRESSED)
        and action.principal_id == actor.principal_id
        and now - timedelta(days=1) < action.at <= now + CLOCKS_DIFFER
        for action in chain.told(session, actor.organisation_id, ours)
    )
    if lately >= A_DAY:
        raise Refused(ENOUGH, {"email": ENOUGH})


def require_not_flooded(session: Session, *, organisation_id: UUID, email: str | None, now: datetime) -> None:
    """Refuse another mail to an address that has got some within a day, whoever had them sent.

    Args:
        organisation_id: the organisation into which the mails invite.
        email: the address.

    Raises:
        Refused: it has got `TO_ONE_A_DAY`.
    """
    lately = session.scalar(
        select(func.count())
        .select_from(OutboxMail)
        .join(Invitation, Invitation.id == OutboxMail.invitation_id)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.email == email,
            OutboxMail.created_at.between(now - timedelta(days=1), now + CLOCKS_DIFFER),
        )
    )
    if (lately or 0) >= TO_ONE_A_DAY:
        raise Refused(ENOUGH_TO_ONE, {"email": ENOUGH_TO_ONE})


def waiting_mail(session: Session, invitation: Invitation) -> OutboxMail | None:
    """The mail of an invitation that is still to be sent; None if there is none."""
    return session.scalars(
        select(OutboxMail)
        .where(
            OutboxMail.invitation_id == invitation.id,
            OutboxMail.sent_at.is_(None),
            OutboxMail.given_up_at.is_(None),
        )
        .order_by(OutboxMail.created_at)
        .limit(1)
    ).one_or_none()
