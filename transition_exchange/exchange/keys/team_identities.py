"""Who the teams of an organisation are for the person who looks: as they hold it, else as it was confirmed.

A row can be given any name and any work. So what a row says of a team counts only where nothing was sealed or signed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.key_rows import identity_in_rows, keys_by_version
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.models import Organisation, Team, TeamKey


@dataclass(frozen=True)
class SeenTeam:
    """A team as the person who looks may take it.

    Attributes:
        identity: who it is.
        checked: whether that was sealed to the person or confirmed; otherwise only the team's row says it.
    """

    identity: TeamIdentity
    checked: bool


def seen_teams(session: Session, *, actor: Actor, team_ids: Collection[UUID]) -> dict[UUID, SeenTeam]:
    """Who some teams are, by id, the oldest team first. Unknown ones are left out.

    A team is what the actor's session holds of it, or what was confirmed of its newest key. Where that key does not
    count yet, it is what the actor was told of a team that waits for the council, or what the newest key was confirmed
    for that leads back to a confirmation. A key that somebody put there with a higher number does not.

    Args:
        actor: the person who looks.
        team_ids: the teams.
    """
    rows = session.execute(
        select(Team, Organisation)
        .join(Organisation, Organisation.id == Team.organisation_id)
        .where(Team.id.in_(team_ids))
        .order_by(Team.created_at, Team.name)
    ).all()
    ids = [team.id for team, _ in rows]
    trust, lines = trust_of(session, actor), keys_by_version(session, ids)
    known = trust.current(session, ids)
    told = {team.id: team.identity for team in (*actor.without_key, *actor.set_aside)}
    seen: dict[UUID, SeenTeam] = {}
    for team, organisation in rows:
        own, believed = actor.team(team.id), known.get(team.id)
        identity = own.identity if own else believed.identity if believed else told.get(team.id)
        if identity is None:
            identity = confirmed_before(session, trust, lines[team.id])
        seen[team.id] = (
            SeenTeam(identity_in_rows(team, organisation), False)
            if identity is None
            else SeenTeam(identity, True)
        )
    return seen


def identities(session: Session, *, actor: Actor, team_ids: Collection[UUID]) -> Sequence[TeamIdentity]:
    """Who some teams are, as `seen_teams` finds them, the oldest team first."""
    return [team.identity for team in seen_teams(session, actor=actor, team_ids=team_ids).values()]


def names(session: Session, *, actor: Actor, team_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What some teams are called, as `seen_teams` finds them, the oldest team first."""
    seen = seen_teams(session, actor=actor, team_ids=team_ids)
    return {team_id: team.identity.name for team_id, team in seen.items()}


def confirmed_before(session: Session, trust: Trust, line: Mapping[int, TeamKey]) -> TeamIdentity | None:
    """Who a team is whose newest key does not count yet, by the newest one that leads back to a confirmation.

    Args:
        trust: which keys the session trusts.
        line: the team's keys by their numbers.

    Returns:
        None if none does.
    """
    for _, key in sorted(line.items(), reverse=True):
        identity = trust.confirmed_in_line(session, key)
        if identity is not None:
            return identity
    return None
