"""Confirming a team's key for the area after its security number was compared by telephone.

What the NEET group signs is more than the number: who the team is, and what it is for. So the page shows all of it, the
caller reads it out, and the form carries a digest of it. Nothing else than what was on the page can be signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.key_rows import current_keys, fingerprint_of, identity_in_rows
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.store import events
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, Organisation, Team, TeamKey


@dataclass(frozen=True)
class KeyNumber:
    """A team's security number as it is read out over the telephone, with all that confirming it would sign.

    Attributes:
        team: who the team is, according to the database. Confirming signs this.
        spoken: the number in groups of digits, for reading out.
        seen: a digest of everything that confirming would sign. `confirm` takes it, so that nothing else is signed than
            what was on the page.
        confirmed_at: when this key was confirmed as this team's; None if it is not.
        before: when this team was confirmed last, if that was with another key, under another name or for other work;
            None if it was not.
    """

    team: TeamIdentity
    spoken: str
    seen: str
    confirmed_at: datetime | None
    before: datetime | None


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
        proposed = _proposed(session, actor, team_id)
        signed = trust_of(session, actor).confirmation(session, proposed.key)
        current = signed is not None and signed.identity == proposed.team
        return KeyNumber(
            team=proposed.team,
            spoken=spoken_fingerprint(fingerprint_of(proposed.key)),
            seen=proposed.seen,
            confirmed_at=datetime.fromisoformat(str(signed.confirmed_at)) if signed and current else None,
            before=None if current else _confirmed_before(session, actor, proposed),
        )


def confirm(
    *, db: Database, actor: Actor, team_id: UUID, seen: str, now: datetime | None = None
) -> TeamIdentity:
    """Confirm a team's key for the whole area after its security number was compared by telephone.

    Args:
        team_id: the team whose key was compared.
        seen: `KeyNumber.seen` of the page on which it was compared.

    Returns:
        The team as it was confirmed.

    Raises:
        NotAllowed: the actor is not in the NEET group.
        NotFound: the team is unknown, belongs to another area or has no key yet.
        Refused: the team's key, its name, its organisation or its work changed after the page was opened.
    """
    now = now or utc_now()
    own = actor.require("neet_group")
    with db.write() as session:
        proposed = _proposed(session, actor, team_id)
        if proposed.seen != seen:
            raise Refused(
                "The number, or what is said about the team, has changed since this page was opened. Compare it again."
            )
        statement = proposed.statement(now)
        key = proposed.key
        key.confirmation, key.confirmation_signature = statement.text(), statement.sign(own.secret.signing)
        key.confirmation_key_id = own.key_id
        key.confirmed_at, key.confirmed_by = now, actor.principal_id
        actor.note(session, "key.confirmed", team=team_id, key=key.id, confirmed=seen)
    return proposed.team


@dataclass(frozen=True)
class _Proposed:
    """What confirming a team's newest key would sign."""

    area_id: UUID
    team: TeamIdentity
    key: TeamKey

    def statement(self, confirmed_at: datetime | str) -> Confirmation:
        return Confirmation(
            area=self.area_id,
            team=self.team.plain(),
            fingerprint=fingerprint_of(self.key).hex(),
            confirmed_at=confirmed_at,
        )

    @property
    def seen(self) -> str:
        return self.statement("").digest()


def _proposed(session: Session, actor: Actor, team_id: UUID) -> _Proposed:
    """A team of the actor's area as its rows describe it, with its newest key.

    Raises:
        NotFound: the team is unknown, belongs to another area or has no key yet.
    """
    team = session.get(Team, team_id)
    organisation = session.get(Organisation, team.organisation_id) if team else None
    own = session.get_one(Organisation, actor.organisation_id)
    key = current_keys(session, [team_id]).get(team_id)
    if team is None or organisation is None or key is None or organisation.area_id != own.area_id:
        raise NotFound
    return _Proposed(own.area_id, identity_in_rows(team, organisation), key)


def _confirmed_before(session: Session, actor: Actor, proposed: _Proposed) -> datetime | None:
    """When this council last confirmed the team, by its own events; None if it was exactly what is proposed now."""
    team_id = str(proposed.team.id)
    about_team = session.scalars(
        select(Event)
        .where(Event.organisation_id == actor.organisation_id, Event.body.contains(team_id))
        .order_by(Event.seq.desc())
    )
    for event in about_team:
        action = events.read(event)
        if action.kind == "key.confirmed" and action.about.get("team") == team_id:
            return None if action.about.get("confirmed") == proposed.seen else action.at
    return None
