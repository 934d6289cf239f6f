"""Which teams an organisation has, as they were confirmed. A row can be moved, given other work, or emptied.

So a team is looked for where its confirmation says that it is, and not only where its row is. One that stands in the
rows and of which nothing says who it is, is not passed over: it is returned without an identity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import KnownTeam
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.models import Team, TeamKey

ASKED_AT_ONCE = 50
"""How many organisations one query names."""


@dataclass(frozen=True)
class PlaceTeam:
    """A team that an organisation has, or of which nobody can say that it has not.

    Attributes:
        row: its row; None if that is gone or cannot be read.
        identity: who it was confirmed to be, by its newest key that was; None if nothing that counts says it.
        known: the team with its key; None if its newest key is not one to which this session seals.
        has_key: whether a key of it is stored.
    """

    id: UUID
    row: Team | None = field(repr=False)
    identity: TeamIdentity | None
    known: KnownTeam | None = field(repr=False)
    has_key: bool

    @property
    def name(self) -> str:
        """What pages call it: as it was confirmed, else as its row does, with "(not confirmed)" after that."""
        if self.known is not None:
            return self.known.name
        named = self.identity or self.row
        return f"{named.name if named else 'A team without a name'} (not confirmed)"


def teams_at(
    session: Session,
    *,
    trust: Trust,
    organisation_ids: Collection[UUID],
    further: Mapping[UUID, Collection[UUID]] | None = None,
) -> Mapping[UUID, tuple[PlaceTeam, ...]]:
    """The teams of some organisations, by organisation, the oldest first.

    Args:
        trust: which keys the session trusts.
        organisation_ids: the organisations.
        further: teams that an organisation is taken to have, by organisation, unless they were confirmed for another
            one: what was signed once says so, whatever the rows say today.
    """
    wanted = frozenset(organisation_ids)
    placed: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for organisation_id, team_ids in (further or {}).items():
        for team_id in team_ids:
            placed[team_id].add(organisation_id)
    for own in trust.own.values():
        placed[own.id].add(own.organisation_id)
    for row in session.scalars(select(Team).where(Team.organisation_id.in_(wanted))):
        placed[row.id].add(row.organisation_id)
    ids = {*placed, *_confirmed_for(session, wanted)}
    found: defaultdict[UUID, list[PlaceTeam]] = defaultdict(list)
    for team in teams_by_id(session, trust=trust, team_ids=ids).values():
        places = {team.identity.organisation_id} if team.identity is not None else placed[team.id]
        for organisation_id in places & wanted:
            found[organisation_id].append(team)
    return defaultdict(tuple, {id: tuple(teams) for id, teams in found.items()})


def teams_by_id(session: Session, *, trust: Trust, team_ids: Iterable[UUID]) -> dict[UUID, PlaceTeam]:
    """Some teams by id, the oldest first, each with what was confirmed of it; those without a row come last."""
    ids = list(dict.fromkeys(team_ids))
    rows = session.scalars(select(Team).where(Team.id.in_(ids)).order_by(Team.created_at, Team.name)).all()
    by_id: dict[UUID, Team | None] = {row.id: row for row in rows}
    by_id |= {team_id: None for team_id in ids if team_id not in by_id}
    known = trust.current(session, ids)
    teams = {}
    for team_id, row in by_id.items():
        team, line = known.get(team_id), trust.roots.lines.of(session, team_id)
        identity = team.identity if team is not None else _confirmed_before(session, trust, line.values())
        teams[team_id] = PlaceTeam(team_id, row, identity, team, bool(line))
    return teams


def _confirmed_before(session: Session, trust: Trust, keys: Iterable[TeamKey]) -> TeamIdentity | None:
    """Who a team is whose newest key does not count, by its newest key of which the NEET group has confirmed it.

    Nothing is sealed to it for that. It only says where the team is missing.
    """
    for key in sorted(keys, key=lambda key: -key.version):
        statement = trust.confirmation(session, key)
        if statement is not None:
            return statement.identity
    return None


def _confirmed_for(session: Session, organisation_ids: Collection[UUID]) -> set[UUID]:
    """The teams with a key whose confirmation names one of some organisations, before its signature is checked."""
    ids, found = sorted(organisation_ids), set[UUID]()
    for start in range(0, len(ids), ASKED_AT_ONCE):
        named = [TeamKey.confirmation.contains(str(id)) for id in ids[start : start + ASKED_AT_ONCE]]
        found.update(session.scalars(select(TeamKey.team_id).where(or_(*named))))
    return found
