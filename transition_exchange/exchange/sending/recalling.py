"""Recalling a pack.

Nobody can open it afterwards. If somebody had opened it or downloaded it before, the school learns who and when.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange import notices
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import transfers
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.records.standings import RECALL_EVENT, standings
from transition_exchange.exchange.records.traces import traces_of
from transition_exchange.exchange.sending.keeping import make_room, remove
from transition_exchange.exchange.sending.team_receipts import TeamReceipt
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.store.database import Database
from transition_exchange.store.models import Receipt, Transfer

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
    counts, it is signed for the one provider that all that is left of the transfer names; if that is none or are
    several, nothing is signed. What went to that provider by any transfer of the record is withdrawn with it.

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
        by_id = {
            standing.transfer.id: standing for standing in standings(session, trust=trust, record=record)
        }
        standing = by_id[transfer_id]
        traces = traces_of(session, trust=trust, signed_rows=SignedRows(session, trust, {}), record=record)
        left = [trace for trace in traces if trace.transfer_id == transfer_id]
        lost = any(trace.follows == "lost" for trace in left)
        if transfer.state == "recalled" and standing.told != "disputed" and not lost:
            raise Refused("This pack has already been taken back.")
        if seen is not None and standing.where(trace.named for trace in left) != seen:
            raise Refused(CHANGED)
        if any(trace.follows == "another" for trace in left):
            raise Refused(ANOTHERS)
        places = {trace.provider_id for trace in left}
        if standing.statement is not None or standing.awaited is not None:
            places = {standing.provider_id}
        provider_id = places.pop() if len(places) == 1 else None
        transfer.state, transfer.recalled_at, transfer.recalled_by = "recalled", now, actor.principal_id
        withdrawn = {transfer_id}
        if provider_id is not None:
            transfers.sign_recall(
                transfer=transfer, team=team, record=record, provider_id=provider_id, at=now
            )
            session.flush()
            withdrawn |= make_room(session, trust=trust, record=record, provider_id=provider_id)
        remove(session, withdrawn)
        for team_id in session.scalars(
            select(Receipt.team_id).where(Receipt.transfer_id.in_(withdrawn)).distinct()
        ):
            notices.notify(session, team_id=team_id, template="packs_recalled")
        actor.note(session, RECALL_EVENT, record=record_id, transfer=transfer_id, provider=provider_id)
    delivered = track(db=db, actor=actor, record_id=record_id).delivered
    return [receipt for one in delivered if one.transfer_id in withdrawn for receipt in one.reached]
