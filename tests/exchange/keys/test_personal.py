"""From a person to their teams: a membership opens for its own person and its own key only."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts
from transition_exchange.exchange.errors import Tampered
from transition_exchange.store.models import Membership, Principal


def test_a_membership_swapped_in_the_database_is_noticed_at_the_next_request(accounts: Accounts) -> None:
    """Anybody can seal to a public key; a membership must come from the person themselves."""
    sam = accounts.school(accounts.found())
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    with accounts.db.write() as session:
        by_person = {
            name: session.scalars(
                select(Membership)
                .join(Principal, Principal.id == Membership.principal_id)
                .where(Principal.email == name)
            ).one()
            for name in (sam.email, alex.email)
        }
        by_person[alex.email].sealed = by_person[sam.email].sealed
    with pytest.raises(Tampered):
        accounts.actor(alex)
