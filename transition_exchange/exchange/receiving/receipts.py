"""Receipts: when each team opened each version, was given it in a file, and acknowledged it.

*Opened* means that a person pressed "Open" to look at this version. *Given out* means that a file with it left the
exchange: one record's PDF, its data or a document, or a table of many records. A table opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.receiving.sent_versions import (
    granted_versions,
    newest,
    receipts_to_fill,
    team_versions,
    was_sent_to,
)
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.database import Database
from transition_exchange.store.events import Detail
from transition_exchange.store.models import Receipt, Record, Transfer


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


def granted_team(session: Session, actor: Actor, *, transfer_id: UUID, team_id: UUID | None) -> OpenTeam:
    """The named receiving team, or the first of the actor's teams that was granted anything of a transfer.

    If nothing that was granted to any of them is signed, it is the first of which the database says so. What it opens
    fails its safety check then.

    Args:
        transfer_id: the transfer.
        team_id: the team; None for the first that was granted anything.

    Raises:
        NotAllowed: the actor is not in a receiving team.
        NotFound: the actor is not in this team, or none of their teams was granted anything.
    """
    if team_id is not None:
        return receiving_team(actor, team_id)
    teams = receiving_teams(actor)
    if not teams:
        raise NotAllowed
    trust = trust_of(session, actor)
    for signed in (True, False):
        granted = was_sent_to(session, trust=trust, transfer_id=transfer_id, teams=teams, signed=signed)
        for team in teams:
            if team.id in granted:
                return team
    raise NotFound


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


@dataclass(frozen=True)
class Seen:
    """The revisions of a transfer that a team opens or is given, by their ids."""

    transfer_id: UUID
    team_id: UUID
    revisions: tuple[UUID, ...]


def note_opened(*, db: Database, actor: Actor, seen: Seen) -> None:
    """Write down that somebody opened versions for their team: receipts, the transfer's state and one event.

    A version keeps its first reader. If the team had opened all of them before, nothing is written, so that a second
    click and a colleague who opens it at the same moment change nothing.

    Args:
        seen: what is opened.

    Raises:
        NotFound: the transfer was recalled or deleted in the meantime.
    """
    now = datetime.now(UTC)
    with db.write() as session:
        transfer, _ = own_transfer(session, actor, seen.transfer_id, changing=True)
        fresh = [receipt for receipt in receipts_of(session, seen) if receipt.opened_at is None]
        if not fresh:
            return
        for receipt in fresh:
            receipt.opened_at, receipt.opened_by = now, actor.principal_id
        if transfer.state == "sent":
            transfer.state = "received"
        transfer.received_at = transfer.received_at or now
        actor.note(
            session,
            "transfer.opened",
            team=seen.team_id,
            transfer=seen.transfer_id,
            **revisions_in_event(receipt.revision_id for receipt in fresh),
        )


def note_given_out(*, db: Database, actor: Actor, seen: Sequence[Seen], kind: str) -> frozenset[UUID]:
    """Write down that versions are given to a team in a file: the receipts and one event. It opens nothing.

    A receipt keeps who was given the version first. The event is written for every file.

    Args:
        seen: what the file holds; all of one team.
        kind: `pack.downloaded`, `attachment.downloaded` or `inbox.exported`.

    Returns:
        The transfers that may be given out: all but those that were recalled or deleted in the meantime.
    """
    now = datetime.now(UTC)
    given: list[Seen] = []
    with db.write() as session:
        for candidate in sorted(seen, key=lambda candidate: candidate.transfer_id):
            with suppress(NotFound):
                own_transfer(session, actor, candidate.transfer_id, changing=True)
                given.append(candidate)
        for candidate in given:
            for receipt in receipts_of(session, candidate):
                if receipt.given_out_at is None:
                    receipt.given_out_at, receipt.given_out_by = now, actor.principal_id
        if given:
            about: dict[str, Detail] = {"team": given[0].team_id, "transfers": len(given)}
            if len(seen) == 1:
                about |= {"transfer": given[0].transfer_id, **revisions_in_event(given[0].revisions)}
            actor.note(session, kind, **about)
    return frozenset(candidate.transfer_id for candidate in given)


def receipts_of(session: Session, seen: Seen) -> Sequence[Receipt]:
    """The receipts of what a team is given. One that is missing is written anew: nobody reads without one."""
    return receipts_to_fill(
        session, transfer_id=seen.transfer_id, team_id=seen.team_id, revision_ids=seen.revisions
    )


def revisions_in_event(revision_ids: Iterable[UUID]) -> dict[str, Detail]:
    """Revisions as details of an event, so that its chain of events shows which versions a receipt is for."""
    return {f"revision{position}": revision_id for position, revision_id in enumerate(revision_ids, 1)}


def acknowledge(
    *, db: Database, actor: Actor, transfer_ids: Sequence[UUID], team_id: UUID | None = None
) -> int:
    """Acknowledge packs for a team. A transfer is acknowledged once every team that was granted it has done so.

    Packs that the team has not opened yet are skipped. What a team was sent is what the school signed that it granted
    it: a receipt that somebody put there keeps nobody from acknowledging the rest, and one alone cannot be
    acknowledged.

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
        trust = trust_of(session, actor)
        for transfer_id in sorted(set(transfer_ids)):
            transfer, _ = own_transfer(session, actor, transfer_id, changing=True)
            teams = (receiving_team(actor, team_id),) if team_id else receiving_teams(actor)
            own = [
                versions
                for team in teams
                for versions in team_versions(
                    session, trust=trust, team=team, transfer_id=transfer_id
                ).values()
            ]
            if not own:
                raise NotFound
            current = [receipt for versions in own for receipt, _, _ in newest(versions.signed)]
            read = [receipt for receipt in current if receipt.opened_at is not None]
            for receipt in read:
                if receipt.acknowledged_at is None:
                    receipt.acknowledged_at, receipt.acknowledged_by = now, actor.principal_id
            done += 1 if read else 0
            if transfer.state in ("sent", "received"):
                settle(session, transfer, trust=trust)
        if done:
            about: dict[str, Detail] = {"transfers": done}
            if len(transfer_ids) == 1:
                about["transfer"] = transfer_ids[0]
            actor.note(session, "transfer.acknowledged", **about)
    return done


def settle(session: Session, transfer: Transfer, *, trust: Trust) -> None:
    """Give a transfer the state that its receipts tell; a recalled or queried one is the caller's to leave alone.

    It is acknowledged once every team has acknowledged the newest versions that the school signed that it granted the
    team. A receipt without such a grant counts for nothing.

    Args:
        session: a write session.
        transfer: the transfer, which is changed.
        trust: which keys the session trusts.
    """
    session.flush()
    granted = granted_versions(session, trust=trust, transfer=transfer)
    current = [receipt for of_team in granted.values() for receipt, _, _ in newest(of_team)]
    acknowledged = [receipt.acknowledged_at for receipt in current if receipt.acknowledged_at]
    if acknowledged and len(acknowledged) == len(current):
        transfer.state, transfer.acknowledged_at = "acknowledged", max(acknowledged)
    else:
        transfer.state, transfer.acknowledged_at = "received" if transfer.received_at else "sent", None
