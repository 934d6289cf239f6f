"""Taking a team's new key that a colleague has handed over, where nobody but that colleague vouches for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys import remembering
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database


def take(*, db: Database, actor: Actor, offer_id: UUID, now: datetime | None = None) -> None:
    """Take a new key, because the person knows that the colleague really made it.

    Somebody who has left the team knows the key before, and could have signed one of their own with it.

    Args:
        offer_id: the id of one of the actor's offers.

    Raises:
        NotFound: there is no such offer.
    """
    offer = next((offer for offer in actor.offers if offer.id == offer_id), None)
    if offer is None:
        raise NotFound
    with db.write() as session:
        remembering.take(session, actor=actor, offer=offer, now=now or utc_now())
        remembering.remember_now(session, actor=actor, now=now or utc_now())
        actor.note(session, "key.taken", team=offer.held.team.id, key=offer.held.key_id)
