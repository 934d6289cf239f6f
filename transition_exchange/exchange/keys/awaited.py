"""Telling a team's new key that nobody else has confirmed yet from one that somebody put there.

After somebody has left a team, its new key counts once another team of its organisation has confirmed it, or the NEET
group. What it signed until then can be checked by nobody else. That is no sign that anything was changed, so pages say
who can do what about it.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import KnownTeam
from transition_exchange.exchange.errors import NotConfirmedYet, Tampered
from transition_exchange.exchange.keys.key_rows import key_in_rows
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


def signer_of(session: Session, *, trust: Trust, key_id: UUID | None) -> KnownTeam:
    """The team of a key that a row names.

    Args:
        trust: which keys the session trusts.
        key_id: the id of the key.

    Raises:
        NotConfirmedYet: the key waits to be confirmed.
        Tampered: there is no such key, or this session does not trust it.
    """
    key = key_in_rows(session, key_id)
    team = trust.known(session, key) if key else None
    if team is None:
        raise awaited_by(session, trust=trust, key_id=key_id) or Tampered
    return team
