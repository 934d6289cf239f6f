"""Receipts: when each team has opened, downloaded and acknowledged each version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.database import Database
from transition_exchange.store.events import Detail
from transition_exchange.store.models import Receipt, Record, Revision, Transfer


def receiving_teams(actor: Actor) -> tuple[OpenTeam, ...]:
    """The actor's teams that receive packs."""
    return tuple(team for team in actor.teams if team.purposes.intersection(RECEIVING))


def receiving_team(actor: Actor, team_id: UUID | None = None) -> OpenTeam:
    """One of the actor's receiving teams.

    Args:
        team_id: the team; None for the first of them.

    Raises:
        NotAllowed: the actor is not in a receiving team.
        NotFound: the actor is not in this team, or it does not receive packs.
    """
    teams = receiving_teams(actor)
    if not teams:
        raise NotAllowed
    if team_id is None:
        return teams[0]
    named = next((team for team in teams if team.id == team_id), None)
    if named is None:
        raise NotFound
    return named


def own_transfer(
    session: Session, actor: Actor, transfer_id: UUID, *, changing: bool = False
) -> tuple[Transfer, Record]:
    """A transfer to the actor's organisation, with its record.

    Args:
        transfer_id: the transfer.
        changing: whether to lock it, so that nobody else changes or recalls it until the transaction ends.

    Raises:
        NotFound: the transfer is unknown, recalled or another provider's.
    """
    transfer = session.get(Transfer, transfer_id, with_for_update=changing)
    if transfer is None or transfer.provider_id != actor.organisation_id or transfer.state == "recalled":
        raise NotFound
    return transfer, session.get_one(Record, transfer.record_id)


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


def team_receipts(session: Session, team_id: UUID) -> dict[UUID, list[ReceiptOfVersion]]:
    """A team's receipts, by transfer."""
    receipts: dict[UUID, list[ReceiptOfVersion]] = {}
    for receipt, owner, number in session.execute(
        select(Receipt, Revision.owner, Revision.number)
        .join(Revision, Revision.id == Receipt.revision_id)
        .where(Receipt.team_id == team_id)
    ):
        receipts.setdefault(receipt.transfer_id, []).append(ReceiptOfVersion(receipt, owner, number))
    return receipts


def newest(receipts: Sequence[ReceiptOfVersion]) -> list[Receipt]:
    """The receipt of each owner's newest version, out of one team's receipts of one transfer."""
    newest_by_owner: dict[str, ReceiptOfVersion] = {}
    for candidate in receipts:
        best = newest_by_owner.get(candidate.owner)
        if best is None or candidate.number > best.number:
            newest_by_owner[candidate.owner] = candidate
    return [candidate.receipt for candidate in newest_by_owner.values()]


def state_of(receipts: Sequence[ReceiptOfVersion]) -> str:
    """What a team has done with a transfer, out of its receipts: `new`, `changed`, `opened` or `acknowledged`.

    `changed` means that it has opened an earlier version and not the newest one.
    """
    current = newest(receipts)
    if all(receipt.acknowledged_at for receipt in current):
        return "acknowledged"
    if all(receipt.opened_at for receipt in current):
        return "opened"
    return "changed" if any(receipt.opened_at for receipt, _, _ in receipts) else "new"


@dataclass(frozen=True)
class Seen:
    """The revisions of a transfer that a team has just opened or downloaded, by their ids."""

    transfer_id: UUID
    team_id: UUID
    revisions: tuple[UUID, ...]


def note_opened(*, db: Database, actor: Actor, seen: Sequence[Seen], kind: str) -> None:
    """Write down that a team has opened or downloaded packs: its receipts, the transfers' states, and one event.

    Opening a pack again writes nothing.

    Args:
        seen: what the team has opened.
        kind: `transfer.opened`, `pack.downloaded`, `attachment.downloaded` or `inbox.exported`.

    Raises:
        NotFound: one of the transfers was recalled in the meantime.
    """
    now = datetime.now(UTC)
    with db.write() as session:
        fresh = False
        for opened in sorted(seen, key=lambda opened: opened.transfer_id):
            transfer = session.get_one(Transfer, opened.transfer_id, with_for_update=True)
            if transfer.state == "recalled":
                raise NotFound
            for receipt in session.scalars(
                select(Receipt).where(
                    Receipt.transfer_id == opened.transfer_id,
                    Receipt.team_id == opened.team_id,
                    Receipt.revision_id.in_(opened.revisions),
                )
            ):
                if receipt.opened_at is None:
                    receipt.opened_at, receipt.opened_by, fresh = now, actor.principal_id, True
                if kind != "transfer.opened":
                    receipt.downloaded_at = now
            if transfer.state == "sent":
                transfer.state = "received"
            transfer.received_at = transfer.received_at or now
        if fresh or kind != "transfer.opened":
            about: dict[str, Detail] = {"team": seen[0].team_id, "transfers": len(seen)}
            if len(seen) == 1:
                about["transfer"] = seen[0].transfer_id
            actor.note(session, kind, **about)


def acknowledge(
    *, db: Database, actor: Actor, transfer_ids: Sequence[UUID], team_id: UUID | None = None
) -> int:
    """Acknowledge packs for a team. A transfer is acknowledged once every team that was granted it has done so.

    Packs that the team has not opened yet are skipped.

    Args:
        transfer_ids: the transfers.
        team_id: the team; None for all of the actor's receiving teams.

    Returns:
        How many of the transfers the team has now acknowledged.

    Raises:
        NotAllowed: `team_id` is given and the actor is not in a receiving team.
        NotFound: a transfer is unknown, recalled or another provider's, it was not granted to the team, or the actor is
            not in the team.
    """
    now = datetime.now(UTC)
    done = 0
    with db.write() as session:
        for transfer_id in sorted(set(transfer_ids)):
            transfer, _ = own_transfer(session, actor, transfer_id, changing=True)
            team = receiving_team(actor, team_id) if team_id else None
            team_ids = {team.id} if team else {team.id for team in receiving_teams(actor)}
            every_receipt = _all_receipts(session, transfer_id)
            own = [candidate for candidate in every_receipt if candidate.receipt.team_id in team_ids]
            if not own:
                raise NotFound
            opened = [receipt for receipt in _newest_by_team(own) if receipt.opened_at is not None]
            for receipt in opened:
                if receipt.acknowledged_at is None:
                    receipt.acknowledged_at, receipt.acknowledged_by = now, actor.principal_id
            done += 1 if opened else 0
            if transfer.state in ("sent", "received"):
                settle(session, transfer)
        if done:
            about: dict[str, Detail] = {"transfers": done}
            if len(transfer_ids) == 1:
                about["transfer"] = transfer_ids[0]
            actor.note(session, "transfer.acknowledged", **about)
    return done


def settle(session: Session, transfer: Transfer) -> None:
    """Give a transfer the state that its receipts tell; a recalled or queried one is the caller's to leave alone.

    It is acknowledged once every team has acknowledged the newest versions that it was granted.
    """
    newest_receipts = _newest_by_team(_all_receipts(session, transfer.id))
    acknowledged = [receipt.acknowledged_at for receipt in newest_receipts if receipt.acknowledged_at]
    if len(acknowledged) == len(newest_receipts):
        transfer.state, transfer.acknowledged_at = "acknowledged", max(acknowledged)
    else:
        transfer.state, transfer.acknowledged_at = "received" if transfer.received_at else "sent", None


def _all_receipts(session: Session, transfer_id: UUID) -> list[ReceiptOfVersion]:
    return [
        ReceiptOfVersion(receipt, owner, number)
        for receipt, owner, number in session.execute(
            select(Receipt, Revision.owner, Revision.number)
            .join(Revision, Revision.id == Receipt.revision_id)
            .where(Receipt.transfer_id == transfer_id)
        )
    ]


def _newest_by_team(receipts: Sequence[ReceiptOfVersion]) -> list[Receipt]:
    by_team: dict[UUID, list[ReceiptOfVersion]] = {}
    for candidate in receipts:
        by_team.setdefault(candidate.receipt.team_id, []).append(candidate)
    return [receipt for of_team in by_team.values() for receipt in newest(of_team)]
