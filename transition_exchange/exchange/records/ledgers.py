"""A team's ledger: its cards under its own symmetric key, opened once a session and kept up to date in memory."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock, RLock, Timer
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.records.cards import padding_step, post_info
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.hpke import CannotOpen
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, ChainHead

MOST_CARDS_IN_MEMORY = 200_000
"""How many opened cards one process keeps, over all sessions. Above it, the ledger longest unused is dropped first."""

KEPT_UNUSED = timedelta(minutes=30)
"""Unused ledgers are dropped after 30 minutes, the idle limit of a session."""

LATE_COMMITS = timedelta(minutes=2)
"""How far a refresh looks back behind the last one. A card may be committed after one with a later time was read."""

READ_AT_ONCE = 500
"""How many cards one query names. Databases limit the number of values in a statement."""

MOVED_A_REQUEST = 500
"""How many posted cards one request moves into the ledger, so that no request takes long."""


@dataclass(frozen=True)
class OpenCard:
    """A card, opened.

    Attributes:
        transfer_id: the transfer that the card belongs to; None for a card of the record itself.
        content: the fields of the card.
    """

    id: UUID
    record_id: UUID
    transfer_id: UUID | None
    changed_at: datetime
    content: Mapping[str, Any] = field(repr=False)


CardKey = tuple[UUID, UUID | None]
"""A card's record and transfer."""

Ledger = Mapping[CardKey, OpenCard]

CardRows = Sequence[Row[UUID, UUID, UUID | None, datetime]]
"""Rows of the table of cards without their content: id, record, transfer and time of the last change."""


@dataclass
class _Kept:
    """One opened ledger in memory.

    Attributes:
        cards: replaced as a whole, never changed in place, because another request of the session may be reading it.
        version: a number that rises whenever a card is added, changed or removed.
        looked_at: when the table was last read.
        heads: the length of each organisation's chain of events at that time.
        posted: the keys of the cards that are still to be moved from the post into the ledger.
        beside: what lists have made out of the cards, by name.
        lock: held while the ledger is brought up to date.
        used_at: when it was last used, in seconds of the process's monotonic clock.
    """

    cards: dict[CardKey, OpenCard] = field(default_factory=dict)
    version: int = 0
    looked_at: datetime | None = None
    heads: Mapping[UUID, int] = field(default_factory=dict)
    posted: list[CardKey] = field(default_factory=list)
    beside: dict[str, Any] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)
    used_at: float = field(default_factory=monotonic)


@dataclass(frozen=True)
class OpenLedger:
    """A team's cards, with what tells whether anything has changed since they were last read.

    Attributes:
        cards: the cards by record and transfer.
        version: a number that rises whenever a card is added, changed or removed.
        heads: the length of each organisation's chain of events. Every action that changes plain rows adds an event.
        beside: where a list keeps what it makes out of the cards. It is dropped together with them.
        lock: to be held while something is made in `beside`.
    """

    cards: Ledger
    version: int
    heads: Mapping[UUID, int]
    beside: dict[str, Any]
    lock: RLock


class LedgerMemory:
    """The opened ledgers of this process by session and team key, limited in number and in time.

    A session can expire, or end in another process, without notice here. So a timer drops what is not used, even when
    no request comes.

    Args:
        most_cards: how many cards are kept over all sessions.
        kept_unused: how long an unused ledger is kept.
    """

    def __init__(
        self, most_cards: int = MOST_CARDS_IN_MEMORY, *, kept_unused: timedelta = KEPT_UNUSED
    ) -> None:
        self._most = most_cards
        self._kept_unused = kept_unused.total_seconds()
        self._timer: Timer | None = None
        self._kept: OrderedDict[tuple[str, UUID], _Kept] = OrderedDict()
        self._lock = Lock()

    def take(self, session_id: str, key_id: UUID) -> _Kept:
        """A session's ledger of a team key, empty if it was not in memory; others are dropped if there are too many."""
        with self._lock:
            kept = self._kept.setdefault((session_id, key_id), _Kept())
            self._kept.move_to_end((session_id, key_id))
            kept.used_at = monotonic()
            self._start_timer()
            total = sum(len(ledger.cards) for ledger in self._kept.values())
            while total > self._most and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                total -= len(dropped.cards)
            return kept

    def forget(self, session_id: str) -> None:
        """Drop the ledgers of a session that has ended."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == session_id]:
                del self._kept[key]

    def __len__(self) -> int:
        with self._lock:
            return len(self._kept)

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = Timer(self._kept_unused / 4, self._drop_unused)
            self._timer.daemon = True
            self._timer.start()

    def _drop_unused(self) -> None:
        with self._lock:
            self._timer = None
            long_ago = monotonic() - self._kept_unused
            for key in [key for key, kept in self._kept.items() if kept.used_at < long_ago]:
                del self._kept[key]
            if self._kept:
                self._start_timer()


memory = LedgerMemory()
"""The opened ledgers of this process."""


def open_ledger(*, db: Database, actor: Actor, team: OpenTeam) -> Ledger:
    """A team's cards by record and transfer, opened. Cards that arrived by post are moved into the ledger.

    A card that does not open is left out: it was tampered with, or sealed to a key that this session does not hold.
    """
    return refreshed(db=db, actor=actor, team=team).cards


def refreshed(*, db: Database, actor: Actor, team: OpenTeam) -> OpenLedger:
    """As `open_ledger`, with what a list needs to keep something that it made out of the cards.

    The cost depends on what has changed since the ledger was last opened, not on the number of cards.
    """
    kept = memory.take(actor.session_id, team.key_id) if actor.session_id else _Kept()
    with kept.lock:
        _refresh(db, team, kept)
        return OpenLedger(kept.cards, kept.version, kept.heads, kept.beside, kept.lock)


def _refresh(db: Database, team: OpenTeam, kept: _Kept) -> None:
    now = datetime.now(UTC)
    written = (Card.team_id == team.id, Card.state != "due")
    every_row = select(Card.id, Card.record_id, Card.transfer_id, Card.changed_at).where(*written)
    with db.read() as session:
        chains = session.execute(select(ChainHead.organisation_id, ChainHead.seq))
        heads = {chain.organisation_id: chain.seq for chain in chains}
        recent = every_row
        if kept.looked_at is not None:
            recent = every_row.where(Card.changed_at >= kept.looked_at - LATE_COMMITS)
        fresh = _read(session, team=team, rows=session.execute(recent).all(), kept=kept)
        cards = kept.cards | fresh if fresh else kept.cards
        if heads != kept.heads:
            # A card that was recalled or deleted leaves no row behind. If the count differs, all rows are compared.
            count = session.scalar(select(func.count()).select_from(Card).where(*written))
            if count != len(cards):
                rows = session.execute(every_row).all()
                cards = cards | _read(session, team=team, rows=rows, kept=kept)
                keys = {(record_id, transfer_id) for _, record_id, transfer_id, _ in rows}
                cards = {key: card for key, card in cards.items() if key in keys}
    if cards is not kept.cards:
        kept.cards, kept.version = cards, kept.version + 1
    kept.looked_at, kept.heads = now, heads
    moving, kept.posted = kept.posted[:MOVED_A_REQUEST], kept.posted[MOVED_A_REQUEST:]
    _move(db, team, [cards[key] for key in moving if key in cards])


def _read(session: Session, *, team: OpenTeam, rows: CardRows, kept: _Kept) -> dict[CardKey, OpenCard]:
    """Open the cards that are not in memory yet or have changed."""
    changed_ids = []
    for card_id, record_id, transfer_id, changed_at in rows:
        known = kept.cards.get((record_id, transfer_id))
        if known is None or known.changed_at != changed_at or known.id != card_id:
            changed_ids.append(card_id)
    cards: dict[CardKey, OpenCard] = {}
    for start in range(0, len(changed_ids), READ_AT_ONCE):
        ids = changed_ids[start : start + READ_AT_ONCE]
        for sealed_card in session.scalars(select(Card).where(Card.id.in_(ids))):
            card = _opened(team, sealed_card)
            if card is None:
                continue
            cards[sealed_card.record_id, sealed_card.transfer_id] = card
            if sealed_card.state == "post":
                kept.posted.append((sealed_card.record_id, sealed_card.transfer_id))
    return cards


def _opened(team: OpenTeam, sealed_card: Card) -> OpenCard | None:
    secret = team.secret_of(sealed_card.team_key_id) if sealed_card.team_key_id else None
    if secret is None or sealed_card.sealed is None:
        return None
    try:
        if sealed_card.state == "ledger":
            body = ledger.open(secret.ledger_key, str(sealed_card.id), sealed_card.sealed)
        else:
            body = ledger.unpad(hpke.open(secret.kem, sealed_card.sealed, info=post_info(sealed_card.id)))
    except CannotOpen:
        return None
    return OpenCard(
        id=sealed_card.id,
        record_id=sealed_card.record_id,
        transfer_id=sealed_card.transfer_id,
        changed_at=sealed_card.changed_at,
        content=json.loads(body),
    )


def _move(db: Database, team: OpenTeam, cards: Sequence[OpenCard]) -> None:
    if not cards:
        return
    sealed = []
    for card in cards:
        step = padding_step(purpose=card.content.get("purpose", ""), transfer_id=card.transfer_id)
        body = ledger.seal(team.secret.ledger_key, str(card.id), _body(card), step=step)
        sealed.append((card.id, card.changed_at, body))
    with db.write() as session:
        for card_id, changed_at, body in sealed:
            session.execute(
                update(Card)
                .where(Card.id == card_id, Card.state == "post", Card.changed_at == changed_at)
                .values(state="ledger", sealed=body, team_key_id=team.key_id)
            )


def _body(card: OpenCard) -> bytes:
    return json.dumps(card.content, ensure_ascii=False, separators=(",", ":")).encode()
