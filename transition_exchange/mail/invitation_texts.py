"""What the mail with an invitation's link says besides the link: who invites, into what, and for which council.

All of it stands in plain columns. The mail opens nothing without the five words, which are spoken.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import day
from transition_exchange.store.models import Area, Invitation, Organisation, Principal


def about_invitation(session: Session, invitation: Invitation) -> Mapping[str, object]:
    """What the text of an invitation shows, by the names that it uses.

    Args:
        session: an open session.
        invitation: the invitation.

    Returns:
        `organisation`, `area`, `council`, `inviter`, `inviter_at`: names; `council` and `inviter_at` are empty where
        nobody can be named. `administrator`: whether the person becomes one. `expires`: the last day.
    """
    organisation = session.get_one(Organisation, invitation.organisation_id)
    area = session.get_one(Area, organisation.area_id)
    council = session.scalars(
        select(Organisation.name)
        .where(Organisation.area_id == area.id, Organisation.coordinates.is_(True))
        .order_by(Organisation.created_at)
    ).first()
    inviter = session.get(Principal, invitation.invited_by) if invitation.invited_by else None
    place = session.get(Organisation, inviter.organisation_id) if inviter else None
    return {
        "organisation": organisation.name,
        "area": area.name,
        "council": council or "",
        "inviter": inviter.name if inviter and inviter.name else council or organisation.name,
        "inviter_at": place.name if place and inviter and inviter.name else "",
        "administrator": invitation.administrator,
        "expires": day(invitation.expires_at),
    }
