"""Whether anybody has opened the newest version of an owner's sections at each provider that has it.

The row of a transfer says only that some version was opened once. Somebody who sends a new one asks about that one.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.records.open_questions import RECEIVED
from transition_exchange.sealing.transfers import SENT
from transition_exchange.store.models import Receipt, Record, Revision, Transfer


def unopened(session: Session, *which: ColumnElement[bool], owner: str) -> frozenset[UUID]:
    """The transfers of which nobody has opened the newest version that they brought, as the receipts say.

    Args:
        session: the session.
        which: which transfers, by columns of `Transfer` and `Record`.
        owner: the sending purpose that released the version. A transfer that brought none of its versions is not among
            them.
    """
    rows = session.execute(
        select(Receipt.transfer_id, Revision.number, func.count(Receipt.opened_at))
        .join(Revision, Revision.id == Receipt.revision_id)
        .join(Transfer, Transfer.id == Receipt.transfer_id)
        .join(Record, Record.id == Transfer.record_id)
        .where(Revision.owner == owner, *which)
        .group_by(Receipt.transfer_id, Revision.number)
        .order_by(Revision.number)
    )
    opened = {transfer_id: bool(times) for transfer_id, _, times in rows}
    return frozenset(transfer_id for transfer_id, seen in opened.items() if not seen)


def state_of_newest(state: str, transfer_id: UUID, nobody_opened: frozenset[UUID]) -> str:
    """The state of a transfer as far as its newest version goes: it is sent, and no more, until somebody opens that.

    Args:
        state: the state of the transfer.
        transfer_id: its id.
        nobody_opened: out of `unopened`.
    """
    return SENT if state == RECEIVED and transfer_id in nobody_opened else state
