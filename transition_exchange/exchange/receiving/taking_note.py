"""Taking note, by one press, of newer versions in which nothing changed for a team.

It writes the ordinary receipts, by the person who pressed: each version is opened, and acknowledged if the one before
it was. A version in which something changed is left for somebody to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.receiving.inbox import InboxRow, inbox
from transition_exchange.exchange.receiving.receipts import (
    Seen,
    own_transfer,
    receipts_of,
    receiving_team,
    receiving_teams,
    revisions_in_event,
    settle,
)
from transition_exchange.store.database import Database
from transition_exchange.store.events import Detail


def take_note(
    *,
    db: Database,
    actor: Actor,
    transfer_ids: Sequence[UUID] | None = None,
    team_id: UUID | None = None,
) -> int:
    """Take note of the newer versions in which nothing changed, for the records that stand so on a team's list now.

    Args:
        transfer_ids: only those of these transfers; None for all.
        team_id: the team; None for all of the actor's receiving teams.

    Returns:
        For how many records it did. A record that was taken back in the meantime is left out.

    Raises:
        NotAllowed: the actor is in no receiving team.
        NotFound: the team is not one of the actor's receiving teams.
    """
    first = receiving_team(actor, team_id)
    teams = (first,) if team_id is not None else receiving_teams(actor)
    rows = [
        (team, row)
        for team in teams
        for row in inbox(db=db, actor=actor, team_id=team.id)
        if row.unchanged and (transfer_ids is None or row.transfer_id in transfer_ids)
    ]
    done, acknowledged = set[UUID](), set[UUID]()
    with db.write() as session:
        trust = trust_of(session, actor)
        for team, row in sorted(rows, key=lambda pair: pair[1].transfer_id):
            with suppress(NotFound):
                fresh, settled = _note(session, actor=actor, trust=trust, team=team, row=row)
                done |= {row.transfer_id} if fresh else set()
                acknowledged |= {row.transfer_id} if settled else set()
        if acknowledged:
            about: dict[str, Detail] = {"transfers": len(acknowledged)}
            if len(acknowledged) == 1:
                about["transfer"] = next(iter(acknowledged))
            actor.note(session, "transfer.acknowledged", **about)
    return len(done)


def _note(
    session: Session, *, actor: Actor, trust: Trust, team: OpenTeam, row: InboxRow
) -> tuple[bool, bool]:
    """Write the receipts of one record for one team.

    Returns:
        Whether any was written, and whether any says that the team has acknowledged it.

    Raises:
        NotFound: the record was taken back in the meantime.
    """
    now = datetime.now(UTC)
    transfer, _ = own_transfer(session, actor, row.transfer_id, changing=True)
    besides = (row.unchanged.besides,) if row.unchanged.besides else ()
    ids = [
        *besides,
        *(revision_id for one in row.unchanged.versions for revision_id in (one.revision_id, one.before)),
    ]
    receipts = {
        receipt.revision_id: receipt
        for receipt in receipts_of(session, Seen(row.transfer_id, team.id, tuple(ids)))
    }
    # What stands beside them goes the way of the whole record.
    stood = dict.fromkeys(besides, row.unchanged.state == "acknowledged")
    for one in row.unchanged.versions:
        before = receipts.get(one.before)
        stood[one.revision_id] = before is not None and before.acknowledged_at is not None
    fresh = [
        receipts[revision_id]
        for revision_id in stood
        if revision_id in receipts and receipts[revision_id].opened_at is None
    ]
    if not fresh:
        return False, False
    for receipt in fresh:
        receipt.opened_at, receipt.opened_by = now, actor.principal_id
        if stood[receipt.revision_id]:
            receipt.acknowledged_at, receipt.acknowledged_by = now, actor.principal_id
    transfer.received_at = transfer.received_at or now
    actor.note(
        session,
        "transfer.opened",
        team=team.id,
        transfer=transfer.id,
        **revisions_in_event(receipt.revision_id for receipt in fresh),
    )
    if transfer.state in ("sent", "received"):
        settle(session, transfer, trust=trust)
    return True, any(stood[receipt.revision_id] for receipt in fresh)
