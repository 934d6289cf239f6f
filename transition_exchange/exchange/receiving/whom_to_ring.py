"""Whom a receiving team rings at the school about a record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.keys.contacts import Contact, contacts_of
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.receiving.safeguarding_part import OWNER, is_told
from transition_exchange.exchange.records.confirmed_teams import teams_at
from transition_exchange.purposes import SENDING


@dataclass(frozen=True)
class ToRing:
    """A team of the school, and whom to ring there.

    Attributes:
        owner: the work for which it is rung, a sending purpose.
        team: its name, as it was confirmed; else as its row says, with "(not confirmed)" after it.
        contact: whom the team signed that others ring; None if it has not said so.
        checked: whether the team's newest key counts. If not, what it has said cannot be checked.
    """

    owner: str
    team: str
    contact: Contact | None
    checked: bool = True


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
    teams = teams_at(session, trust=trust, organisation_ids=[school_id])[school_id]
    known = contacts_of(session, trust=trust, team_ids=[one.id for one in teams])
    return tuple(
        ToRing(owner, one.name, known.get(one.id), one.known is not None)
        for owner in SENDING
        if owner != OWNER or is_told(team)
        for one in teams
        if (who := one.identity or one.row) is not None and owner in who.purposes
    )
