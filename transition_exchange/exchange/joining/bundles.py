"""What a newcomer is given under the spoken code: their teams' secrets, and whose confirmations to believe."""

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
    """The inside of an invitation.

    Attributes:
        teams: the secrets of each team's keys, by team and key.
        pins: the fingerprints of the area's NEET group keys, by team. The newcomer's own teams will sign them.
    """

    teams: Mapping[UUID, Mapping[UUID, TeamSecret]] = field(default_factory=dict, repr=False)
    pins: Mapping[UUID, bytes] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The bundle as JSON, to be wrapped under the spoken code."""
        said = {
            "format": _FORMAT,
            "teams": {
                str(team): {
                    str(key): base64.b64encode(each.to_bytes()).decode() for key, each in held.items()
                }
                for team, held in self.teams.items()
            },
            "pins": {str(team): fingerprint.hex() for team, fingerprint in self.pins.items()},
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Bundle:
        """The bundle that `to_bytes` wrote.

        Raises:
            Tampered: another version wrote it.
        """
        said = json.loads(raw)
        if said.get("format") != _FORMAT:
            raise Tampered("This invitation was made by another version of the service. Ask for a new one.")
        return cls(
            teams={
                UUID(team): {
                    UUID(key): TeamSecret.from_bytes(base64.b64decode(each)) for key, each in held.items()
                }
                for team, held in said["teams"].items()
            },
            pins={UUID(team): bytes.fromhex(fingerprint) for team, fingerprint in said["pins"].items()},
        )

    def check(self, session: Session) -> None:
        """Compare the bundle's keys with the published ones.

        Raises:
            Tampered: a published key is another than the one that the member put in.
        """
        for held in self.teams.values():
            for key_id, secret in held.items():
                row = session.get(TeamKey, key_id)
                if row is None or fingerprint_of(row) != secret.fingerprint:
                    raise Tampered(
                        "A team's key is not the one that was put into your invitation. Ring the council."
                    )


def bundle_for(session: Session, *, actor: Actor, team_ids: list[UUID]) -> Bundle | None:
    """What the actor can put into an invitation to some teams.

    Returns:
        None where one of the teams has a key that this session doesn't hold, or the actor cannot say which NEET
        group key to believe: then somebody else must complete the invitation.
    """
    held: dict[UUID, Mapping[UUID, TeamSecret]] = {}
    for team_id, key in current_keys(session, team_ids).items():
        team = actor.team(team_id)
        if team is None or team.key_id != key.id:
            return None
        held[team_id] = secrets_of(team)
    pins = _pins_of(session, actor)
    return Bundle(teams=held, pins=pins) if pins else None


def secrets_of(team: OpenTeam) -> Mapping[UUID, TeamSecret]:
    """Every secret of an open team, by key id."""
    return {**team.older, team.key_id: team.secret}


def _pins_of(session: Session, actor: Actor) -> dict[UUID, bytes]:
    own = {team.id: team.secret.fingerprint for team in actor.teams if "neet_group" in team.purposes}
    if own:
        return own
    roots = trust_of(session, actor).roots
    rows = session.scalars(select(KeyPin).where(KeyPin.team_id.in_([team.id for team in actor.teams])))
    return {
        row.pinned_team_id: bytes.fromhex(row.fingerprint)
        for row in rows
        if bytes.fromhex(row.fingerprint) in roots
    }
