"""Which team keys this session trusts: it seals to them and accepts their signatures.

It trusts a key of its own, a key that the area's NEET group has confirmed, and a key that a trusted key has signed as
its successor. Every team pins the NEET group's key when it joins. A key that was only written into the database is not
trusted. Who a trusted team is comes from what was signed or sealed, not from the team's row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.sealing import BadSignature, UnknownFormat, keys, pins
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import RecipientKey
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import KeyPin, Organisation, Team, TeamKey


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


@dataclass(frozen=True)
class Trust:
    """The keys on which one session's trust rests.

    Attributes:
        own: the session's open teams by the fingerprints of all keys that it holds of them.
        roots: the ids of NEET group teams by the fingerprints of their keys: those that the session's teams pinned and
            signed, and its own. A fingerprint counts for this team alone.
    """

    own: Mapping[bytes, OpenTeam]
    roots: Mapping[bytes, UUID]
    _known: dict[UUID, KnownTeam | None] = field(default_factory=dict, repr=False)

    def known(self, session: Session, key: TeamKey) -> KnownTeam | None:
        """The team of a stored key; None if this session does not trust the key."""
        if key.id not in self._known:
            self._known[key.id] = self._weigh(session, key)
        return self._known[key.id]

    def current(self, session: Session, team_ids: Sequence[UUID]) -> dict[UUID, KnownTeam]:
        """The teams among some whose newest key this session trusts, by id and in the same order.

        The session's own teams are taken as it holds them, whatever their rows say.
        """
        found = {
            team_id: self.known(session, key) for team_id, key in current_keys(session, team_ids).items()
        }
        own = {team.id: team.known for team in self.own.values() if team.id in team_ids}
        known = found | own
        return {team_id: team for team_id in team_ids if (team := known.get(team_id)) is not None}

    def confirmation(self, session: Session, key: TeamKey) -> Confirmation | None:
        """The NEET group's confirmation of a stored key; None if there is none that a trusted root signed."""
        if key.confirmation is None or key.confirmation_signature is None or key.confirmation_key_id is None:
            return None
        confirmer = session.get(TeamKey, key.confirmation_key_id)
        if confirmer is None or self.roots.get(fingerprint_of(confirmer)) != confirmer.team_id:
            return None
        try:
            statement = Confirmation.verify(
                key.confirmation, key.confirmation_signature, confirmer.signing_public
            )
            about_this = statement.identity.id == key.team_id
        except (BadSignature, UnknownFormat):
            return None
        return statement if about_this and statement.fingerprint == fingerprint_of(key).hex() else None

    def vouched(self, session: Session, key: TeamKey) -> TeamIdentity | None:
        """Who the team of a stored key is according to the NEET group.

        Returns:
            What it confirmed of this key, or of the first key of a line of successors that ends with this one; None if
            it confirmed none of them.
        """
        statement = self.confirmation(session, key)
        if statement is not None:
            return statement.identity
        before = _predecessor(session, key)
        return self.vouched(session, before) if before else None

    def _weigh(self, session: Session, key: TeamKey) -> KnownTeam | None:
        fingerprint = fingerprint_of(key)
        identity: TeamIdentity | None
        own = self.own.get(fingerprint)
        if own is not None:
            identity = own.identity if own.id == key.team_id else None
        elif fingerprint in self.roots:
            identity = _root_identity(session, key) if self.roots[fingerprint] == key.team_id else None
        else:
            statement, before = self.confirmation(session, key), _predecessor(session, key)
            identity = statement.identity if statement else self.known(session, before) if before else None
        if identity is None:
            return None
        return KnownTeam(
            **vars(identity.identity),
            key_id=key.id,
            kem_public=RecipientKey(key.kem_public),
            signing_public=key.signing_public,
        )


def _predecessor(session: Session, key: TeamKey) -> TeamKey | None:
    """The team's key before a stored one, if it signed that one as its successor."""
    before = key_before(session, key)
    if before is None or key.succession is None:
        return None
    try:
        statement = Succession.verify(key.succession, key.succession_signature or b"", before.signing_public)
    except (BadSignature, UnknownFormat):
        return None
    about = (statement.team, statement.version, statement.fingerprint, statement.previous)
    expected = (str(key.team_id), key.version, fingerprint_of(key).hex(), fingerprint_of(before).hex())
    return before if about == expected else None


def key_before(session: Session, key: TeamKey) -> TeamKey | None:
    """The row of the team's key before a stored one; None for the first."""
    return session.scalar(
        select(TeamKey).where(TeamKey.team_id == key.team_id, TeamKey.version == key.version - 1)
    )


def _root_identity(session: Session, key: TeamKey) -> TeamIdentity | None:
    """Who a NEET group is. The pin says that it is one; only its names come from the rows."""
    team = session.get(Team, key.team_id)
    organisation = session.get(Organisation, team.organisation_id) if team else None
    if team is None or organisation is None:
        return None
    return replace(identity_in_rows(team, organisation), purposes=frozenset({"neet_group"}))


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except BadSignature:
        return False
    return True


def trust_of(session: Session, actor: Actor) -> Trust:
    """What the actor's session trusts: its own keys, and the NEET group keys that its teams pinned.

    Pins that the pinning team did not sign itself are left out, so swapping a pin in the database has no effect.
    """
    own: dict[bytes, OpenTeam] = {}
    roots: dict[bytes, UUID] = {}
    for team in actor.teams:
        for secret in (team.secret, *team.older.values()):
            own[secret.fingerprint] = team
            if "neet_group" in team.purposes:
                roots[secret.fingerprint] = team.id
    by_id = {team.id: team for team in actor.teams}
    for pin in session.scalars(select(KeyPin).where(KeyPin.team_id.in_(by_id))):
        team = by_id[pin.team_id]
        if any(_pinned_by(secret, pin) for secret in (team.secret, *team.older.values())):
            roots[bytes.fromhex(pin.fingerprint)] = pin.pinned_team_id
    return Trust(own=own, roots=roots)


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
