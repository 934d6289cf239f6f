"""Confirming a team's key for the area after its security number was compared by telephone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.readiness import contact_of
from transition_exchange.exchange.keys.trust import confirmed_of, current_keys, fingerprint_of
from transition_exchange.sealing import confirmation
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Team, TeamKey


@dataclass(frozen=True)
class KeyNumber:
    """A team's security number, as it is read out over the telephone.

    Attributes:
        spoken: the number in groups of digits, for reading out.
        fingerprint: the key's fingerprint in hexadecimal. `confirm` takes it, so that nobody confirms another key than
            the one they compared.
        confirmed_at: when the key was confirmed; None if it is not confirmed.
        contact: the name and telephone number of the organisation's contact; empty if none is known.
    """

    team_id: UUID
    team_name: str
    organisation_name: str
    spoken: str
    fingerprint: str
    confirmed_at: datetime | None
    contact: str


def own_number(*, actor: Actor, team_id: UUID) -> str:
    """The security number of one of the actor's own teams, from the key in this session and not from the database.

    Raises:
        NotFound: the actor does not hold this team's key.
    """
    team = actor.team(team_id)
    if team is None:
        raise NotFound
    return spoken_fingerprint(team.secret.fingerprint)


def number_of(*, db: Database, actor: Actor, team_id: UUID) -> KeyNumber:
    """The published security number of a team of the actor's area, to be compared by telephone.

    Raises:
        NotAllowed: the actor is not in the NEET group.
        NotFound: the team is unknown, belongs to another area or has no key yet.
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
            contact=contact_of(organisation),
        )


def confirm(
    *, db: Database, actor: Actor, team_id: UUID, fingerprint: str, now: datetime | None = None
) -> None:
    """Confirm a team's key for the whole area after its security number was compared by telephone.

    Args:
        team_id: the team whose key was compared.
        fingerprint: `KeyNumber.fingerprint` of the number on the page.

    Raises:
        NotAllowed: the actor is not in the NEET group.
        NotFound: the team is unknown, belongs to another area or has no key yet.
        Refused: the team's key changed after the page was opened.
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
    """A team of the actor's area, with its organisation and newest key.

    Raises:
        NotFound: the team is unknown, belongs to another area or has no key yet.
    """
    team = session.get(Team, team_id)
    organisation = session.get(Organisation, team.organisation_id) if team else None
    own = session.get_one(Organisation, actor.organisation_id)
    key = current_keys(session, [team_id]).get(team_id)
    if team is None or organisation is None or key is None or organisation.area_id != own.area_id:
        raise NotFound
    return team, organisation, key
