"""Invitations as rows: made, wrapped under a spoken code, mailed, and listed until they are accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining.bundles import Bundle, bundle_for
from transition_exchange.exchange.keys.personal import invitation_use
from transition_exchange.exchange.records.folding import stored
from transition_exchange.exchange.signing_in.credentials import cost_of
from transition_exchange.sealing import passphrases, unlocks
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Organisation, OutboxMail, Team

VALID_FOR = timedelta(days=14)


def invitation_row(
    *,
    organisation_id: UUID,
    name: str,
    email: str,
    administrator: bool,
    team_ids: Sequence[UUID],
    invited_by: UUID | None,
    now: datetime,
) -> Invitation:
    """An invitation, not completed yet."""
    return Invitation(
        id=uuid4(),
        organisation_id=organisation_id,
        email=email,
        name=stored(name),
        administrator=administrator,
        team_ids=[str(each) for each in team_ids],
        invited_by=invited_by,
        created_at=now,
        expires_at=now + VALID_FOR,
        failures=0,
    )


def wrap_bundle(
    invitation: Invitation, bundle: Bundle, by: UUID | None, now: datetime, memory_kib: int
) -> str:
    """Wrap a bundle into an invitation, outside any transaction.

    Returns:
        The spoken code.
    """
    code = passphrases.spoken_code()
    invitation.bundle = unlocks.wrap(
        bundle.to_bytes(),
        passphrases.normalise(code),
        cost=cost_of(memory_kib),
        use=invitation_use(invitation.id),
    )
    invitation.completed_by, invitation.completed_at = by, now
    return code


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation that was not accepted yet, for a list.

    Attributes:
        completed: whether there is a spoken code for it.
        can_complete: whether the actor can make one now.
    """

    id: UUID
    organisation_id: UUID
    organisation_name: str
    name: str
    email: str
    administrator: bool
    teams: tuple[str, ...]
    completed: bool
    can_complete: bool
    expired: bool
    created_at: datetime
    expires_at: datetime


def open_invitations(
    *, db: Database, actor: Actor, now: datetime | None = None
) -> tuple[OpenInvitation, ...]:
    """Invitations that concern the actor: those of their organisation, and to the council those of its whole area."""
    now = now or utc_now()
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        query = (
            select(Invitation, Organisation.name)
            .join(Organisation, Organisation.id == Invitation.organisation_id)
            .where(Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None))
            .order_by(Invitation.created_at)
        )
        if own.coordinates:
            query = query.where(Organisation.area_id == own.area_id)
        else:
            query = query.where(Invitation.organisation_id == own.id)
        found = session.execute(query).all()
        names = {
            str(team.id): team.name
            for team in session.scalars(
                select(Team).where(Team.organisation_id.in_({row[0].organisation_id for row in found}))
            )
        }
        return tuple(
            OpenInvitation(
                id=row.id,
                organisation_id=row.organisation_id,
                organisation_name=organisation_name,
                name=row.name or "",
                email=row.email or "",
                administrator=row.administrator,
                teams=tuple(names.get(each, "") for each in row.team_ids),
                completed=row.bundle is not None,
                can_complete=row.expires_at > now and may_complete(session, actor, row),
                expired=row.expires_at <= now,
                created_at=row.created_at,
                expires_at=row.expires_at,
            )
            for row, organisation_name in found
        )


def may_complete(session: Session, actor: Actor, row: Invitation) -> bool:
    """Whether this session holds every key that an invitation needs."""
    return bundle_for(session, actor=actor, team_ids=[UUID(each) for each in row.team_ids]) is not None


def add_with_mail(session: Session, invitation: Invitation) -> None:
    """Add an invitation and its e-mail, in the deed's own transaction."""
    session.add(invitation)
    session.flush()
    mail(session, invitation)


def mail(session: Session, invitation: Invitation) -> None:
    """Queue the e-mail with the link; the link itself is made when it is sent."""
    session.add(
        OutboxMail(
            to_address=invitation.email, template="invitation", figures={}, invitation_id=invitation.id
        )
    )


def checked_email(email: str) -> str:
    """An e-mail address in lower case.

    Raises:
        Refused: it is none.
    """
    try:
        return validate_email(
            email.strip(), check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError:
        message = "Enter an e-mail address such as name@school.example."
        raise Refused(message, {"email": message}) from None


def checked_name(name: str) -> str:
    """A person's name, as it is stored.

    Raises:
        Refused: there is none, or it is far too long.
    """
    name = stored(name)
    if not name or len(name) > 200:
        message = "Enter the person's name."
        raise Refused(message, {"name": message})
    return name
