"""A team's ledger: its cards under its own symmetric key, opened once a session and kept up to date in memory.

A card that comes by post is moved into the ledger only if a team that the session trusts has signed it. So is one that
still lies under an older key of the team, because somebody who has left the team knows that key too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.cards import awaited_signer, is_genuine, padding_step, place_of
from transition_exchange.exchange.records.ledger_memory import (
    CardKey,
    Kept,
    Ledger,
    OpenCard,
    memory,
)
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.hpke import CannotOpen
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, ChainHead, Record, Team, TeamKey
from transition_exchange.store.unreadable import left_out

LATE_COMMITS = timedelta(minutes=2)
"""How far a refresh looks back behind the last one. A card may be committed after one with a later time was read."""

READ_AT_ONCE = 500
"""How many cards one query names. Databases limit the number of values in a statement."""

MOVED_A_REQUEST = 500
"""How many posted cards one request moves into the ledger, so that no request takes long."""


CardRows = Sequence[Row[UUID, UUID, UUID | None, datetime]]
"""Rows of the table of cards without their content: id, record, transfer and time of the last change."""


@dataclass(frozen=True)
class OpenLedger:
    """A team's cards, with what tells whether anything has changed since they were last read.

    Attributes:
        cards: the cards by record and transfer.
        version: a number that rises whenever a card is added, changed or removed.
        heads: the length of each organisation's chain of events. Every action that changes plain rows adds an event.
        failed: how many cards could not be opened or checked. They are left out of `cards`.
        waiting: how many of these a team signed whose new key is not confirmed yet, by that team.
        beside: where a list keeps what it makes out of the cards. It is dropped together with them.
        lock: to be held while something is made in `beside`.
    """

    cards: Ledger
    version: int
    heads: Mapping[UUID, int]
    failed: int
    waiting: Mapping[TeamIdentity, int]
    beside: dict[str, Any]
    lock: RLock


def open_ledger(*, db: Database, actor: Actor, team: OpenTeam) -> Ledger:
    """A team's cards by record and transfer, opened. Those that are not in the ledger yet are checked and moved in."""
    return refreshed(db=db, actor=actor, team=team).cards


def refreshed(*, db: Database, actor: Actor, team: OpenTeam) -> OpenLedger:
    """As `open_ledger`, with what a list needs to keep something that it made out of the cards.

    The cost depends on what has changed since the ledger was last opened, not on the number of cards.
    """
    kept = memory.take(actor.session_id, team.key_id) if actor.session_id else Kept()
    with kept.lock:
        _refresh(db, actor, team, kept)
        failed = len(kept.failed) + kept.unlisted
        waiting = Counter(team for card_id, team in kept.waiting.items() if card_id in kept.failed)
        return OpenLedger(kept.cards, kept.version, kept.heads, failed, waiting, kept.beside, kept.lock)


def unchecked(*, db: Database, actor: Actor) -> int:
    """How many cards of the actor's teams stand on no list: they could not be opened or checked, or their school has to
    make them anew, because the team's key was not trusted when the school's was changed.
    """
    failed = sum(refreshed(db=db, actor=actor, team=team).failed for team in actor.teams)
    awaited = select(func.count(Card.id)).where(
        Card.team_id.in_([team.id for team in actor.teams]),
        Card.state == "due",
        Card.transfer_id.is_not(None),
    )
    with db.read() as session:
        return failed + (session.scalar(awaited) or 0)


def waiting(*, db: Database, actor: Actor) -> Mapping[TeamIdentity, int]:
    """How many of the cards that `unchecked` counts were signed by a team with a new key that is not confirmed yet.

    They come onto the lists as soon as it is, so nothing of them is lost.
    """
    total: Counter[TeamIdentity] = Counter()
    for team in actor.teams:
        total.update(refreshed(db=db, actor=actor, team=team).waiting)
    return total


def proven_content(*, db: Database, actor: Actor, team: OpenTeam, record_id: UUID) -> Mapping[str, Any]:
    """The content of a team's card of a record, with its signature checked anew.

    The safeguarding team does not write the learner's name. This is where it learns it from.

    Raises:
        NotFound: the team has no card of the record.
        Tampered: the card does not open, or no team of the record's school has signed it.
    """
    with db.read() as session:
        row = session.scalar(
            select(Card).where(
                Card.team_id == team.id, Card.record_id == record_id, Card.transfer_id.is_(None)
            )
        )
        if row is None or row.sealed is None:
            raise NotFound
        card = checked_card(session, trust=trust_of(session, actor), team=team, row=row)
        if card is None:
            raise Tampered
    return card.content


def checked_card(session: Session, *, trust: Trust, team: OpenTeam, row: Card) -> SignedCard | None:
    """A card of a team, opened, with its signature checked.

    Args:
        trust: which keys the session trusts.
        team: the team to which it belongs.
        row: its row.

    Returns:
        The card; None if it does not open, or no team of the record's school has signed it for this place.
    """
    card = _opened(team, row)
    if card is None or not is_genuine(session, trust=trust, place=place_of(row), card=card):
        return None
    return card


def sealed_for_ledger(team: OpenTeam, place: Place, card: SignedCard) -> bytes:
    """A card as it lies in the ledger of a team, under its current key.

    Args:
        team: the team.
        place: where the card belongs.
        card: the card, which was checked.
    """
    step = padding_step(purpose=card.content.get("purpose", ""), transfer_id=place.transfer)
    return ledger.seal(team.secret.ledger_key, place.use, card.to_bytes(), step=step)


def not_in_ledger(team: OpenTeam) -> ColumnElement[bool]:
    """The condition that a team's card is still to be moved: it came by post, or lies under an older key."""
    return or_(Card.state == "post", Card.team_key_id != team.key_id)


def held_for_checking(session: Session, rows: Sequence[Card]) -> Sequence[Record | TeamKey]:
    """The records of some cards, and the keys that can have signed these.

    While the caller holds them, the session knows them, and checking the cards takes no query for each.
    """
    if not rows:
        return ()
    records = session.scalars(select(Record).where(Record.id.in_({row.record_id for row in rows}))).all()
    schools = {record.organisation_id for record in records}
    keys = session.scalars(
        select(TeamKey).join(Team, Team.id == TeamKey.team_id).where(Team.organisation_id.in_(schools))
    )
    return [*records, *keys]


def _refresh(db: Database, actor: Actor, team: OpenTeam, kept: Kept) -> None:
    now = datetime.now(UTC)
    written = (Card.team_id == team.id, Card.state != "due")
    every_row = select(Card.id, Card.record_id, Card.transfer_id, Card.changed_at).where(*written)
    with db.read() as session:
        chains = session.execute(select(ChainHead.organisation_id, ChainHead.seq))
        heads = {chain.organisation_id: chain.seq for chain in chains}
        reader = _Reader(session, trust_of(session, actor), team, kept)
        if kept.looked_at is None:
            recent, kept.unlisted = _every(session, every_row)
        else:
            recent = session.execute(every_row.where(Card.changed_at >= kept.looked_at - LATE_COMMITS)).all()
        fresh = reader.read(recent)
        cards = kept.cards | fresh if fresh else kept.cards
        if heads != kept.heads:
            # A card that failed may be right now: its signer may have been confirmed since. One that was recalled or
            # deleted leaves no row behind, so all rows are compared if the count differs.
            if kept.failed:
                cards = cards | reader.read(session.execute(every_row.where(Card.id.in_(kept.failed))).all())
            count = session.scalar(select(func.count()).select_from(Card).where(*written))
            if count != len(cards) + len(kept.failed) + kept.unlisted:
                rows, kept.unlisted = _every(session, every_row)
                kept.failed.intersection_update({card_id for card_id, *_ in rows})
                cards = cards | reader.read(rows)
                keys = {(record_id, transfer_id) for _, record_id, transfer_id, _ in rows}
                cards = {key: card for key, card in cards.items() if key in keys}
    if cards is not kept.cards:
        kept.cards, kept.version = cards, kept.version + 1
    kept.looked_at, kept.heads = now, heads
    _move(db, team, kept)


def _every(session: Session, every_row: Select[UUID, UUID, UUID | None, datetime]) -> tuple[CardRows, int]:
    """All rows of a team's cards, and how many there are besides that cannot be read."""
    before = left_out()
    rows = session.execute(every_row).all()
    return rows, left_out() - before


@dataclass(frozen=True)
class _Reader:
    """Opens cards for one team's ledger."""

    session: Session
    trust: Trust
    team: OpenTeam
    kept: Kept

    def read(self, rows: CardRows) -> dict[CardKey, OpenCard]:
        """Open the cards that are not in memory yet or have changed, and check those that are not in the ledger."""
        changed_ids = []
        for card_id, record_id, transfer_id, changed_at in rows:
            known = self.kept.cards.get((record_id, transfer_id))
            if known is None or known.changed_at != changed_at or known.id != card_id:
                changed_ids.append(card_id)
        cards: dict[CardKey, OpenCard] = {}
        for start in range(0, len(changed_ids), READ_AT_ONCE):
            ids = changed_ids[start : start + READ_AT_ONCE]
            batch = self.session.scalars(select(Card).where(Card.id.in_(ids))).all()
            self.kept.failed.update(set(ids) - {row.id for row in batch})
            held = held_for_checking(self.session, [row for row in batch if self._is_unchecked(row)])
            for row in batch:
                card = self._card(row)
                if card is None:
                    self.kept.failed.add(row.id)
                else:
                    self.kept.failed.discard(row.id)
                    self.kept.waiting.pop(row.id, None)
                    cards[row.record_id, row.transfer_id] = card
            del held
        return cards

    def _is_unchecked(self, row: Card) -> bool:
        """Whether somebody who is not in the team can have written a card: it came by post, or under an older key."""
        return row.state == "post" or row.team_key_id != self.team.key_id

    def _card(self, row: Card) -> OpenCard | None:
        """An opened card; None if it does not open, is not genuine, or is older than the one that it would replace."""
        key, place = (row.record_id, row.transfer_id), place_of(row)
        card = _opened(self.team, row)
        known = self.kept.cards.get(key)
        if card is None or (known is not None and _is_older(card, known)):
            return None
        if self._is_unchecked(row):
            if not is_genuine(self.session, trust=self.trust, place=place, card=card):
                self._note_waiting(place, card)
                return None
            self.kept.posted[key] = card
        return OpenCard(
            id=row.id,
            record_id=row.record_id,
            transfer_id=row.transfer_id,
            changed_at=row.changed_at,
            school_id=card.school,
            made_at=card.made_at,
            content=card.content,
        )

    def _note_waiting(self, place: Place, card: SignedCard) -> None:
        """Remember which team made a card that cannot be checked, if it is only that its new key is not confirmed."""
        signer = awaited_signer(self.session, trust=self.trust, place=place, card=card)
        self.kept.waiting.pop(place.card, None)
        if signer is not None:
            self.kept.waiting[place.card] = signer


def _is_older(card: SignedCard, known: OpenCard) -> bool:
    """Whether a card was made before a known one. The clocks of two servers may differ a little."""
    return datetime.fromisoformat(card.made_at) + LATE_COMMITS < datetime.fromisoformat(known.made_at)


def _opened(team: OpenTeam, row: Card) -> SignedCard | None:
    secret = team.secret_of(row.team_key_id) if row.team_key_id else None
    if secret is None or row.sealed is None:
        return None
    use = place_of(row).use
    try:
        if row.state == "ledger":
            body = ledger.open(secret.ledger_key, use, row.sealed)
        else:
            body = ledger.unpad(hpke.open(secret.kem, row.sealed, info=use))
        return SignedCard.from_bytes(body)
    except CannotOpen:
        return None


def _move(db: Database, team: OpenTeam, kept: Kept) -> None:
    """Move some of the cards that were checked into the ledger."""
    moving = list(kept.posted)[:MOVED_A_REQUEST]
    sealed = []
    for key in moving:
        card, opened = kept.posted.pop(key), kept.cards.get(key)
        if opened is None or opened.made_at != card.made_at:
            continue
        place = Place(opened.id, *key, team.id)
        sealed.append((place.card, opened.changed_at, sealed_for_ledger(team, place, card)))
    if not sealed:
        return
    with db.write() as session:
        for card_id, changed_at, body in sealed:
            session.execute(
                update(Card)
                .where(Card.id == card_id, Card.changed_at == changed_at, not_in_ledger(team))
                .values(state="ledger", sealed=body, team_key_id=team.key_id)
            )
