"""Telling a team's new key that nobody else has confirmed yet from one that somebody put there.

After somebody has left a team, its new key counts once another team of its organisation has confirmed it, or the NEET
group. What it signed until then can be checked by nobody else. That is no sign that anything was changed, so pages say
who can do what about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import KnownTeam
from transition_exchange.exchange.errors import NotConfirmedYet, Tampered
from transition_exchange.exchange.keys.key_rows import fingerprint_of, key_in_rows
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.models import TeamKey


def awaited_team(session: Session, *, trust: Trust, key: TeamKey) -> TeamIdentity | None:
    """The team of a stored key that waits to be confirmed because somebody has left; None of any other key.

    A line of signed successions leads to it from a key that the session trusts, and the person has seen no other in
    its place.

    Args:
        trust: which keys the session trusts.
        key: the key.
    """
    remembered = trust.roots.remembered.get(key.team_id)
    if trust.current(session, [key.team_id]) or (remembered and key.version <= remembered.version):
        return None  # what an older key signed was to be signed anew
    if trust.known(session, key) is not None or trust.vouched(session, key) is not None:
        return None
    identity, removed = trust.waiting_since(session, key)
    return identity if identity is not None and removed else None


def awaited_by(session: Session, *, trust: Trust, key_id: UUID | None) -> NotConfirmedYet | None:
    """Why what a key signed cannot be checked for now, for the page; None if it does not wait for anything.

    Args:
        trust: which keys the session trusts.
        key_id: the id of the key.
    """
    key = key_in_rows(session, key_id)
    team = awaited_team(session, trust=trust, key=key) if key else None
    if team is None:
        return None
    return NotConfirmedYet(
        f"{team.name} at {team.organisation_name} has a new key, because somebody has left it. This waits until that "
        "key is confirmed. Somebody in another team there can do that on the page “Your teams’ keys”, unless whoever "
        "left was in that team too. Otherwise the council confirms it by phone. Nothing is lost."
    )


@dataclass(frozen=True)
class Signer:
    """Whose key a row names: a team's of which the session trusts the key, or one that waits to be confirmed.

    Attributes:
        team: who the team is.
        fingerprint: the fingerprint of the key, in hexadecimal.
        signing_public: the public key of its signatures.
        known: the team with its key; None while the key waits.
        waits: why the key does not count yet; None if it does.
    """

    team: TeamIdentity
    fingerprint: str
    signing_public: bytes = field(repr=False)
    known: KnownTeam | None = field(repr=False)
    waits: NotConfirmedYet | None = None

    def require_counting(self) -> KnownTeam:
        """The team with its key, to be asked once all else about what it signed was checked.

        Anybody with a key of some team can make a next key that waits, and name it in any row. So only what such a key
        really signed, about this very row and for work of its team, waits for it.

        Raises:
            NotConfirmedYet: the key waits to be confirmed.
        """
        if self.known is None:
            raise self.waits or Tampered
        return self.known


def signer_of(session: Session, *, trust: Trust, key_id: UUID | None) -> Signer:
    """Whose key a row names.

    Args:
        trust: which keys the session trusts.
        key_id: the id of the key.

    Raises:
        Tampered: there is no such key, or this session does not trust it and it does not wait either.
    """
    key = key_in_rows(session, key_id)
    if key is None:
        raise Tampered
    known = trust.known(session, key)
    team = known or awaited_team(session, trust=trust, key=key)
    if team is None:
        raise Tampered
    return Signer(
        team=team,
        fingerprint=fingerprint_of(key).hex(),
        signing_public=key.signing_public,
        known=known,
        waits=None if known else awaited_by(session, trust=trust, key_id=key_id),
    )
