"""Which versions of a transfer a team was sent, and what its receipts say of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from transition_exchange.store.models import Grant, Receipt, Revision, Team, Transfer


class ReceiptOfVersion(NamedTuple):
    """A receipt with the version that it is for.

    Attributes:
        receipt: the row of the receipt.
        owner: the sending purpose that released the version.
        number: the number of the version among that owner's versions.
    """

    receipt: Receipt
    owner: str
    number: int


def team_receipts(
    session: Session, team_id: UUID, *, transfer_id: UUID | None = None
) -> dict[UUID, list[ReceiptOfVersion]]:
    """A team's receipts, by transfer. A version whose receipt is missing counts as one that nobody has opened.

    What a team was sent is what it was granted. Receipts are not signed, and without this somebody who deletes one
    would take the team back to an older version.

    Args:
        transfer_id: only those of one transfer; None for all.
    """
    written = (
        select(Receipt, Revision.owner, Revision.number)
        .join(Revision, Revision.id == Receipt.revision_id)
        .where(Receipt.team_id == team_id)
    )
    if transfer_id is not None:
        written = written.where(Receipt.transfer_id == transfer_id)
    receipts: dict[UUID, list[ReceiptOfVersion]] = {}
    for receipt, owner, number in session.execute(written):
        receipts.setdefault(receipt.transfer_id, []).append(ReceiptOfVersion(receipt, owner, number))
    for candidate in _without_receipt(session, team_id=team_id, transfer_id=transfer_id):
        receipts.setdefault(candidate.receipt.transfer_id, []).append(candidate)
    return receipts


def _without_receipt(
    session: Session, *, team_id: UUID, transfer_id: UUID | None
) -> Iterable[ReceiptOfVersion]:
    """The versions that a provider's team was granted and of which there is no receipt, with one that is not stored."""
    same = (
        Receipt.transfer_id == Grant.transfer_id,
        Receipt.team_id == Grant.grantee_team_id,
        Receipt.revision_id == Grant.revision_id,
    )
    query = (
        select(Grant.transfer_id, Grant.revision_id, Grant.created_at, Revision.owner, Revision.number)
        .join(Revision, Revision.id == Grant.revision_id)
        .join(Transfer, Transfer.id == Grant.transfer_id)
        .join(Team, Team.id == Grant.grantee_team_id)
        .where(
            Grant.grantee_team_id == team_id,
            Team.organisation_id == Transfer.provider_id,
            Grant.keyring.is_not(None),
            Grant.withdrawn_at.is_(None),
            Revision.number > 0,
            ~exists().where(*same),
        )
    )
    if transfer_id is not None:
        query = query.where(Grant.transfer_id == transfer_id)
    for granted in session.execute(query):
        receipt = Receipt(
            transfer_id=granted.transfer_id,
            team_id=team_id,
            revision_id=granted.revision_id,
            granted_at=granted.created_at,
        )
        yield ReceiptOfVersion(receipt, granted.owner, granted.number)


def was_sent_to(session: Session, *, transfer_id: UUID, team_ids: Collection[UUID]) -> set[UUID]:
    """Those of some teams that have a receipt of a transfer, or were granted something by it."""
    return {team_id for team_id in team_ids if team_receipts(session, team_id, transfer_id=transfer_id)}


def newest(receipts: Iterable[ReceiptOfVersion]) -> list[ReceiptOfVersion]:
    """Each owner's newest version, out of one team's receipts of one transfer."""
    newest_by_owner: dict[str, ReceiptOfVersion] = {}
    for candidate in receipts:
        best = newest_by_owner.get(candidate.owner)
        if best is None or candidate.number > best.number:
            newest_by_owner[candidate.owner] = candidate
    return list(newest_by_owner.values())


def opened(receipts: Iterable[ReceiptOfVersion]) -> list[ReceiptOfVersion]:
    """The versions that the team has opened, out of its receipts."""
    return [candidate for candidate in receipts if candidate.receipt.opened_at is not None]


def state_of(receipts: Sequence[ReceiptOfVersion]) -> str:
    """What a team has done with a transfer, out of its receipts: `new`, `changed`, `opened` or `acknowledged`.

    `changed` means that it has opened an earlier version and not the newest one.
    """
    current = newest(receipts)
    if all(receipt.acknowledged_at for receipt, _, _ in current):
        return "acknowledged"
    if len(opened(current)) == len(current):
        return "opened"
    return "changed" if opened(receipts) else "new"
