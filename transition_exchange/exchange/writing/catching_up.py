"""What a member of a school's team does for others while they are signed in: cards that are due, and grants."""

from __future__ import annotations

from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.writing.due_cards import write_due
from transition_exchange.exchange.writing.due_grants import write_due_grants
from transition_exchange.store.database import Database


def catch_up(*, db: Database, actor: Actor, limit: int = 20, failed: list[UUID] | None = None) -> int:
    """Write the cards and the grants of the next few records of the actor's school that have some due.

    A record that fails its safety check is passed over and stays due.

    Args:
        limit: how many records to take of each; 0 only counts them.
        failed: where the ids of records are put that failed their safety check.

    Returns:
        How many are still due afterwards. A record that has both counts twice.
    """
    cards = write_due(db=db, actor=actor, limit=limit, failed=failed) if actor.team_for("transition") else 0
    return cards + write_due_grants(db=db, actor=actor, limit=limit, failed=failed)
