"""Which team keys this session trusts: it seals to them and accepts their signatures.

It trusts a key of its own, a key that the area's NEET group has confirmed, and a key that a trusted key has signed as
its successor. Every team pins the NEET group's key when it joins. A key that was only written into the database is not
trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.sealing import confirmation, keys, pins, succession
from transition_exchange.store.models import KeyPin, Organisation, Team, TeamKey


def fingerprint_of(key: TeamKey) -> bytes:
    """The 32-byte fingerprint of a stored team key."""
    return keys.fingerprint(key.kem_public, key.signing_public)


def confirmed_of(session: Session, key: TeamKey) -> confirmation.Confirmed:
    """What a valid confirmation of a stored team key states, as the database has it now.

    Raises:
        NoResultFound: the key's team or its organisation is unknown.
    """
    team = session.get_one(Team, key.team_id)
    organisation = session.get_one(Organisation, team.organisation_id)
    return confirmation.Confirmed(
        team=team.id,
        organisation=organisation.id,
        organisation_name=organisation.name,
        purposes=team.purposes,
        fingerprint=fingerprint_of(key),
    )


@dataclass(frozen=True)
class Trust:
    """The keys on which one session's trust rests.

    Attributes:
        own: the fingerprints of the keys that the session itself holds.
        roots: the fingerprints of NEET group keys: those that the session's teams pinned and signed, and its own.
    """

    own: frozenset[bytes]
    roots: frozenset[bytes]
    _verdicts: dict[UUID, bool] = field(default_factory=dict, repr=False)

    def believes(self, session: Session, key: TeamKey) -> bool:
        """Whether this session may seal to a stored team key and accept its signatures."""
        if key.id not in self._verdicts:
            self._verdicts[key.id] = self._weigh(session, key)
        return self._verdicts[key.id]

    def _weigh(self, session: Session, key: TeamKey) -> bool:
        fingerprint = fingerprint_of(key)
        if fingerprint in self.own or fingerprint in self.roots:
            return True
        return self._confirmed(session, key, fingerprint) or self._succeeds(session, key, fingerprint)

    def _confirmed(self, session: Session, key: TeamKey, fingerprint: bytes) -> bool:
        if key.confirmation is None or key.confirmation_key_id is None:
            return False
        confirmer = session.get(TeamKey, key.confirmation_key_id)
        if confirmer is None or fingerprint_of(confirmer) not in self.roots:
            return False
        confirmed = confirmed_of(session, key)
        return _holds(
            lambda: confirmation.verify(confirmer.signing_public, key.confirmation or b"", confirmed)
        )

    def _succeeds(self, session: Session, key: TeamKey, fingerprint: bytes) -> bool:
        if key.succession is None or key.version < 2:
            return False
        predecessor = session.scalar(
            select(TeamKey).where(TeamKey.team_id == key.team_id, TeamKey.version == key.version - 1)
        )
        if predecessor is None or not self.believes(session, predecessor):
            return False
        return _holds(
            lambda: succession.verify(
                predecessor.signing_public,
                key.succession or b"",
                team_id=str(key.team_id),
                fingerprint=fingerprint,
            )
        )


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except keys.BadSignature:
        return False
    return True


def trust_of(session: Session, actor: Actor) -> Trust:
    """What the actor's session trusts: its own keys, and the NEET group keys that its teams pinned.

    Pins that the pinning team did not sign itself are left out, so swapping a pin in the database has no effect.
    """
    own: set[bytes] = set()
    roots: set[bytes] = set()
    for team in actor.teams:
        fingerprints = {
            keys.fingerprint(secret.kem.public, secret.signing.public)
            for secret in (team.secret, *team.older.values())
        }
        own |= fingerprints
        if "neet_group" in team.purposes:
            roots |= fingerprints
    by_id = {team.id: team for team in actor.teams}
    for pin in session.scalars(select(KeyPin).where(KeyPin.team_id.in_(by_id))):
        team = by_id[pin.team_id]
        if any(_pinned_by(secret, pin) for secret in (team.secret, *team.older.values())):
            roots.add(bytes.fromhex(pin.fingerprint))
    return Trust(own=frozenset(own), roots=frozenset(roots))


def _pinned_by(secret: keys.TeamSecret, pin: KeyPin) -> bool:
    return _holds(
        lambda: pins.verify(
            secret.signing.public,
            pin.signature,
            team_id=str(pin.pinned_team_id),
            fingerprint=bytes.fromhex(pin.fingerprint),
        )
    )


def current_keys(session: Session, team_ids: Sequence[UUID]) -> dict[UUID, TeamKey]:
    """The newest key of each team that has one, by team, whether it is trusted or not."""
    newest: dict[UUID, TeamKey] = {}
    for key in session.scalars(
        select(TeamKey).where(TeamKey.team_id.in_(team_ids)).order_by(TeamKey.version)
    ):
        newest[key.team_id] = key
    return newest
