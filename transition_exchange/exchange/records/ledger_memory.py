"""The opened ledgers of this process, kept in memory for a while so that lists open fast."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, RLock, Timer
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from transition_exchange.exchange.records.transfers import SentRow
from transition_exchange.sealing.cards import SignedCard
from transition_exchange.sealing.identities import TeamIdentity

MOST_CARDS_IN_MEMORY = 200_000
"""How many opened cards one process keeps, over all sessions. Above it, the ledger longest unused is dropped first."""

KEPT_UNUSED = timedelta(minutes=30)
"""Unused ledgers are dropped after 30 minutes, the idle limit of a session."""


@dataclass(frozen=True)
class OpenCard:
    """A card, opened.

    Attributes:
        transfer_id: the transfer that the card belongs to; None for a card of the record itself.
        school_id: the organisation whose confirmed team signed it.
        key_id: the id of the key that signed it.
        signing_public: that key, by which the signature was checked.
        made_at: when it was made, in ISO 8601.
        content: the fields of the card.
    """

    id: UUID
    record_id: UUID
    transfer_id: UUID | None
    changed_at: datetime
    school_id: UUID
    key_id: UUID
    signing_public: bytes = field(repr=False)
    made_at: str
    content: Mapping[str, Any] = field(repr=False)


CardKey = tuple[UUID, UUID | None]
"""A card's record and transfer."""

Ledger = Mapping[CardKey, OpenCard]


def card_for(
    cards: Ledger, record_id: UUID, transfer_id: UUID | None = None, *, school_id: UUID
) -> OpenCard | None:
    """The card that a list shows of a record or of a transfer; None if there is none that a line may be made of.

    Everything that shows something of a card asks for it here, with the school beside which it shows it. A ledger sets
    aside what does not agree with the rows as it saw them; between that and now a row can have changed.

    Args:
        cards: an opened ledger.
        record_id: the record.
        transfer_id: the transfer; None for the card of the record itself.
        school_id: the record's school, as the caller read it.
    """
    card = cards.get((record_id, transfer_id))
    return card if card is not None and card.school_id == school_id else None


class SentBy(NamedTuple):
    """Who signed that a record was sent, with all that this rests on.

    Attributes:
        row: the columns that the statement is about.
        team: the team whose key signed it.
        signing_public: that key.
        awaited: the same team if its new key is still to be confirmed, so that the signature does not count yet.
    """

    row: SentRow
    team: TeamIdentity
    signing_public: bytes
    awaited: TeamIdentity | None


class SignersKey(NamedTuple):
    """A key that a session believes, with the team whose it is."""

    team: TeamIdentity
    signing_public: bytes


class CheckedRow(NamedTuple):
    """A row whose signature was checked, with all that this rests on.

    Attributes:
        row: the columns that the statement is about, or that say who signed it.
        key: the key that signed it.
        told: what was signed, where that can change; else empty.
    """

    row: tuple[object, ...]
    key: SignersKey
    told: str


@dataclass
class Kept:
    """One opened ledger in memory.

    Attributes:
        proven: the cards that open and whose signatures were checked.
        cards: those among them that agree with the rows and so may stand on a list. Both are replaced as a whole, never
            changed in place, because another request of the session may be reading them.
        aside: the ids of the other proven cards.
        senders: who signed the transfers of the cards, when they were last looked at.
        version: a number that rises whenever a card is added, changed or removed.
        looked_at: when the table was last read.
        heads: the length of each organisation's chain of events at that time.
        posted: the cards that were checked and are still to be moved from the post into the ledger, by their keys.
        failed: the ids of cards that do not open here, or that no team that the session trusts has signed.
        waiting: the teams with a new key that is not confirmed yet and that signed some of these cards, by the cards'
            ids. Such a card is in its place as soon as the key is confirmed.
        unlisted: how many rows of cards could not even be listed when all were last read.
        checked: the rows of versions, grants and transfers whose signatures were checked for the list, by id.
        answers: what versions tell that a list has opened, by transfer and version. They never change.
        alike: whether two versions say the same to the team, by transfer and both versions, as a list compared them.
        beside: what lists have made out of the cards, by name.
        disagreeing: the ids of the cards that do not agree with the rows which such a list keeps.
        lock: held while the ledger is brought up to date.
        used_at: when it was last used, in seconds of the process's monotonic clock.
    """

    proven: dict[CardKey, OpenCard] = field(default_factory=dict)
    cards: dict[CardKey, OpenCard] = field(default_factory=dict)
    aside: frozenset[UUID] = frozenset()
    senders: Mapping[UUID, SentBy] = field(default_factory=dict)
    version: int = 0
    looked_at: datetime | None = None
    heads: Mapping[UUID, int] = field(default_factory=dict)
    posted: dict[CardKey, SignedCard] = field(default_factory=dict)
    failed: set[UUID] = field(default_factory=set)
    waiting: dict[UUID, TeamIdentity] = field(default_factory=dict)
    unlisted: int = 0
    checked: dict[UUID, CheckedRow] = field(default_factory=dict)
    answers: dict[tuple[UUID, UUID], Any] = field(default_factory=dict, repr=False)
    alike: dict[tuple[UUID, UUID, UUID], bool] = field(default_factory=dict)
    beside: dict[str, Any] = field(default_factory=dict)
    disagreeing: set[UUID] = field(default_factory=set)
    lock: RLock = field(default_factory=RLock)
    used_at: float = field(default_factory=monotonic)


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
        self._kept: OrderedDict[tuple[str, UUID], Kept] = OrderedDict()
        self._lock = Lock()

    def take(self, session_id: str, key_id: UUID) -> Kept:
        """A session's ledger of a team key, empty if it was not in memory; others are dropped if there are too many."""
        with self._lock:
            kept = self._kept.setdefault((session_id, key_id), Kept())
            self._kept.move_to_end((session_id, key_id))
            kept.used_at = monotonic()
            self._start_timer()
            total = sum(len(ledger.proven) for ledger in self._kept.values())
            while total > self._most and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                total -= len(dropped.proven)
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
