"""Confirming a team's key for the area, once its security number was compared by telephone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.trust import confirmed_of, current_keys, fingerprint_of
from transition_exchange.sealing import confirmation
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Organisation,
    Team,
    TeamKey,
)


@dataclass(frozen=True)
class KeyNumber:
    """A team's security number, as it is read out over the telephone.

    Attributes:
        fingerprint: in hexadecimal; a confirmation names it, so that no other key slips in between.
        whom_to_ring: name and number of the organisation's contact.
    """

    team_id: UUID
    team_name: str
    organisation_name: str
    spoken: str
    fingerprint: str
    confirmed_at: datetime | None
    whom_to_ring: str


def own_number(*, actor: Actor, team_id: UUID) -> str:
    """The security number of one's own team, from the key that this session holds and not from the database.

    Raises:
        NotFound: the actor is not in the team.
    """
    team = actor.team(team_id)
    if team is None:
        raise NotFound
    return spoken_fingerprint(team.secret.fingerprint)


def number_of(*, db: Database, actor: Actor, team_id: UUID) -> KeyNumber:
    """The published security number of a team of the area, to be compared by telephone.

    Raises:
        NotAllowed: the actor is not in the NEET group.
        NotFound: no such team in this area, or it has no key yet.
    """
    actor.require("neet_group")
    with db.read() as session:
        team, organisation, key = _keyed_team(session, actor, team_id)
        fingerprint = fingerprint_of(key)
        return KeyNumber(
            team_id=team.id,
            team_name=team.name,
            organisation_name=organisation.name,
            spoken=spoken_fingerprint(fingerprint),
            fingerprint=fingerprint.hex(),
            confirmed_at=key.confirmed_at,
            whom_to_ring=" on ".join(
                each for each in (organisation.contact_name, organisation.phone) if each
            ),
        )


def confirm(
    *, db: Database, actor: Actor, team_id: UUID, fingerprint: str, now: datetime | None = None
) -> None:
    """Confirm a team's key for the whole area, once its number was compared by telephone.

    Args:
        fingerprint: that of the number on the page (`KeyNumber.fingerprint`).

    Raises:
        NotAllowed: the actor is not in the NEET group.
        NotFound: no such team in this area, or it has no key yet.
        Refused: the team's key is another than the one on the page.
    """
    now = now or utc_now()
    own = actor.require("neet_group")
    with db.write() as session:
        _, _, key = _keyed_team(session, actor, team_id)
        published = fingerprint_of(key)
        if published.hex() != fingerprint:
            raise Refused("The number has changed since this page was opened. Compare it again.")
        key.confirmation = confirmation.sign(own.secret.signing, confirmed_of(session, key))
        key.confirmation_key_id = own.key_id
        key.confirmed_at, key.confirmed_by = now, actor.principal_id
        actor.note(session, "key.confirmed", team=team_id, key=key.id)


def _keyed_team(session: Session, actor: Actor, team_id: UUID) -> tuple[Team, Organisation, TeamKey]:
    """A team of the actor's area with its newest key."""
    team = session.get(Team, team_id)
    organisation = session.get(Organisation, team.organisation_id) if team else None
    own = session.get_one(Organisation, actor.organisation_id)
    key = current_keys(session, [team_id]).get(team_id)
    if team is None or organisation is None or key is None or organisation.area_id != own.area_id:
        raise NotFound
    return team, organisation, key
