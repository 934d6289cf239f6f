"""Organisations that were invited and that nobody has joined or is invited into any more: their names are free again.

The organisation keeps its id, because schools may have named it as a learner's next place already. Whoever invites an
organisation of its name invites into it, with teams made anew: nobody has made a key for the ones before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.proforma.values import composed
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Organisation, Principal, Team, TeamKey

TAKEN = "There is already an organisation with this name."
INVITED = (
    f"{TAKEN} It is invited and nobody has joined yet. On its card under “Organisations” you can send the invitation "
    "again, change its address or take it back."
)


def unused(session: Session, area_id: UUID) -> Collection[UUID]:
    """The organisations of an area that nobody has ever joined and nobody is invited into."""
    return set(
        session.scalars(
            select(Organisation.id).where(
                Organisation.area_id == area_id,
                Organisation.coordinates.is_(False),
                ~exists().where(Principal.organisation_id == Organisation.id),
                ~exists().where(TeamKey.team_id == Team.id, Team.organisation_id == Organisation.id),
                ~exists().where(*_OPEN),
            )
        )
    )


_OPEN = (
    Invitation.organisation_id == Organisation.id,
    Invitation.accepted_at.is_(None),
    Invitation.cancelled_at.is_(None),
)


def require_free(session: Session, *, area_id: UUID, name: str) -> UUID | None:
    """Refuse a name that an organisation of the area has, unless nobody has joined it or is invited into it.

    Args:
        area_id: the area.
        name: the name, as somebody typed it.

    Returns:
        The organisation that has the name and is not used; None if there is none.

    Raises:
        Refused: an organisation has the name.
    """
    same = session.scalars(
        select(Organisation.id).where(Organisation.area_id == area_id, Organisation.name == composed(name))
    ).all()
    if not same:
        return None
    if len(same) == 1 and same[0] in unused(session, area_id):
        return same[0]
    nobody_yet = ~exists().where(Principal.organisation_id == Organisation.id)
    invited = select(Organisation.id).where(Organisation.id.in_(same), nobody_yet, exists().where(*_OPEN))
    message = TAKEN if session.scalars(invited).first() is None else INVITED
    raise Refused(message, {"organisation": message})


def invited_before(*, db: Database, actor: Actor) -> Collection[UUID]:
    """The organisations of the council's area that nobody has joined and nobody is invited into any more.

    Raises:
        NotAllowed: the actor's organisation does not coordinate an area.
    """
    with db.read() as session:
        return unused(session, _area(session, actor))


def as_invited(*, db: Database, actor: Actor, organisation_id: UUID) -> Mapping[str, str]:
    """What was typed when such an organisation was invited, by the fields of `arguments.InviteOrganisation`.

    Raises:
        NotAllowed: the actor's organisation does not coordinate an area.
        NotFound: there is no such organisation in its area that nobody has joined and nobody is invited into.
    """
    with db.read() as session:
        if organisation_id not in unused(session, _area(session, actor)):
            raise NotFound
        row = session.get_one(Organisation, organisation_id)
        plain = {
            "organisation": row.name,
            "kind": row.kind,
            "urn": row.urn,
            "ukprn": row.ukprn,
            "laestab": row.laestab,
            "phone": row.phone,
            "contact_name": row.contact_name,
            "sends": "yes" if row.sends else "",
            "receives": "yes" if row.receives else "",
        }
        return {name: value or "" for name, value in plain.items()}


def _area(session: Session, actor: Actor) -> UUID:
    own = session.get_one(Organisation, actor.organisation_id)
    if not own.coordinates:
        raise NotAllowed
    return own.area_id
