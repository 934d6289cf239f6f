"""What somebody who can write to the database does."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.world import World
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Revision, TeamKey


def flipped(body: bytes, place: int = -1) -> bytes:
    """The same bytes but for one bit."""
    changed = bytearray(body)
    changed[place] ^= 1
    return bytes(changed)


def released(session: Session, record_id: UUID, number: int = 1) -> Revision:
    """A version that the transition team released."""
    return session.scalars(
        select(Revision).where(
            Revision.record_id == record_id, Revision.owner == "transition", Revision.number == number
        )
    ).one()


def swap_key(world: World, key_id: UUID, *halves: str) -> TeamSecret:
    """Put another public key, or half of it, into a row of `team_keys`.

    Args:
        halves: the columns that are changed; both if none is named.

    Returns:
        The secret of the key that stands there now.
    """
    thief = TeamSecret.generate()
    public = {"kem_public": thief.kem.public, "signing_public": thief.signing.public}
    with world.db.write() as session:
        for half in halves or public:
            setattr(session.get_one(TeamKey, key_id), half, public[half])
    return thief
