"""Recalling a pack.

Nobody can open it afterwards. If somebody had opened it or downloaded it before, the school learns who and when.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transition_exchange.exchange import notices
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import transfers
from transition_exchange.exchange.records.kept_keyrings import withdraw
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.records.standings import RECALL_EVENT, standing_of
from transition_exchange.exchange.records.traces import traces_of
from transition_exchange.exchange.sending.team_receipts import TeamReceipt
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Grant, Part, Receipt, Record, Transfer

CHANGED = (
    "What is stored about where this was sent has changed since this page was opened, so nothing was taken back. Read "
    "it again, then decide."
)

ANOTHERS = (
    "Your school sent another learner’s record by this, so it cannot be taken back here. Tell the people who run this "
    "service that somebody has changed what is stored."
)


def recall(
    *, db: Database, actor: Actor, record_id: UUID, transfer_id: UUID, seen: str | None = None
) -> list[TeamReceipt]:
    """Recall a pack from a provider. Its keyrings, PDFs and cards are deleted, and its receipts are kept.

    The recall is signed for the provider that the statement before names. If no team of the school signed one that
    counts, nothing is signed: what the provider's teams were granted is withdrawn, and the log says so.

    Args:
        record_id: the record.
        transfer_id: the transfer to recall.
        seen: `Delivered.where` of the page on which it was decided; None if nobody decided it on a page.

    Returns:
        The receipts of the teams that had opened it or been given it in a file, one for each version; empty if
        nobody had. These teams are asked to delete what they keep.

    Raises:
        NotAllowed: the actor is not in the transition team.
        NotFound: the record or the transfer is unknown or belongs to another school.
        Refused: the pack has already been recalled, or what is stored about it is not what the page showed.
    """
    team = actor.require(transfers.SIGNED_BY)
    now = datetime.now(UTC)
    with db.write() as session:
        record = own_record(session, actor, record_id)
        transfer = session.scalar(select(Transfer).where(Transfer.id == transfer_id).with_for_update())
        if transfer is None or transfer.record_id != record_id:
            raise NotFound
        trust = trust_of(session, actor)
        standing = standing_of(session, trust=trust, record=record, transfer=transfer)
        if transfer.state == "recalled" and standing.told != "disputed":
            raise Refused("This pack has already been taken back.")
        if seen is not None and standing.where != seen:
            raise Refused(CHANGED)
        signed = (standing.statement or standing.awaited) is not None
        if not signed and _is_anothers(session, trust=trust, record=record, transfer_id=transfer_id):
            raise Refused(ANOTHERS)
        transfer.state, transfer.recalled_at, transfer.recalled_by = "recalled", now, actor.principal_id
        if signed:
            transfers.sign_recall(
                transfer=transfer, team=team, record=record, provider_id=standing.provider_id, at=now
            )
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


def _is_anothers(session: Session, *, trust: Trust, record: Record, transfer_id: UUID) -> bool:
    """Whether what is left of a transfer says that another record was sent by it than the one that its row names."""
    left = traces_of(session, trust=trust, signed_rows=SignedRows(session, trust, {}), record=record)
    return transfer_id in left and left[transfer_id].follows == "another"
