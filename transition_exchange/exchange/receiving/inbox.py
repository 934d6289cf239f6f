"""A receiving team's inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange import states
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.confirmed_names import names_to_show
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.receipts import receiving_team
from transition_exchange.exchange.receiving.safeguarding_part import safeguarding_part
from transition_exchange.exchange.receiving.sent_versions import (
    ReceiptOfVersion,
    newest,
    state_of,
    team_versions,
)
from transition_exchange.exchange.receiving.unchanged import NOTHING_NEWER, Unchanged, unchanged_since
from transition_exchange.exchange.records import ledgers, names
from transition_exchange.exchange.records.ledger_memory import card_for
from transition_exchange.store.database import Database
from transition_exchange.store.models import Query, Record, Transfer

MARKS = tuple(states.FOR_PROVIDER)
"""The marks that a row may have, those that wait for the team first."""


@dataclass(frozen=True)
class InboxRow:
    """One transfer in a team's inbox.

    Attributes:
        school: the name of the school that sent the record, as it was confirmed.
        school_id: that school, which signed the card.
        state: what this team has done with the newest releases that it was granted: `new`, `changed`, `opened` or
            `acknowledged`. One in which nothing changed for the team leaves it as it was.
        unchanged: the newer versions in which nothing changed for the team.
        number: the number of the transition team's newest release; 0 if there is none.
        sent_at: when the newest release was sent.
        queried: whether the team has asked a question that is open. Rows do not say whether one is answered:
            `queries.on_lists` tells those apart.
        answered: whether such a question is answered and still to be closed.
        given_out_at: when one of the newest versions was first given to the team in a file, opened or not; None if none
            was.
        team_ids: the teams on whose lists it stands, first the one for which the most is left to do.
        may_acknowledge: whether the team has read something that it can acknowledge now.
        safeguarding: whether the school signed that the safeguarding team's release is among those granted.
        doubtful: the owners of whom the database names a newer version, which none of the school's teams signed for
            this team.
        content: the fields of the card, as far as this team may read them.
        answer: what the school's safeguarding team has answered (`SafeguardingPart.answer`), for a team that is told.
    """

    transfer_id: UUID
    record_id: UUID
    school: str
    school_id: UUID
    leaving_year: int
    state: str
    number: int
    sent_at: datetime
    given_out_at: datetime | None
    safeguarding: bool
    content: Mapping[str, Any] = field(repr=False)
    doubtful: tuple[str, ...] = ()
    answer: str = ""
    queried: bool = False
    answered: bool = False
    may_acknowledge: bool = False
    unchanged: Unchanged = NOTHING_NEWER
    team_ids: tuple[UUID, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """Its marks, in the order of `MARKS`."""
        beside = {
            "answered": self.answered,
            "queried": self.queried,
            "exported": self.given_out_at is not None,
        }
        return tuple(mark for mark in MARKS if mark == self.state or beside.get(mark, False))


def inbox(*, db: Database, actor: Actor, team_id: UUID | None = None) -> list[InboxRow]:
    """A team's transfers. Those that wait for the team come first, and among those the newest.

    Args:
        db: the database.
        actor: who asks.
        team_id: the team; None for the first of the actor's receiving teams.

    Raises:
        NotAllowed: the actor is in no receiving team.
        NotFound: the team is not one of the actor's receiving teams.
    """
    team = receiving_team(actor, team_id)
    ledger = ledgers.refreshed(db=db, actor=actor, team=team)
    opened = ledger.cards
    with db.read() as session:
        transfers = session.execute(
            select(Transfer, Record)
            .join(Record, Record.id == Transfer.record_id)
            .where(Transfer.provider_id == actor.organisation_id, Transfer.state != "recalled")
        ).all()
        trust = trust_of(session, actor)
        versions = team_versions(session, trust=trust, team=team, checked=ledger.checked)
        parts = {
            transfer.id: safeguarding_part(
                session,
                actor=actor,
                trust=trust,
                team=team,
                record=record,
                transfer_id=transfer.id,
                versions=versions[transfer.id],
                kept=ledger.answers,
            )
            for transfer, record in transfers
            if transfer.id in versions
        }
        unchanged = {
            transfer.id: unchanged_since(
                session,
                actor=actor,
                trust=trust,
                team=team,
                record=record,
                transfer_id=transfer.id,
                part=parts[transfer.id],
                kept=ledger.alike,
            )
            for transfer, record in transfers
            if transfer.id in parts
        }
        queried = set(
            session.scalars(
                select(Query.transfer_id).where(Query.asking_team_id == team.id, Query.closed_at.is_(None))
            )
        )
        # Whose key signed the card and the statement of the transfer.
        schools = names_to_show(
            session,
            trust=trust,
            organisation_ids={card.school_id for card in opened.values()},
        )
    rows = []
    for transfer, record in transfers:
        own_versions, part = versions.get(transfer.id), parts.get(transfer.id)
        card = card_for(opened, transfer.record_id, transfer.id, school_id=record.organisation_id)
        if own_versions is None or part is None or card is None or not part.versions.listed:
            continue
        own_receipts, signed = part.versions.listed, part.versions.signed
        same = unchanged[transfer.id]
        rows.append(
            InboxRow(
                transfer_id=transfer.id,
                record_id=transfer.record_id,
                school=schools[card.school_id],
                school_id=card.school_id,
                leaving_year=record.leaving_year,
                state=(state := same.state or state_of(own_receipts)),
                number=max((number for _, owner, number in signed if owner == "transition"), default=0),
                sent_at=max(receipt.granted_at for receipt, _, _ in own_receipts),
                given_out_at=_given_out(own_receipts),
                safeguarding=any(
                    owner == "school_safeguarding" and receipt.revision_id not in own_versions.taking_back
                    for receipt, owner, _ in signed
                ),
                content=card.content,
                doubtful=own_versions.doubtful,
                answer=part.answer,
                queried=transfer.id in queried,
                may_acknowledge=state == "opened" and bool(signed) and not same,
                unchanged=same,
                team_ids=(team.id,),
            )
        )
    return sorted(rows, key=waiting_first)


def next_unopened(*, db: Database, actor: Actor, team_id: UUID, besides: UUID) -> tuple[InboxRow | None, int]:
    """The first record of a team's inbox with something that nobody in the team has opened, and how many there are.

    Args:
        db: the database.
        actor: who asks.
        team_id: the team.
        besides: the transfer that is being read, which does not count.

    Raises:
        NotAllowed: as `inbox`.
        NotFound: as `inbox`.
    """
    rows = inbox(db=db, actor=actor, team_id=team_id)
    waiting = [row for row in rows if row.state in ("new", "changed") and row.transfer_id != besides]
    return (waiting[0] if waiting else None), len(waiting)


def _given_out(receipts: Sequence[ReceiptOfVersion]) -> datetime | None:
    moments = [receipt.given_out_at for receipt, _, _ in newest(receipts) if receipt.given_out_at is not None]
    return min(moments, default=None)


def waiting_first(row: InboxRow) -> tuple[int, float, names.NameOrder, UUID]:
    """The order of a list: what waits for the team first, and among that the newest."""
    order = names.name_order(row.content)
    first = min(MARKS.index(mark) for mark in row.marks)
    return first, -row.sent_at.timestamp(), order, row.transfer_id
