"""What a newcomer gets under the spoken code: the secrets of their teams, and whose confirmations to trust."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import current_keys, fingerprint_of, trust_of
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import KeyPin, TeamKey

_FORMAT = 1


@dataclass(frozen=True)
class Bundle:
    """What an invitation holds.

    Attributes:
        teams: the secrets of the teams' keys, by team and key.
        pins: the fingerprints of the area's NEET group keys, by team. The newcomer's own teams sign them as their pins.
    """

    teams: Mapping[UUID, Mapping[UUID, TeamSecret]] = field(default_factory=dict, repr=False)
    pins: Mapping[UUID, bytes] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The bundle as JSON, to be wrapped under the spoken code."""
        content = {
            "format": _FORMAT,
            "teams": {
                str(team): {
                    str(key): base64.b64encode(secret.to_bytes()).decode() for key, secret in secrets.items()
                }
                for team, secrets in self.teams.items()
            },
            "pins": {str(team): fingerprint.hex() for team, fingerprint in self.pins.items()},
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Bundle:
        """The bundle that `to_bytes` wrote.

        Raises:
            Tampered: a version of the service with another format wrote it.
        """
        content = json.loads(raw)
        if content.get("format") != _FORMAT:
            raise Tampered("This invitation was made by another version of the service. Ask for a new one.")
        return cls(
            teams={
                UUID(team): {
                    UUID(key): TeamSecret.from_bytes(base64.b64decode(secret))
                    for key, secret in secrets.items()
                }
                for team, secrets in content["teams"].items()
            },
            pins={UUID(team): bytes.fromhex(fingerprint) for team, fingerprint in content["pins"].items()},
        )

    def check(self, session: Session) -> None:
        """Compare the bundle's keys with the published ones.

        Raises:
            Tampered: a published key is not the one that the member put in.
        """
        for secrets in self.teams.values():
            for key_id, secret in secrets.items():
                published = session.get(TeamKey, key_id)
                if published is None or fingerprint_of(published) != secret.fingerprint:
                    raise Tampered(
                        "A team's key is not the one that was put into your invitation. Ring the council."
                    )


def bundle_for(session: Session, *, actor: Actor, team_ids: list[UUID]) -> Bundle | None:
    """What the actor can put into an invitation to some teams.

    Args:
        team_ids: the teams; those without a key get theirs from the newcomer.

    Returns:
        The bundle; None if one of the teams has a key that this session does not hold, or the actor's teams trust no
        NEET group key. Then somebody else must complete the invitation.
    """
    secrets: dict[UUID, Mapping[UUID, TeamSecret]] = {}
    for team_id, key in current_keys(session, team_ids).items():
        team = actor.team(team_id)
        if team is None or team.key_id != key.id:
            return None
        secrets[team_id] = secrets_of(team)
    pins = _pins_of(session, actor)
    return Bundle(teams=secrets, pins=pins) if pins else None


def secrets_of(team: OpenTeam) -> Mapping[UUID, TeamSecret]:
    """Every secret of an open team, by key id."""
    return {**team.older, team.key_id: team.secret}


def _pins_of(session: Session, actor: Actor) -> dict[UUID, bytes]:
    own = {team.id: team.secret.fingerprint for team in actor.teams if "neet_group" in team.purposes}
    if own:
        return own
    roots = trust_of(session, actor).roots
    pins = session.scalars(select(KeyPin).where(KeyPin.team_id.in_([team.id for team in actor.teams])))
    return {
        pin.pinned_team_id: bytes.fromhex(pin.fingerprint)
        for pin in pins
        if bytes.fromhex(pin.fingerprint) in roots
    }
