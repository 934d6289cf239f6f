"""The rows of team keys, and what was signed about the order in which they follow each other."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.sealing import BadSignature, UnknownFormat, keys
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.succession import Retirement, Succession
from transition_exchange.store.models import Organisation, Team, TeamKey


def fingerprint_of(key: TeamKey) -> bytes:
    """The 32-byte fingerprint of a stored team key."""
    return keys.fingerprint(key.kem_public, key.signing_public)


def identity_in_rows(team: Team, organisation: Organisation) -> TeamIdentity:
    """Who a team is according to its rows, before anybody has signed it."""
    return TeamIdentity(
        id=team.id,
        name=team.name,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        purposes=frozenset(team.purposes),
    )


def succession_of(key: TeamKey, before: TeamKey) -> Succession | None:
    """The statement that a stored key takes the place of the team's key before; None if that key signed none."""
    try:
        statement = Succession.verify(
            key.succession or "", key.succession_signature or b"", before.signing_public
        )
    except (BadSignature, UnknownFormat):
        return None
    about = (statement.team, statement.version, statement.fingerprint, statement.previous)
    expected = (str(key.team_id), key.version, fingerprint_of(key).hex(), fingerprint_of(before).hex())
    return statement if about == expected else None


def retires(key: TeamKey, before: TeamKey) -> bool:
    """Whether a stored key has signed that the team's key before it counts no longer. Whose key it is, is not asked."""
    try:
        statement = Retirement.verify(
            key.retirement or "", key.retirement_signature or b"", key.signing_public
        )
    except (BadSignature, UnknownFormat):
        return False
    return (statement.team, statement.fingerprint, statement.retired) == (
        str(key.team_id),
        fingerprint_of(key).hex(),
        fingerprint_of(before).hex(),
    )


def keys_by_version(session: Session, team_ids: Iterable[UUID]) -> dict[UUID, dict[int, TeamKey]]:
    """All keys of some teams, by team and version, the oldest first. A team without a key has an empty line."""
    lines: dict[UUID, dict[int, TeamKey]] = {team_id: {} for team_id in team_ids}
    for key in session.scalars(select(TeamKey).where(TeamKey.team_id.in_(lines)).order_by(TeamKey.version)):
        lines[key.team_id][key.version] = key
    return lines


def current_keys(session: Session, team_ids: Iterable[UUID]) -> dict[UUID, TeamKey]:
    """The newest key of each team that has one, by team, whether it is trusted or not."""
    lines = keys_by_version(session, team_ids)
    return {team_id: line[max(line)] for team_id, line in lines.items() if line}
