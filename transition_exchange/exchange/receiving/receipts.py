"""Receipts: which team has opened, downloaded and acknowledged which version, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import RECEIVING_PURPOSES, About, Actor, OpenTeam
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.store.database import Database
from transition_exchange.store.models import Receipt, Record, Revision, Transfer


def receiving_teams(actor: Actor) -> tuple[OpenTeam, ...]:
    """The actor's teams that receive packs."""
    return tuple(team for team in actor.teams if team.purposes & RECEIVING_PURPOSES)


def receiving_team(actor: Actor, team_id: UUID | None = None) -> OpenTeam:
    """One of the actor's receiving teams: the named one, or the first.

    Raises:
        NotAllowed: the actor is in none.
        NotFound: the named one is not the actor's.
    """
    teams = receiving_teams(actor)
    if not teams:
        raise NotAllowed
    if team_id is None:
        return teams[0]
    found = next((team for team in teams if team.id == team_id), None)
    if found is None:
        raise NotFound
    return found


def own_transfer(
    session: Session, actor: Actor, transfer_id: UUID, *, changing: bool = False
) -> tuple[Transfer, Record]:
    """A transfer to the actor's organisation, with its record.

    Args:
        changing: nobody else may change it, or take it back, until this transaction is over.

    Raises:
        NotFound: there is none with this id, it goes elsewhere, or it was recalled.
    """
    transfer = session.get(Transfer, transfer_id, with_for_update=changing)
    if transfer is None or transfer.provider_id != actor.organisation_id or transfer.state == "recalled":
        raise NotFound
    return transfer, session.get_one(Record, transfer.record_id)


Mine = Sequence[tuple[Receipt, str, int]]


def team_receipts(session: Session, team_id: UUID) -> dict[UUID, list[tuple[Receipt, str, int]]]:
    """A team's receipts by transfer, each with its revision's owner and number."""
    found: dict[UUID, list[tuple[Receipt, str, int]]] = {}
    for receipt, owner, number in session.execute(
        select(Receipt, Revision.owner, Revision.number)
        .join(Revision, Revision.id == Receipt.revision_id)
        .where(Receipt.team_id == team_id)
    ):
        found.setdefault(receipt.transfer_id, []).append((receipt, owner, number))
    return found


def newest(mine: Mine) -> list[Receipt]:
    """The receipt of each owner's newest revision among a team's receipts of one transfer."""
    best: dict[str, tuple[int, Receipt]] = {}
    for receipt, owner, number in mine:
        if owner not in best or number > best[owner][0]:
            best[owner] = (number, receipt)
    return [receipt for _, receipt in best.values()]


def state_of(mine: Mine) -> str:
    """How a team stands towards a transfer: new, changed, opened or acknowledged."""
    current = newest(mine)
    if all(receipt.acknowledged_at for receipt in current):
        return "acknowledged"
    if all(receipt.opened_at for receipt in current):
        return "opened"
    return "changed" if any(receipt.opened_at for receipt, _, _ in mine) else "new"


@dataclass(frozen=True)
class Seen:
    """Which revisions of a transfer a team has just opened."""

    transfer_id: UUID
    team_id: UUID
    revisions: tuple[UUID, ...]


def note_opened(*, db: Database, actor: Actor, seen: Sequence[Seen], kind: str) -> None:
    """Write down that a team has opened or downloaded packs: receipts, the transfers' states, and one event.

    Args:
        kind: `transfer.opened`, `pack.downloaded`, `attachment.downloaded` or `inbox.exported`.
    """
    now = datetime.now(UTC)
    with db.write() as session:
        fresh = False
        for each in sorted(seen, key=lambda one: one.transfer_id):
            transfer = session.get_one(Transfer, each.transfer_id, with_for_update=True)
            if transfer.state == "recalled":
                raise NotFound
            for receipt in session.scalars(
                select(Receipt).where(
                    Receipt.transfer_id == each.transfer_id,
                    Receipt.team_id == each.team_id,
                    Receipt.revision_id.in_(each.revisions),
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
            about: dict[str, About] = {"team": seen[0].team_id, "transfers": len(seen)}
            if len(seen) == 1:
                about["transfer"] = seen[0].transfer_id
            actor.note(session, kind, **about)


def acknowledge(
    *, db: Database, actor: Actor, transfer_ids: Sequence[UUID], team_id: UUID | None = None
) -> int:
    """Say that a team has taken packs on; a transfer is acknowledged once every granted team has.

    Packs that the team has not opened yet are left out, since nobody can take on what they have not seen.

    Returns:
        How many of the transfers the team has now acknowledged.

    Raises:
        NotAllowed: the actor is in no receiving team.
        NotFound: one of the transfers is not the team's.
    """
    now = datetime.now(UTC)
    done = 0
    with db.write() as session:
        for transfer_id in sorted(set(transfer_ids)):
            transfer, _ = own_transfer(session, actor, transfer_id, changing=True)
            team = receiving_team(actor, team_id) if team_id else None
            wanted = {team.id} if team else {each.id for each in receiving_teams(actor)}
            mine = _all_receipts(session, transfer_id)
            own = [each for each in mine if each[0].team_id in wanted]
            if not own:
                raise NotFound
            opened = [receipt for receipt in _newest_by_team(own) if receipt.opened_at is not None]
            for receipt in opened:
                if receipt.acknowledged_at is None:
                    receipt.acknowledged_at, receipt.acknowledged_by = now, actor.principal_id
            done += 1 if opened else 0
            if all(receipt.acknowledged_at for receipt in _newest_by_team(mine)) and transfer.state in (
                "sent",
                "received",
            ):
                transfer.state, transfer.acknowledged_at = "acknowledged", now
        if done:
            about: dict[str, About] = {"transfers": done}
            if len(transfer_ids) == 1:
                about["transfer"] = transfer_ids[0]
            actor.note(session, "transfer.acknowledged", **about)
    return done


def _all_receipts(session: Session, transfer_id: UUID) -> list[tuple[Receipt, str, int]]:
    return [
        (receipt, owner, number)
        for receipt, owner, number in session.execute(
            select(Receipt, Revision.owner, Revision.number)
            .join(Revision, Revision.id == Receipt.revision_id)
            .where(Receipt.transfer_id == transfer_id)
        )
    ]


def _newest_by_team(mine: Mine) -> list[Receipt]:
    teams = {receipt.team_id for receipt, _, _ in mine}
    return [
        receipt
        for team_id in teams
        for receipt in newest([each for each in mine if each[0].team_id == team_id])
    ]
