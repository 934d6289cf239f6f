"""Which older keys the teams of a session have, by the work that they do."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from transition_exchange.exchange.actor import Actor


def older_keys(actor: Actor, purposes: Collection[str]) -> tuple[UUID, ...]:
    """The ids of the older keys that the session holds of the actor's teams with one of some purposes."""
    return tuple(
        key_id for team in actor.teams if not team.purposes.isdisjoint(purposes) for key_id in team.older
    )
