"""Which older keys the teams of a session have, by the work that they do, or that they did."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from transition_exchange.exchange.actor import Actor


def older_keys(actor: Actor, purposes: Collection[str]) -> tuple[UUID, ...]:
    """The ids of the older keys that the session holds of the actor's teams with one of some purposes."""
    return tuple(
        key_id for team in actor.teams if not team.purposes.isdisjoint(purposes) for key_id in team.older
    )


def older_signers(actor: Actor, purposes: Collection[str]) -> tuple[UUID, ...]:
    """As `older_keys`, also of the teams that gave up all of these purposes: what they signed before still counts."""
    return tuple(
        key_id for team in actor.teams if not team.signs_for.isdisjoint(purposes) for key_id in team.older
    )
