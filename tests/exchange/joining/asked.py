"""What somebody sees of who made an invitation, and the button that makes its five words."""

from __future__ import annotations

from uuid import UUID

from tests.exchange.people import MEMORY_KIB, Accounts, Person
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.joining.inviting import Invited
from transition_exchange.exchange.joining.made_by import Maker, makers
from transition_exchange.store.models import Invitation


def maker_of(accounts: Accounts, person: Person, invitation_id: UUID) -> Maker | None:
    """Who made an invitation, as somebody sees it."""
    with accounts.db.read() as session:
        row = session.get_one(Invitation, invitation_id)
        return makers(session, accounts.actor(person), [row]).get(invitation_id)


def complete(accounts: Accounts, person: Person, invitation_id: UUID, *, asked: bool = False) -> Invited:
    """Make the five words of an invitation as the page shows it."""
    return inviting.complete(
        db=accounts.db,
        actor=accounts.proven(person),
        invitation_id=invitation_id,
        seen=accounts.seen(invitation_id),
        asked=asked,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
