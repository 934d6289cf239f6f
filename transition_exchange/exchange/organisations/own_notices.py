"""Whether somebody gets their teams' notices themselves, besides the address of the team."""

from __future__ import annotations

from transition_exchange.exchange.actor import Actor
from transition_exchange.store.database import Database
from transition_exchange.store.models import Principal


def own_notices(*, db: Database, actor: Actor) -> str:
    """When the actor gets notices of their own: `none`, `at_once` or `daily`."""
    with db.read() as session:
        return session.get_one(Principal, actor.principal_id).own_notices


def set_own_notices(*, db: Database, actor: Actor, when: str) -> None:
    """Let the actor get their teams' notices themselves, or no more.

    Those that wait already are not changed.

    Args:
        when: `none`, `at_once` or `daily`.
    """
    with db.write() as session:
        session.get_one(Principal, actor.principal_id).own_notices = when
        actor.note(session, "person.notices_set")
