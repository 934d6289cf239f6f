"""Who has saved a draft since it was opened: the person themself in another tab, or somebody else."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.actor import Actor
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event
from transition_exchange.store.unreadable import Unreadable, leave_out


def others_only(*, db: Database, actor: Actor, record_id: UUID, owner: str, since: int) -> bool:
    """Whether every save of a draft since it was opened was somebody else's. The school's events say so.

    They do not say which section a save changed. So it is false if the person saved something too, or if no save is
    found: then a page can only say that there was one.

    Args:
        record_id: the record.
        owner: the sending purpose that writes the draft.
        since: the number of the school's last event when the draft was opened (`Draft.last_event`).
    """
    savers = set()
    with db.read() as session:
        later = select(Event).where(
            Event.organisation_id == actor.organisation_id,
            Event.seq > since,
            Event.body.contains(str(record_id)),
        )
        for row in session.scalars(later):
            try:
                action = events.read(row)
            except Unreadable:
                leave_out()
                continue
            about = (action.about.get("record"), action.about.get("owner"))
            if action.kind == "record.saved" and about == (str(record_id), owner):
                savers.add(action.principal_id)
    return bool(savers) and actor.principal_id not in savers
