"""Taking a team's new key that a colleague has handed over, where nobody but that colleague vouches for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys import remembering
from transition_exchange.exchange.keys.held_keys import FIRST
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database

CHANGED = "The new key has changed since this page was opened. Compare its number again."
NO_MEMBER = "Whoever made this key is not in the team. Do not take it, and tell your administrator."


def take(*, db: Database, actor: Actor, offer_id: UUID, seen: str, now: datetime | None = None) -> None:
    """Take a new key, because the person knows that the colleague really made it.

    Somebody who has left the team knows the key before, and could have signed one of their own with it. Where the key
    has been changed more than once, the earlier ones are taken with it.

    Args:
        offer_id: the id of one of the actor's offers, or of an earlier key that would be taken with it.
        seen: `Offer.seen` of the page on which its number was compared.

    Raises:
        NotFound: there is no such offer.
        Refused: another key waits now than the page showed, the colleague is not in the team any more, or something has
            to be done before that.
    """
    now = now or utc_now()
    offer = next(
        (offer for offer in actor.offers if offer_id in {offer.id, *(before.id for before in offer.earlier)}),
        None,
    )
    if offer is None:
        raise NotFound
    if offer.seen != seen:
        raise Refused(CHANGED)
    if not offer.from_member:
        raise Refused(NO_MEMBER)
    if offer.waits_for is not None:
        raise Refused(FIRST[offer.waits_for])
    with db.write() as session:
        for handed in (*offer.earlier, offer):
            remembering.take(session, actor=actor, offer=handed, now=now)
        remembering.remember_now(session, actor=actor, now=now)
        actor.note(session, "key.taken", team=offer.held.team.id, key=offer.held.key_id)
