"""Whom a receiving team rings at the school about a record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.keys.contacts import Contact, contacts_of
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.receiving.safeguarding_part import OWNER, is_told
from transition_exchange.exchange.records.ownership import school_teams
from transition_exchange.purposes import SENDING


@dataclass(frozen=True)
class ToRing:
    """A team of the school, and whom to ring there.

    Attributes:
        owner: the work for which it is rung, a sending purpose.
        team: its name, as it was confirmed.
        contact: whom the team signed that others ring; None if it has not said so.
    """

    owner: str
    team: str
    contact: Contact | None


def whom_to_ring(
    session: Session, *, trust: Trust, team: OpenTeam, school_id: UUID | None
) -> tuple[ToRing, ...]:
    """The school's teams that a team rings: those that fill in the form, and for safeguarding the safeguarding team.

    It is the same for all records of a school.

    Args:
        trust: which keys the session trusts.
        team: the team that rings.
        school_id: the school that sent the record; None if nothing that counts says which.
    """
    if school_id is None:
        return ()
    found: list[ToRing] = []
    for owner in SENDING:
        if owner == OWNER and not is_told(team):
            continue
        theirs = school_teams(session, trust=trust, school_id=school_id, owner=owner)
        known = contacts_of(session, trust=trust, team_ids=[one.id for one in theirs])
        found += [ToRing(owner, one.name, known.get(one.id)) for one in theirs]
    return tuple(found)
