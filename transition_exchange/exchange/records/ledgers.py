"""A team's ledger: its cards under its own symmetric key, opened once a session and kept up to date in memory.

Every card is checked whenever a session opens it, also one in the ledger: each member of the team holds the ledger's
key. A card that comes by post is moved into the ledger only if a team that the session trusts has signed it. So is one
that still lies under an older key of the team, because somebody who has left the team knows that key too.

Signatures stay checked as long as the session has the card in memory. What a card stands on besides, `grounds.py`
compares anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import RLock
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.cards import padding_step
from transition_exchange.exchange.records.grounds import grounds_of
from transition_exchange.exchange.records.ledger_memory import (
    CardKey,
    CheckedRow,
    Kept,
    Ledger,
    OpenCard,
    memory,
)
from transition_exchange.exchange.records.ledger_reading import (
    LATE_COMMITS,
    CardRows,
    LedgerReader,
    checked_card,
)
from transition_exchange.purposes import COORDINATING, SENDING
from transition_exchange.sealing import ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, ChainHead
from transition_exchange.store.unreadable import left_out

MOVED_A_REQUEST = 500
"""How many posted cards one request moves into the ledger, so that no request takes long."""


@dataclass(frozen=True)
class OpenLedger:
    """A team's cards, with what tells whether anything has changed since they were last read.

    Attributes:
        cards: the cards by record and transfer.
        version: a number that rises whenever a card is added, changed or removed.
        heads: the length of each organisation's chain of events. Every action that changes plain rows adds an event.
        failed: how many cards could not be opened or checked, or do not agree with the rows of their record and
            transfer. They are left out of `cards`.
        waiting: how many of these a team signed whose new key is not confirmed yet, by that team.
        checked: where a list keeps the rows whose signatures it has checked, for `SignedRows`.
        answers: where a list keeps what the versions tell that it has opened.
        alike: where a list keeps which versions say the same to the team, by transfer and both versions.
        beside: where a list keeps what it makes out of the cards. It is dropped together with them.
        disagreeing: where a list that keeps rows in `beside` puts the ids of the cards that do not agree with these.
            They count as failed from the next look on.
        lock: to be held while something is made in `beside`.
    """

    cards: Ledger
    version: int
    heads: Mapping[UUID, int]
    failed: int
    waiting: Mapping[TeamIdentity, int]
    checked: dict[UUID, CheckedRow]
    answers: dict[tuple[UUID, UUID], Any]
    alike: dict[tuple[UUID, UUID, UUID], bool]
    beside: dict[str, Any]
    disagreeing: set[UUID]
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
        missing = kept.failed | kept.aside | kept.disagreeing
        failed = len(missing) + kept.unlisted
        waiting = Counter(team for card_id, team in kept.waiting.items() if card_id in missing)
        return OpenLedger(
            cards=kept.cards,
            version=kept.version,
            heads=kept.heads,
            failed=failed,
            waiting=waiting,
            checked=kept.checked,
            answers=kept.answers,
            alike=kept.alike,
            beside=kept.beside,
            disagreeing=kept.disagreeing,
            lock=kept.lock,
        )


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


def sealed_for_ledger(team: OpenTeam, place: Place, card: SignedCard) -> bytes:
    """A card as it lies in the ledger of a team, under its current key.

    Args:
        team: the team.
        place: where the card belongs.
        card: the card, which was checked.
    """
    step = padding_step(purpose=card.content.get("purpose", ""), transfer_id=place.transfer)
    return ledger.seal(team.secret.ledger_key, place.use, card.to_bytes(), step=step)


def listed(team: TeamIdentity) -> ColumnElement[bool]:
    """The condition that a card is on a list of a team.

    A team that gave up all work for which it gets cards of records has no list of them. The cards that it has stay,
    nobody keeps them up to date, and they are made anew if it gets such work back (`renewing.outdated_cards`).
    """
    if team.purposes.isdisjoint((*SENDING, *COORDINATING)):
        return and_(Card.team_id == team.id, Card.transfer_id.is_not(None))
    return Card.team_id == team.id


def not_in_ledger(team: OpenTeam) -> ColumnElement[bool]:
    """The condition that a team's card is still to be moved: it came by post, or lies under an older key."""
    return or_(Card.state == "post", Card.team_key_id != team.key_id)


def _refresh(db: Database, actor: Actor, team: OpenTeam, kept: Kept) -> None:
    now = datetime.now(UTC)
    written = (listed(team), Card.state != "due")
    every_row = select(Card.id, Card.record_id, Card.transfer_id, Card.changed_at).where(*written)
    with db.read() as session:
        chains = session.execute(select(ChainHead.organisation_id, ChainHead.seq))
        heads = {chain.organisation_id: chain.seq for chain in chains}
        trust = trust_of(session, actor)
        reader = LedgerReader(session, trust, team, kept)
        if kept.looked_at is None:
            recent, kept.unlisted = _every(session, every_row)
        else:
            recent = session.execute(every_row.where(Card.changed_at >= kept.looked_at - LATE_COMMITS)).all()
        fresh = reader.read(recent)
        proven = kept.proven | fresh if fresh else kept.proven
        if heads != kept.heads:
            # A card that failed may be right now: its signer may have been confirmed since. One that was recalled or
            # deleted leaves no row behind, so all rows are compared if the count differs.
            if kept.failed:
                proven = proven | reader.read(
                    session.execute(every_row.where(Card.id.in_(kept.failed))).all()
                )
            count = session.scalar(select(func.count()).select_from(Card).where(*written))
            if count != len(proven) + len(kept.failed) + kept.unlisted:
                rows, kept.unlisted = _every(session, every_row)
                kept.failed.intersection_update({card_id for card_id, *_ in rows})
                proven = proven | reader.read(rows)
                keys = {(record_id, transfer_id) for _, record_id, transfer_id, _ in rows}
                proven = {key: card for key, card in proven.items() if key in keys}
        # Lists that keep rows beside the ledger read them anew only if something was done. Others do at every look.
        if proven is not kept.proven or heads != kept.heads or not kept.beside:
            kept.proven = proven
            _compare(session, trust, team, kept)
    kept.looked_at, kept.heads = now, heads
    _move(db, team, kept)


def _compare(session: Session, trust: Trust, team: OpenTeam, kept: Kept) -> None:
    """Set aside the cards that do not agree with the rows, and take back those that do again."""
    cards: dict[CardKey, OpenCard] = {}
    aside: set[UUID] = set()
    if kept.proven:
        grounds = grounds_of(session, trust=trust, team=team, cards=kept.proven.values(), before=kept.senders)
        for key, card in kept.proven.items():
            if grounds.uphold(card):
                cards[key] = card
                continue
            aside.add(card.id)
            kept.waiting.pop(card.id, None)
            if (awaited := grounds.waits_for(card)) is not None:
                kept.waiting[card.id] = awaited
        kept.senders = grounds.senders
    kept.aside = frozenset(aside)
    before = kept.cards
    if len(cards) != len(before) or any(before.get(key) is not card for key, card in cards.items()):
        kept.cards, kept.version = cards, kept.version + 1


def _every(session: Session, every_row: Select[UUID, UUID, UUID | None, datetime]) -> tuple[CardRows, int]:
    """All rows of a team's cards, and how many there are besides that cannot be read."""
    before = left_out()
    rows = session.execute(every_row).all()
    return rows, left_out() - before


def _move(db: Database, team: OpenTeam, kept: Kept) -> None:
    """Move some of the cards that were checked into the ledger."""
    moving = [key for key in kept.posted if key in kept.cards][:MOVED_A_REQUEST]
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
