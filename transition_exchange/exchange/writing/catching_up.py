"""What a member of a school's team does for others while they are signed in: cards that are due, and grants."""

from __future__ import annotations

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.writing.due_cards import write_due
from transition_exchange.exchange.writing.due_grants import write_due_grants
from transition_exchange.store.database import Database


def catch_up(*, db: Database, actor: Actor, limit: int = 20) -> int:
    """Write the cards and the grants of the next few records of the actor's school that have some due.

    Args:
        limit: how many records to take of each; 0 only counts them.

    Returns:
        How many are still due afterwards. A record that has both counts twice.

    Raises:
        Tampered: as `open_draft`.
    """
    cards = write_due(db=db, actor=actor, limit=limit) if actor.team_for("transition") else 0
    return cards + write_due_grants(db=db, actor=actor, limit=limit)
