"""Retiring the key before, once nothing that counts is sealed or signed by it only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys.key_rows import fingerprint_of, keys_by_version, retires_fingerprint
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing.succession import Retirement
from transition_exchange.store import chain
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, TeamKey

RETIRED_EVENT = "key.retired"
"""The kind of event by which an organisation's chain tells that a team's key before was retired."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The newest keys of the actor's teams that have not retired the key before."""
    lines = keys_by_version(session, [team.id for team in actor.teams if team.older])
    return [
        newest.id
        for team in actor.teams
        if (line := lines.get(team.id))
        and (newest := line.get(team.version)) is not None
        and newest.id == team.key_id
        and (before := _before(team, line)) is not None
        and not retires_fingerprint(newest, before[1])
    ]


def _before(team: OpenTeam, line: Mapping[int, TeamKey]) -> tuple[UUID, bytes] | None:
    """The id and the fingerprint of a team's key before its newest one, as the session holds it, or as its row says.

    A member who holds it retires it even if its row is damaged: that row may be put right again.
    """
    for held in team.held_keys:
        if held.version == team.version - 1:
            return held.key_id, held.secret.fingerprint
    row = line.get(team.version - 1)
    return (row.id, fingerprint_of(row)) if row is not None else None


def retire(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime, failed: int = 0) -> None:
    """Sign that the keys before count no longer.

    Args:
        ids: the newest keys, as `due` gave them.
        failed: how many things were left under the keys before because they are damaged. The event says so.
    """
    own = {team.key_id: team for team in actor.teams}
    with db.write() as session:
        for key_id in ids:
            key, team = session.get_one(TeamKey, key_id), own[key_id]
            before = _before(team, keys_by_version(session, [team.id])[team.id])
            if before is None:
                continue
            before_id, fingerprint = before
            statement = Retirement(
                team=team.id,
                fingerprint=team.secret.fingerprint.hex(),
                retired=fingerprint.hex(),
                at=now,
            )
            key.retirement = statement.text()
            key.retirement_signature = statement.sign(team.secret.signing)
            actor.note(session, RETIRED_EVENT, team=team.id, key=before_id, failed=failed)


@dataclass(frozen=True)
class LeftBehind:
    """What could not be made anew when keys were changed last, because it is damaged.

    Attributes:
        teams: the names of the teams whose keys were retired together.
        count: how many things.
        at: when the keys before were retired.
    """

    teams: tuple[str, ...]
    count: int
    at: datetime


def left_behind(*, db: Database, actor: Actor) -> tuple[LeftBehind, ...]:
    """What could not be made anew when the keys of the actor's teams were changed last, by the day.

    The organisation's events say so, which keep it for every member of the teams.
    """
    with db.read() as session:
        told = chain.told(session, actor.organisation_id, Event.body.contains(f'"kind":"{RETIRED_EVENT}"'))
    newest = {action.about.get("team"): action for action in told if action.kind == RETIRED_EVENT}
    together: dict[tuple[str, int], tuple[list[str], datetime]] = {}
    for team in actor.teams:
        action = newest.get(str(team.id))
        count = action.about.get("failed") if action else 0
        if action is not None and isinstance(count, int) and count > 0:
            names, _ = together.setdefault((action.at.date().isoformat(), count), ([], action.at))
            names.append(team.name)
    return tuple(LeftBehind(tuple(names), count, at) for (_, count), (names, at) in together.items())
