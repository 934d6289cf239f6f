"""One open invitation for each person and team, and none into a team that they are in.

Two would have two links, and each its own five words. One for a member would bring them nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.team_identities import names
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.store.models import Invitation, Membership, Principal

SOMEBODY = "Somebody with this e-mail address"
WHAT_TO_DO = (
    "On “People and teams” you can send that invitation again, make new words for it, or take it back."
)


def require_new(
    session: Session, *, actor: Actor, email: str, team_ids: Sequence[UUID], administrator: bool
) -> None:
    """Refuse an invitation into a team of the actor's organisation that the person is in, or is invited into already.

    Args:
        email: the e-mail address, as `email_addresses.checked_email` returns it.
        team_ids: the teams of the new invitation; none if it only makes somebody an administrator.
        administrator: whether it makes them an administrator.

    Raises:
        Refused: as `require_no_member` and `require_not_invited`.
    """
    require_no_member(session, actor=actor, email=email, team_ids=team_ids, administrator=administrator)
    require_not_invited(session, actor=actor, email=email, team_ids=team_ids)


def require_not_invited(session: Session, *, actor: Actor, email: str, team_ids: Sequence[UUID]) -> None:
    """Refuse a second invitation into the same team while the first is open. One that has expired can be sent again.

    Into further teams the same person may be invited: that is how somebody joins two teams that share nobody.

    Args:
        actor: who invites. What other organisations have invited somebody to is their own matter.
        email: the e-mail address, as `email_addresses.checked_email` returns it.
        team_ids: the teams of the new invitation; none if it only makes somebody an administrator.

    Raises:
        Refused: there is one that was neither accepted nor taken back.
    """
    wanted = {str(team_id) for team_id in team_ids}
    open_ones = select(Invitation).where(
        Invitation.organisation_id == actor.organisation_id,
        Invitation.email == email,
        Invitation.accepted_at.is_(None),
        Invitation.cancelled_at.is_(None),
    )
    for invitation in session.scalars(open_ones):
        same = wanted.intersection(invitation.team_ids)
        if same or not (wanted or invitation.team_ids):
            message = f"{_already(session, actor, same)} and has not joined yet. {WHAT_TO_DO}"
            raise Refused(message, {"email": message})


def require_no_member(
    session: Session, *, actor: Actor, email: str, team_ids: Sequence[UUID], administrator: bool
) -> None:
    """Refuse an invitation into a team of which the person holds the newest key.

    Somebody who holds only an older key is invited again: that is how they get the newest one if nobody handed it over.

    Args:
        actor: who invites.
        email: the e-mail address, as `email_addresses.checked_email` returns it.
        team_ids: the teams of the new invitation; none if it only makes somebody an administrator.
        administrator: whether it makes them an administrator.

    Raises:
        Refused: the person is in one of the teams, or is an administrator already and would join no team.
    """
    person = session.scalar(
        select(Principal).where(
            Principal.organisation_id == actor.organisation_id,
            Principal.email == email,
            Principal.removed_at.is_(None),
        )
    )
    if person is None:
        return
    keys = {key.id: team_id for team_id, key in trust_of(session, actor).newest(session, team_ids).items()}
    held = session.scalars(
        select(Membership.team_key_id).where(
            Membership.principal_id == person.id,
            Membership.team_key_id.in_(keys),
            Membership.removed_at.is_(None),
            Membership.sealed.is_not(None),
        )
    )
    is_in = {keys[key_id] for key_id in held if key_id is not None}
    if is_in:
        message = f"{SOMEBODY} is already in {_names(session, actor, is_in)}."
        if len(is_in) < len(set(team_ids)):
            message += " Invite them only to teams that they are not in yet."
        elif administrator and not person.administrator:
            message += " On “People and teams” you can make them an administrator."
        raise Refused(message, {"email": message})
    if person.administrator and not team_ids:
        message = f"{SOMEBODY} is already an administrator."
        raise Refused(message, {"email": message})


def _already(session: Session, actor: Actor, team_ids: set[str]) -> str:
    if not team_ids:
        return f"{SOMEBODY} is already invited as an administrator"
    into = _names(session, actor, {UUID(team_id) for team_id in team_ids})
    return f"{SOMEBODY} is already invited into {into}"


def _names(session: Session, actor: Actor, team_ids: Collection[UUID]) -> str:
    return listed(sorted(names(session, actor=actor, team_ids=team_ids).values()))
