"""A learner's name for the heading of the school's own pages, also where no card can be believed."""

from __future__ import annotations

from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records.names import name_if_listed, name_in_answers
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.database import Database

UNCHECKED = "Learner whose name could not be checked"
"""What stands for the name where only a card has it, and that card is missing or could not be checked."""


def learner_name(*, db: Database, actor: Actor, record_id: UUID) -> str:
    """A learner's display name, from a card of the actor's teams or else from the transition team's draft.

    The school's pages stay open if a card is damaged or not written yet. The safeguarding team has the name from its
    card alone, so without one it is told that the name could not be checked.

    Raises:
        NotFound: as `open_draft`.
        NotReady: as `open_draft`.
        NotAllowed: none of the actor's teams writes a part of records.
        Tampered: as `open_draft`.
    """
    name = name_if_listed(db=db, actor=actor, record_id=record_id)
    if name:
        return name
    owner = "transition" if actor.team_for("transition") else "school_safeguarding"
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=owner)
    return name_in_answers(draft.answers) if owner == "transition" else UNCHECKED
