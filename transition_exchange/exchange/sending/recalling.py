"""Recalling a pack.

Nobody can open it afterwards. If somebody had opened it or downloaded it before, the school learns who and when.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, select

from transition_exchange.exchange import notices
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import transfers
from transition_exchange.exchange.records.kept_keyrings import withdraw
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.standings import RECALL_EVENT, standing_of
from transition_exchange.exchange.sending.tracking import TeamReceipt, track
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Grant, Part, Receipt, Transfer


def recall(*, db: Database, actor: Actor, record_id: UUID, transfer_id: UUID) -> list[TeamReceipt]:
    """Recall a pack from a provider. Its keyrings, PDFs and cards are deleted, and its receipts are kept.

    Args:
        record_id: the record.
        transfer_id: the transfer to recall.

    Returns:
        The receipts of the teams that had opened it or been given it in a file, one for each version; empty if
        nobody had. These teams are asked to delete what they keep.

    Raises:
        NotAllowed: the actor is not in the transition team.
        NotFound: the record or the transfer is unknown or belongs to another school.
        Refused: the pack has already been recalled.
    """
    team = actor.require(transfers.SIGNED_BY)
    now = datetime.now(UTC)
    with db.write() as session:
        record = own_record(session, actor, record_id)
        transfer = session.scalar(select(Transfer).where(Transfer.id == transfer_id).with_for_update())
        if transfer is None or transfer.record_id != record_id:
            raise NotFound
        standing = standing_of(session, trust=trust_of(session, actor), record=record, transfer=transfer)
        if transfer.state == "recalled" and standing.told != "disputed":
            raise Refused("This pack has already been taken back.")
        transfer.state, transfer.recalled_at, transfer.recalled_by = "recalled", now, actor.principal_id
        transfers.sign_recall(transfer=transfer, team=team, record=record, at=now)
        withdraw(session, Grant.transfer_id == transfer_id, now=now)
        part_ids = list(session.scalars(select(Part.id).where(Part.transfer_id == transfer_id)))
        ciphertexts_of(session).delete(session, part_ids)
        session.execute(delete(Part).where(Part.transfer_id == transfer_id))
        session.execute(delete(Card).where(Card.transfer_id == transfer_id))
        for team_id in session.scalars(
            select(Receipt.team_id).where(Receipt.transfer_id == transfer_id).distinct()
        ):
            notices.notify(session, team_id=team_id, template="packs_recalled")
        actor.note(session, RECALL_EVENT, record=record_id, transfer=transfer_id)
    return list(track(db=db, actor=actor, record_id=record_id).transfer(transfer_id).reached)
