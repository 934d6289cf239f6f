"""What follows if somebody leaves: which teams need a new key, who changes it, and who confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.keys.colleagues import known_people
from transition_exchange.exchange.keys.leavers import Onlooker, joined_teams, members_of
from transition_exchange.exchange.keys.team_identities import SeenTeam, seen_teams
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing.confirmers import WhoConfirms, who_confirms
from transition_exchange.store.database import Database
from transition_exchange.store.models import Membership, Principal, Team, TeamKey


@dataclass(frozen=True)
class TeamLeft:
    """A team that somebody leaves, and that needs a new key then.

    Attributes:
        name: the team's name, as the actor's session holds it or as it was confirmed; its row's if neither is there.
        theirs: whether the actor stays in the team, so that they can change the key themselves.
        root: whether it is the NEET group, whose new number every team of the area compares.
        by: who confirms the new key.
        checked: whether the name is more than what the team's row says.
    """

    team_id: UUID
    name: str
    theirs: bool
    root: bool
    by: WhoConfirms
    checked: bool = True


@dataclass(frozen=True)
class Leaving:
    """Somebody who is to be removed.

    Attributes:
        name: their name, as it was signed; as their row says if nobody signed it.
        teams: the teams that they would leave, the oldest first.
    """

    principal_id: UUID
    name: str
    teams: tuple[TeamLeft, ...]


def what_follows(*, db: Database, actor: Actor, principal_id: UUID, team_id: UUID | None = None) -> Leaving:
    """What follows if somebody is removed from the organisation. Nothing is changed.

    Args:
        principal_id: the person.
        team_id: the only team that they would leave; None if they leave the organisation.

    Raises:
        NotAllowed: the actor is not an administrator.
        NotFound: the person is unknown, removed or of another organisation, or is not in the team.
    """
    if not actor.administrator:
        raise NotAllowed("Only an administrator of your organisation can do this.")
    with db.read() as session:
        person = session.get(Principal, principal_id)
        if person is None or person.organisation_id != actor.organisation_id or person.removed_at is not None:
            raise NotFound
        rows = session.execute(
            select(Membership.team_id, Membership.removed_at).where(Membership.principal_id == principal_id)
        ).all()
        # Where a row is gone, somebody took it away: who leaves by the pages keeps one that says so.
        joined = joined_teams(session, onlooker=_onlooker(actor), person=principal_id)
        ids = {id for id, removed_at in rows if removed_at is None} | joined - {id for id, _ in rows}
        query = select(Team).where(Team.id.in_(ids), Team.organisation_id == actor.organisation_id)
        teams = session.scalars(query.order_by(Team.created_at, Team.name)).all()
        if team_id is not None:
            teams = [team for team in teams if team.id == team_id]
        keys = trust_of(session, actor).newest(session, [team.id for team in teams])
        seen = seen_teams(session, actor=actor, team_ids=list(keys))
        if team_id is not None and team_id not in keys:
            raise NotFound
        known = known_people(session, actor=actor, ids=[principal_id]).get(principal_id)
        return Leaving(
            principal_id,
            known.name if known is not None and known.name else person.name,
            tuple(
                _left(session, actor, person, seen[team.id], keys[team.id])
                for team in teams
                if team.id in keys
            ),
        )


def _left(session: Session, actor: Actor, person: Principal, seen: SeenTeam, key: TeamKey) -> TeamLeft:
    team = seen.identity
    own = actor.team(team.id)
    members = members_of(session, onlooker=_onlooker(actor), team_id=team.id, logged=True)
    removed = {person.id, *members.left(key.version)}
    return TeamLeft(
        team_id=team.id,
        name=team.name,
        theirs=own is not None and person.id != actor.principal_id,
        root="neet_group" in team.purposes,
        by=who_confirms(session, actor=actor, team_id=team.id, name=team.name, removed=removed),
        checked=seen.checked,
    )


def _onlooker(actor: Actor) -> Onlooker:
    public = actor.person.public if actor.person is not None else None
    return Onlooker(actor.principal_id, public, actor.address_book)
