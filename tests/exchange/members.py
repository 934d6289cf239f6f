"""Somebody of the school with a key pair of their own, who joins teams as joining does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.opening import open_actor
from transition_exchange.exchange.keys.personal import new_membership
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import Principal


@dataclass
class Member:
    """Somebody with a key pair of their own, and the row that says who they are."""

    row: Principal
    pair: KeyPair


def join(world: World, member: Member, held: HeldKey) -> UUID:
    """Make somebody a member as joining does: they seal the key to themselves."""
    membership = new_membership(
        principal_id=member.row.id,
        name=member.row.name,
        pair=member.pair,
        held=held,
        added_by=None,
        at=datetime.now(UTC),
    )
    with world.db.write() as session:
        session.add(membership)
    return membership.id


def actor_of(world: World, member: Member) -> Actor:
    """The member as their session opens them."""
    with world.db.read() as session:
        principal = session.get_one(Principal, member.row.id)
        return open_actor(session, principal=principal, pair=member.pair, session_id="session")


def add_member(world: World, name: str, place: str = "Ashdown School") -> Member:
    """Somebody of an organisation who is in no team yet."""
    pair = KeyPair.generate()
    row = Principal(
        organisation_id=world.places[place].id,
        name=name,
        email=f"{name.lower()}@example.org",
    )
    with world.db.write() as session:
        session.add(row)
    return Member(row, pair)
