"""Which sendings have a question that waits for an answer of one of the school's owners.

The row of a sending says only that somebody has asked something. A question to the safeguarding team is nobody else's
matter, and one that was answered waits for the provider.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.store.models import Query, QueryMessage, Record, Transfer

QUERIED, RECEIVED = "queried", "received"


def waiting_for(session: Session, *, school_id: UUID, owner: str) -> frozenset[UUID]:
    """The transfers of a school with an open question to an owner of which the last message is not the school's."""
    last: dict[UUID, tuple[UUID, bool]] = {}
    for query_id, transfer_id, theirs in session.execute(
        select(Query.id, Query.transfer_id, QueryMessage.from_team_id == Query.asking_team_id)
        .join(QueryMessage, QueryMessage.query_id == Query.id)
        .join(Transfer, Transfer.id == Query.transfer_id)
        .join(Record, Record.id == Transfer.record_id)
        .where(Record.organisation_id == school_id, Query.owner == owner, Query.closed_at.is_(None))
        .order_by(QueryMessage.sent_at)
    ):
        last[query_id] = transfer_id, bool(theirs)
    return frozenset(transfer_id for transfer_id, theirs in last.values() if theirs)


def state_for(state: str, transfer_id: UUID, waiting: frozenset[UUID]) -> str:
    """The state of a transfer as an owner is to see it: with a question only if one waits for that owner."""
    return RECEIVED if state == QUERIED and transfer_id not in waiting else state
