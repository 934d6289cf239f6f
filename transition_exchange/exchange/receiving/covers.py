"""The cover of a transfer: what a team sees of it before somebody opens it.

It says no more than the team's list, and which versions wait. Looking at it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys.confirmed_names import NOT_CONFIRMED, names_to_show
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.receipts import granted_team, own_transfer
from transition_exchange.exchange.receiving.safeguarding_part import SafeguardingPart, part_of
from transition_exchange.exchange.receiving.sent_versions import (
    ReceiptOfVersion,
    newest,
    opened,
)
from transition_exchange.exchange.receiving.unchanged import NOTHING_NEWER, Unchanged, unchanged_since
from transition_exchange.exchange.receiving.whom_to_ring import ToRing, whom_to_ring
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.grounds import sender_of
from transition_exchange.exchange.records.ledger_memory import card_for
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Principal


@dataclass(frozen=True)
class ReceivedVersion:
    """One version that a team was sent, and what the team has done with it.

    Attributes:
        owner: the sending purpose that released it.
        number: its number among that owner's versions.
        opened_by: the name of who opened it first; None if nobody has, or their account is gone.
        given_out_by: the name of who was first given a file with it; None as for `opened_by`.
        signed: whether a team of the school signed that it was granted to the team. Where some versions are signed, no
            others are named.
    """

    owner: str
    number: int
    sent_at: datetime
    opened_at: datetime | None
    opened_by: str | None
    given_out_at: datetime | None
    given_out_by: str | None
    signed: bool = True


@dataclass(frozen=True)
class Cover:
    """The cover of a transfer, for one team.

    Attributes:
        school: the name of the school that signed the transfer, as it was confirmed.
        content: the fields of the team's card; empty if no card of it opens and agrees with the transfer.
        newest: the newest version of each owner.
        read: the newest version of each owner that the team has opened.
        withdrawn: the versions that the team had and that were taken back since, as far as it may know of them.
        doubtful: the owners of whom the database names a newer version, which none of the school's teams signed for
            this team.
        part: what the team may know of the safeguarding team's part.
        unchanged: the newer versions in which nothing changed for the team. They do not wait for anybody to read them.
        ring: whom the team rings at the school.
    """

    transfer_id: UUID
    record_id: UUID
    team: OpenTeam
    school: str
    content: Mapping[str, Any] = field(repr=False)
    newest: tuple[ReceivedVersion, ...]
    read: tuple[ReceivedVersion, ...]
    part: SafeguardingPart
    unchanged: Unchanged = NOTHING_NEWER
    withdrawn: tuple[ReceivedVersion, ...] = ()
    doubtful: tuple[str, ...] = ()
    ring: tuple[ToRing, ...] = ()

    @property
    def waiting(self) -> tuple[ReceivedVersion, ...]:
        """The newest versions that the team has not opened, unless nothing changed in them for it."""
        if self.unchanged:
            return ()
        return tuple(version for version in self.newest if version.opened_at is None)


def cover(*, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None = None) -> Cover:
    """The cover of a transfer for one of the actor's teams. Nothing is changed.

    Args:
        transfer_id: the transfer.
        team_id: the team; None for the first of the actor's teams that was granted anything of it.

    Raises:
        NotAllowed: the actor is not in a receiving team.
        NotFound: the transfer is unknown, recalled or another provider's, or nothing of it was granted to the team.
    """
    with db.read() as session:
        team = granted_team(session, actor, transfer_id=transfer_id, team_id=team_id)
    ledger = ledgers.refreshed(db=db, actor=actor, team=team)
    with db.read() as session:
        transfer, record = own_transfer(session, actor, transfer_id)
        trust = trust_of(session, actor)
        versions, part = part_of(
            session, actor=actor, trust=trust, team=team, record=record, transfer_id=transfer_id
        )
        # Whose key signed the transfer. The record's row could name another school.
        school_id = sender_of(session, trust=trust, record=record, transfer=transfer)
        card = card_for(ledger.cards, record.id, transfer_id, school_id=school_id) if school_id else None
        names = names_to_show(session, trust=trust, organisation_ids={school_id} if school_id else ())
        return Cover(
            transfer_id=transfer_id,
            record_id=record.id,
            team=team,
            school=names[school_id] if school_id else NOT_CONFIRMED,
            content=card.content if card else {},
            newest=_versions(session, newest(part.versions.listed), signed=bool(part.versions.signed)),
            read=_versions(session, newest(opened(part.versions.tried))),
            part=part,
            unchanged=unchanged_since(
                session,
                actor=actor,
                trust=trust,
                team=team,
                record=record,
                transfer_id=transfer_id,
                part=part,
                kept=ledger.alike,
            ),
            withdrawn=_versions(session, part.versions.withdrawn),
            doubtful=versions.doubtful,
            ring=whom_to_ring(session, trust=trust, team=team, school_id=school_id),
        )


def _versions(
    session: Session, receipts: Iterable[ReceiptOfVersion], *, signed: bool = True
) -> tuple[ReceivedVersion, ...]:
    """The versions of some receipts, in the order in which pages name their owners."""
    in_order = sorted(receipts, key=lambda candidate: (SENDING.index(candidate.owner), candidate.number))
    people = {
        person_id
        for receipt, _, _ in in_order
        for person_id in (receipt.opened_by, receipt.given_out_by)
        if person_id
    }
    names: dict[UUID, str] = {}
    if people:
        rows = session.execute(select(Principal.id, Principal.name).where(Principal.id.in_(people)))
        names = {row.id: row.name for row in rows}
    return tuple(
        ReceivedVersion(
            owner=owner,
            number=number,
            sent_at=receipt.granted_at,
            opened_at=receipt.opened_at,
            opened_by=names.get(receipt.opened_by) if receipt.opened_by else None,
            given_out_at=receipt.given_out_at,
            given_out_by=names.get(receipt.given_out_by) if receipt.given_out_by else None,
            signed=signed,
        )
        for receipt, owner, number in in_order
    )
