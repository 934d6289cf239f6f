"""One open invitation for each person and team: two would have two links, and each its own five words."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.errors import Refused
from transition_exchange.store.models import Invitation, Team

WHAT_TO_DO = (
    "On “People and teams” you can send that invitation again, make new words for it, or take it back."
)


def require_not_invited(
    session: Session, *, organisation_id: UUID, email: str, team_ids: Sequence[UUID]
) -> None:
    """Refuse a second invitation into the same team while the first is open. One that has expired can be sent again.

    Into further teams the same person may be invited: that is how somebody joins two teams that share nobody.

    Args:
        organisation_id: the organisation. What others have invited somebody to is their own matter.
        email: the e-mail address, as `invitations.checked_email` returns it.
        team_ids: the teams of the new invitation; none if it only makes somebody an administrator.

    Raises:
        Refused: there is one that was neither accepted nor taken back.
    """
    wanted = {str(team_id) for team_id in team_ids}
    open_ones = select(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.email == email,
        Invitation.accepted_at.is_(None),
        Invitation.cancelled_at.is_(None),
    )
    for invitation in session.scalars(open_ones):
        same = wanted.intersection(invitation.team_ids)
        if same or not (wanted or invitation.team_ids):
            message = f"{_already(session, same)} and has not joined yet. {WHAT_TO_DO}"
            raise Refused(message, {"email": message})


def _already(session: Session, team_ids: set[str]) -> str:
    if not team_ids:
        return "Somebody with this e-mail address is already invited as an administrator"
    teams = session.scalars(select(Team.name).where(Team.id.in_({UUID(team_id) for team_id in team_ids})))
    return f"Somebody with this e-mail address is already invited into {listed(sorted(teams))}"
