"""A team's ledger: its cards under its own symmetric key, opened once a session and kept fresh in memory."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.cards import post_info
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.hpke import CannotOpen
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card

MOST_CARDS_IN_MEMORY = 200_000
"""How many opened cards one process keeps over all sessions; the ledger longest unused goes first."""

LATE_COMMITS = timedelta(minutes=2)
"""A card may be committed after a younger one was read: how far back a refresh looks again."""

MOVED_A_REQUEST = 500
"""How many posted cards one request moves into the ledger, so that none waits long."""


@dataclass(frozen=True)
class OpenCard:
    """A card, opened.

    Attributes:
        about: the record, and the transfer where the card came with one.
    """

    id: UUID
    record_id: UUID
    transfer_id: UUID | None
    changed_at: datetime
    content: Mapping[str, Any] = field(repr=False)


Key = tuple[UUID, UUID | None]
Ledger = Mapping[Key, OpenCard]


@dataclass
class _Kept:
    cards: dict[Key, OpenCard] = field(default_factory=dict)
    read_up_to: datetime | None = None


class LedgerMemory:
    """Opened ledgers of the sessions of this process, by session and team key, bounded."""

    def __init__(self, most_cards: int = MOST_CARDS_IN_MEMORY) -> None:
        self._most = most_cards
        self._kept: OrderedDict[tuple[str, UUID], _Kept] = OrderedDict()
        self._lock = Lock()

    def take(self, session_id: str, key_id: UUID) -> _Kept:
        with self._lock:
            kept = self._kept.setdefault((session_id, key_id), _Kept())
            self._kept.move_to_end((session_id, key_id))
            total = sum(len(each.cards) for each in self._kept.values())
            while total > self._most and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                total -= len(dropped.cards)
            return kept

    def forget(self, session_id: str) -> None:
        """Drop what a session opened: it ended."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == session_id]:
                del self._kept[key]


memory = LedgerMemory()


def open_ledger(*, db: Database, actor: Actor, team: OpenTeam) -> Ledger:
    """The team's cards, by record and transfer, opened; cards that arrived by post are moved into the ledger.

    A card that does not open (it was tampered with, or sealed to a key this session lacks) is left out.
    """
    kept = memory.take(actor.session_id, team.key_id) if actor.session_id else _Kept()
    with db.read() as session:
        query = select(Card).where(Card.team_id == team.id, Card.state != "due")
        if kept.read_up_to is not None:
            query = query.where(Card.changed_at >= kept.read_up_to - LATE_COMMITS)
        rows = session.scalars(query).all()
        for row in rows:
            card = _opened(team, row)
            if card is not None:
                kept.cards[row.record_id, row.transfer_id] = card
        _drop_deleted(session.scalar, session.execute, team, kept)
        posted = [row for row in rows if row.state == "post"][:MOVED_A_REQUEST]
    if rows:
        kept.read_up_to = max(row.changed_at for row in rows)
    _move(db, team, posted, kept)
    return kept.cards


def _opened(team: OpenTeam, row: Card) -> OpenCard | None:
    secret = team.secret_of(row.team_key_id) if row.team_key_id else None
    if secret is None or row.sealed is None:
        return None
    try:
        if row.state == "ledger":
            body = ledger.open(secret.ledger_key, str(row.id), row.sealed)
        else:
            body = ledger.unpad(hpke.open(secret.kem, row.sealed, info=post_info(row.id)))
    except CannotOpen:
        return None
    return OpenCard(
        id=row.id,
        record_id=row.record_id,
        transfer_id=row.transfer_id,
        changed_at=row.changed_at,
        content=json.loads(body),
    )


def _drop_deleted(scalar: Any, execute: Any, team: OpenTeam, kept: _Kept) -> None:
    """Recalled and deleted cards leave no trace to refresh from: where the count differs, compare what is there."""
    there = scalar(select(func.count()).select_from(Card).where(Card.team_id == team.id, Card.state != "due"))
    if there != len(kept.cards):
        keys = {
            tuple(row)
            for row in execute(select(Card.record_id, Card.transfer_id).where(Card.team_id == team.id))
        }
        for key in [key for key in kept.cards if key not in keys]:
            del kept.cards[key]


def _move(db: Database, team: OpenTeam, posted: Sequence[Card], kept: _Kept) -> None:
    moved = [
        (row.id, row.changed_at, json.dumps(card.content, ensure_ascii=False, separators=(",", ":")).encode())
        for row in posted
        if (card := kept.cards.get((row.record_id, row.transfer_id))) is not None and card.id == row.id
    ]
    if not moved:
        return
    sealed = [
        (card_id, at, ledger.seal(team.secret.ledger_key, str(card_id), body)) for card_id, at, body in moved
    ]
    with db.write() as session:
        for card_id, changed_at, body in sealed:
            session.execute(
                update(Card)
                .where(Card.id == card_id, Card.state == "post", Card.changed_at == changed_at)
                .values(state="ledger", sealed=body, team_key_id=team.key_id)
            )


def display_name(content: Mapping[str, Any]) -> str:
    """A learner's name as lists and headings say it: the name they go by, else their legal one."""
    first = content.get("preferred_name") or content.get("legal_forename") or ""
    return f"{first} {content.get('legal_surname') or ''}".strip()


def name_order(content: Mapping[str, Any]) -> tuple[str, str]:
    """How lists are ordered: by last name, then first, whatever the case."""
    return str(content.get("legal_surname", "")).casefold(), str(content.get("legal_forename", "")).casefold()
