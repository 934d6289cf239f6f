"""Comparing the council's number once more after somebody has left its NEET group.

Whoever left knows the key before, with which every team's confirmation was signed. So that key's signature under the
new one is not enough: each team rings the council and compares the number, as the council did with the team's. Whoever
compares it remembers it, so it counts for them in no team as well. For their colleagues, their teams pin it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys import seen_keys
from transition_exchange.exchange.keys.key_rows import fingerprint_of
from transition_exchange.exchange.keys.remembering import remember_compared, remember_now
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing import pins
from transition_exchange.sealing.keys import TeamSecret, spoken_fingerprint
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import KeyPin, Organisation, Team, TeamKey


@dataclass(frozen=True)
class CouncilKey:
    """A NEET group's new key whose number has to be compared.

    Attributes:
        organisation: the name of its council, according to the database.
        spoken: the number in groups of digits.
        seen: what `compare` takes, so that nothing else is pinned than what was on the page.
    """

    organisation: str
    spoken: str
    seen: str


def key_to_compare(*, db: Database, actor: Actor) -> CouncilKey | None:
    """The NEET group's key whose number the actor has to compare; None if there is none."""
    with db.read() as session:
        key = _waiting(session, actor)
        if key is None:
            return None
        team = session.get(Team, key.team_id)
        organisation = session.get(Organisation, team.organisation_id) if team else None
        fingerprint = fingerprint_of(key)
        return CouncilKey(
            organisation=organisation.name if organisation else "",
            spoken=spoken_fingerprint(fingerprint),
            seen=fingerprint.hex(),
        )


def compare(*, db: Database, actor: Actor, seen: str, now: datetime | None = None) -> None:
    """Remember the NEET group's new key, and pin it for the actor's teams, after its number was compared by telephone.

    Args:
        seen: `CouncilKey.seen` of the page on which it was compared.

    Raises:
        NotFound: no key waits to be compared.
        Refused: another key waits now than the page showed, or it is not the NEET group's.
        NotAllowed: the actor's session cannot seal anything to them.
    """
    now = now or utc_now()
    with db.write() as session:
        key = _waiting(session, actor)
        if key is None:
            raise NotFound
        if fingerprint_of(key).hex() != seen:
            raise Refused("The number has changed since this page was opened. Compare it again.")
        remember_compared(session, actor=actor, key=key)
        for team in actor.teams:
            _pin(session, team, key, now)
        remember_now(session, actor=actor, now=now)
        actor.note(session, "council_key.compared", team=key.team_id, key=key.id)


def _waiting(session: Session, actor: Actor) -> TeamKey | None:
    return seen_keys.key_to_compare(session, actor=actor, trust=trust_of(session, actor))


def _pin(session: Session, team: OpenTeam, key: TeamKey, now: datetime) -> None:
    """Pin the key for a team, in the place of those of the same NEET group before."""
    session.execute(delete(KeyPin).where(KeyPin.team_id == team.id, KeyPin.pinned_team_id == key.team_id))
    session.add(
        new_pin(
            team.secret, team_id=team.id, council_id=key.team_id, fingerprint=fingerprint_of(key), now=now
        )
    )


def new_pin(
    secret: TeamSecret, *, team_id: UUID, council_id: UUID, fingerprint: bytes, now: datetime
) -> KeyPin:
    """A team's signed row that says which key of a NEET group it goes by.

    Args:
        secret: the team's newest secret, which signs it.
        team_id: the team.
        council_id: the NEET group's team.
        fingerprint: the fingerprint of that key.
        now: when.
    """
    return KeyPin(
        team_id=team_id,
        pinned_team_id=council_id,
        fingerprint=fingerprint.hex(),
        signature=pins.sign(secret.signing, team_id=council_id, fingerprint=fingerprint),
        created_at=now,
    )
