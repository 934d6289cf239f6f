"""Whether an invitation is the one that somebody made, and what a page showed of it.

An invitation is a row, and whoever can write to the database can put one there or change one. The event of whoever made
it carries a digest of what it said, so a page can tell a row that nobody made from a real one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transition_exchange.sealing.encoding import canonical
from transition_exchange.store import events
from transition_exchange.store.models import Event, Invitation, Organisation, Principal
from transition_exchange.store.unreadable import Unreadable, leave_out

MADE = ("person.invited", "organisation.invited", "area.founded")
"""The kinds of event with which somebody makes an invitation."""


def digest_of(invitation: Invitation) -> str:
    """A digest of whom an invitation asks into which teams, in hexadecimal."""
    said = {
        "id": str(invitation.id),
        "organisation": str(invitation.organisation_id),
        "name": invitation.name,
        "email": invitation.email,
        "administrator": invitation.administrator,
        "teams": sorted(invitation.team_ids),
    }
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def makers(session: Session, invitations: Iterable[Invitation]) -> dict[UUID, str]:
    """Who made some invitations, by id, as the events say; empty where the service made it, at the founding of an area.

    An invitation that no event tells of, or that says something else now than when it was made, is missing.
    """
    made = list(invitations)
    wanted = {str(invitation.id): digest_of(invitation) for invitation in made}
    if not wanted:
        return {}
    # An organisation invites its people, and a council invites organisations.
    councils = select(Organisation.id).where(Organisation.coordinates)
    own = [invitation.organisation_id for invitation in made]
    chains = or_(Event.organisation_id.in_(own), Event.organisation_id.in_(councils))
    kinds = or_(*(Event.body.contains(f'"kind":"{kind}"') for kind in MADE))
    by: dict[UUID, UUID | None] = {}
    for event in session.scalars(select(Event).where(chains, kinds)):
        try:
            action = events.read(event)
        except Unreadable:
            leave_out()
            continue
        invitation_id = str(action.about.get("invitation"))
        digest = wanted.get(invitation_id)  # None for an event that names none of them
        if action.kind in MADE and digest is not None and digest == action.about.get("digest"):
            by[UUID(invitation_id)] = action.principal_id
    ids = {principal_id for principal_id in by.values() if principal_id}
    rows = session.execute(select(Principal.id, Principal.name).where(Principal.id.in_(ids)))
    names = {row.id: row.name for row in rows}
    return {
        invitation_id: names.get(principal_id, "") if principal_id else ""
        for invitation_id, principal_id in by.items()
    }
