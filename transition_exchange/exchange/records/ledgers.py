"""A team's ledger: its cards under its own symmetric key, opened once a session and kept fresh in memory."""

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
from transition_exchange.exchange.records.cards import post_info
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.hpke import CannotOpen
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, ChainHead

MOST_CARDS_IN_MEMORY = 200_000
"""How many opened cards one process keeps over all sessions; the ledger longest unused goes first."""


KEPT_UNUSED = timedelta(minutes=30)
"""For how long an opened ledger is kept that nobody asks for: a session ends by itself after as long."""


LATE_COMMITS = timedelta(minutes=2)
"""A card may be committed after a younger one was read: how far back a refresh looks again."""


READ_AT_ONCE = 500
"""How many cards one query names: databases bound the number of values in a statement."""


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


Listed = Sequence[Row[UUID, UUID, UUID | None, datetime]]
"""Cards as a look at the table names them: id, record, transfer, when they changed."""


@dataclass
class _Kept:
    """One opened ledger.

    Attributes:
        cards: replaced, never changed in place: another request of the same session may be walking through it.
        version: raised whenever a card came, changed or went.
        looked_at: when the table was last asked for newer cards.
        posted: keys of cards that are still to be moved from the post into the ledger.
        beside: what was made out of the cards, by name, for as long as they are kept.
        used_at: when it was last asked for, in seconds of the process's own clock.
    """

    cards: dict[Key, OpenCard] = field(default_factory=dict)
    version: int = 0
    looked_at: datetime | None = None
    heads: Mapping[UUID, int] = field(default_factory=dict)
    posted: list[Key] = field(default_factory=list)
    beside: dict[str, Any] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)
    used_at: float = field(default_factory=monotonic)


@dataclass(frozen=True)
class OpenLedger:
    """A team's cards with what tells whether anything changed since the last look.

    Attributes:
        version: raised whenever a card came, changed or went.
        heads: how many deeds each organisation has written down; plain rows change by deeds only.
        beside: room for what a list makes out of the cards; it goes when they go.
        lock: to be held while something is made beside them.
    """

    cards: Ledger
    version: int
    heads: Mapping[UUID, int]
    beside: dict[str, Any]
    lock: RLock


class LedgerMemory:
    """Opened ledgers of the sessions of this process, by session and team key, bounded in number and in time.

    A session may end by itself, or in another process: nobody says so here. So what is not asked for is dropped,
    whether anybody comes or not.
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
        with self._lock:
            kept = self._kept.setdefault((session_id, key_id), _Kept())
            self._kept.move_to_end((session_id, key_id))
            kept.used_at = monotonic()
            self._wind_up()
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

    def __len__(self) -> int:
        with self._lock:
            return len(self._kept)

    def _wind_up(self) -> None:
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
                self._wind_up()


memory = LedgerMemory()


def open_ledger(*, db: Database, actor: Actor, team: OpenTeam) -> Ledger:
    """The team's cards, by record and transfer, opened; cards that arrived by post are moved into the ledger.

    A card that does not open (it was tampered with, or sealed to a key this session lacks) is left out.
    """
    return refreshed(db=db, actor=actor, team=team).cards


def refreshed(*, db: Database, actor: Actor, team: OpenTeam) -> OpenLedger:
    """The same with what a list needs to know to keep something beside the cards.

    What it costs depends on what changed since the last look, not on how many cards there are.
    """
    kept = memory.take(actor.session_id, team.key_id) if actor.session_id else _Kept()
    with kept.lock:
        _refresh(db, team, kept)
        return OpenLedger(kept.cards, kept.version, kept.heads, kept.beside, kept.lock)


def _refresh(db: Database, team: OpenTeam, kept: _Kept) -> None:
    now = datetime.now(UTC)
    written = (Card.team_id == team.id, Card.state != "due")
    listed = select(Card.id, Card.record_id, Card.transfer_id, Card.changed_at).where(*written)
    with db.read() as session:
        heads = {row[0]: row[1] for row in session.execute(select(ChainHead.organisation_id, ChainHead.seq))}
        recent = listed if kept.looked_at is None else listed.where(
            Card.changed_at >= kept.looked_at - LATE_COMMITS
        )  # fmt: skip
        fresh = _read(session, team, session.execute(recent).all(), kept)
        cards = kept.cards | fresh if fresh else kept.cards
        if heads != kept.heads:
            # Recalled and deleted cards leave no trace to refresh from: where the count differs, compare all.
            there = session.scalar(select(func.count()).select_from(Card).where(*written))
            if there != len(cards):
                every = session.execute(listed).all()
                cards = cards | _read(session, team, every, kept)
                keys = {(record_id, transfer_id) for _, record_id, transfer_id, _ in every}
                cards = {key: card for key, card in cards.items() if key in keys}
    if cards is not kept.cards:
        kept.cards, kept.version = cards, kept.version + 1
    kept.looked_at, kept.heads = now, heads
    moving, kept.posted = kept.posted[:MOVED_A_REQUEST], kept.posted[MOVED_A_REQUEST:]
    _move(db, team, [cards[key] for key in moving if key in cards])


def _read(session: Session, team: OpenTeam, listed: Listed, kept: _Kept) -> dict[Key, OpenCard]:
    """Open those of the listed cards that are not kept as they stand now."""
    wanted = []
    for card_id, record_id, transfer_id, changed_at in listed:
        known = kept.cards.get((record_id, transfer_id))
        if known is None or known.changed_at != changed_at or known.id != card_id:
            wanted.append(card_id)
    found: dict[Key, OpenCard] = {}
    for start in range(0, len(wanted), READ_AT_ONCE):
        for row in session.scalars(select(Card).where(Card.id.in_(wanted[start : start + READ_AT_ONCE]))):
            card = _opened(team, row)
            if card is None:
                continue
            found[row.record_id, row.transfer_id] = card
            if row.state == "post":
                kept.posted.append((row.record_id, row.transfer_id))
    return found


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


def _move(db: Database, team: OpenTeam, cards: Sequence[OpenCard]) -> None:
    if not cards:
        return
    sealed = [
        (card.id, card.changed_at, ledger.seal(team.secret.ledger_key, str(card.id), _body(card)))
        for card in cards
    ]
    with db.write() as session:
        for card_id, changed_at, body in sealed:
            session.execute(
                update(Card)
                .where(Card.id == card_id, Card.state == "post", Card.changed_at == changed_at)
                .values(state="ledger", sealed=body, team_key_id=team.key_id)
            )


def _body(card: OpenCard) -> bytes:
    return json.dumps(card.content, ensure_ascii=False, separators=(",", ":")).encode()
