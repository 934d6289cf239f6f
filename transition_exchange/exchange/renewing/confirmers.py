"""Who can confirm a team's new key after somebody has left it, and which of a person's teams wait for that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.ownership import teams_of
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.store.database import Database
from transition_exchange.store.models import Membership, Principal, TeamKey


@dataclass(frozen=True)
class Confirmer:
    """A team of the organisation that can confirm another's new key, with the people in it.

    Whether one of them really can is known to their own session alone: they must have seen the maker of the key before.
    """

    team: str
    people: tuple[str, ...]

    @property
    def words(self) -> str:
        """The people and their team, as a list names them."""
        return f"{listed(self.people)} in {self.team}"


@dataclass(frozen=True)
class Awaiting:
    """A team of a person's whose new key nobody else has confirmed yet.

    Attributes:
        team: the name of the team.
        spoken: the number that is compared.
        confirmers: who can confirm it, besides the council.
    """

    team: str
    spoken: str
    confirmers: tuple[Confirmer, ...]


def confirmers(
    session: Session, *, actor: Actor, trust: Trust, team_id: UUID, removed: Collection[str]
) -> tuple[Confirmer, ...]:
    """The teams of the actor's organisation that can confirm the new key of another one, with their people by name.

    Args:
        trust: which keys the session trusts.
        team_id: the team whose key it is.
        removed: the ids of those who have left it. None of them may ever have been in a team that confirms.
    """
    others = [team.id for team in teams_of(session, actor.organisation_id) if team.id != team_id]
    found = []
    for team in trust.current(session, others).values():
        members = session.execute(
            select(Principal.id, Principal.name, Membership.removed_at)
            .join(Membership, Membership.principal_id == Principal.id)
            .where(Membership.team_id == team.id)
            .order_by(Principal.name, Principal.id)
        ).all()
        if team.organisation_id != actor.organisation_id or not set(removed).isdisjoint(
            str(principal_id) for principal_id, _, _ in members
        ):
            continue
        people = dict.fromkeys(name for _, name, left_at in members if left_at is None)
        if people:
            found.append(Confirmer(team.name, tuple(people)))
    return tuple(found)


def awaiting(*, db: Database, actor: Actor) -> tuple[Awaiting, ...]:
    """The actor's teams whose new key waits to be confirmed, because somebody has left."""
    waiting = []
    with db.read() as session:
        trust = trust_of(session, actor)
        for team in actor.teams:
            key = session.get(TeamKey, team.key_id) if team.older and not team.confirmed else None
            if key is None or trust.vouched(session, key) is not None:
                continue
            identity, removed = trust.waiting_since(session, key)
            if identity is None or not removed:
                continue
            asked = confirmers(session, actor=actor, trust=trust, team_id=team.id, removed=removed)
            waiting.append(Awaiting(team.name, spoken_fingerprint(team.secret.fingerprint), asked))
    return tuple(waiting)
