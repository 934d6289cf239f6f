"""Opening a team's cards, and checking who signed them, whether they lie in its ledger or came by post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.cards import (
    awaited_signer,
    is_genuine,
    place_of,
    schools_of,
    signer_of,
)
from transition_exchange.exchange.records.grounds import made_anew
from transition_exchange.exchange.records.ledger_memory import CardKey, Kept, OpenCard
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import SignedCard
from transition_exchange.sealing.hpke import CannotOpen
from transition_exchange.store.models import Card, Record, Team, TeamKey

LATE_COMMITS = timedelta(minutes=2)
"""How far a refresh looks back behind the last one. A card may be committed after one with a later time was read."""

READ_AT_ONCE = 500
"""How many cards one query names. Databases limit the number of values in a statement."""

CardRows = Sequence[Row[UUID, UUID, UUID | None, datetime]]
"""Rows of the table of cards without their content: id, record, transfer and time of the last change."""


def checked_card(
    session: Session, *, trust: Trust, team: OpenTeam, row: Card, in_ledger: bool = False
) -> SignedCard | None:
    """A card of a team, opened, with its signature checked.

    Args:
        trust: which keys the session trusts.
        team: the team to which it belongs.
        row: its row.
        in_ledger: whether it lies in the team's ledger, so that it was checked once. There it counts under a key that
            its school has retired since, unless the school makes it anew.

    Returns:
        The card; None if it does not open, or no team of the record's school has signed it for this place.
    """
    card = opened(team, row)
    if card is None:
        return None
    once = in_ledger and not made_anew(team, row.transfer_id, card.school)
    return card if is_genuine(session, trust=trust, place=place_of(row), card=card, once=once) else None


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


@dataclass(frozen=True)
class LedgerReader:
    """Opens cards for one team's ledger, and checks the signature of each.

    Attributes:
        trust: which keys the session trusts.
        team: the team.
        kept: its ledger in memory, where what cannot be opened or checked is noted.
    """

    session: Session
    trust: Trust
    team: OpenTeam
    kept: Kept

    def read(self, rows: CardRows) -> dict[CardKey, OpenCard]:
        """Open and check the cards that are not in memory yet or have changed."""
        changed_ids = []
        for card_id, record_id, transfer_id, changed_at in rows:
            known = self.kept.proven.get((record_id, transfer_id))
            if known is None or known.changed_at != changed_at or known.id != card_id:
                changed_ids.append(card_id)
        cards: dict[CardKey, OpenCard] = {}
        for start in range(0, len(changed_ids), READ_AT_ONCE):
            ids = changed_ids[start : start + READ_AT_ONCE]
            batch = self.session.scalars(select(Card).where(Card.id.in_(ids))).all()
            self.kept.failed.update(set(ids) - {row.id for row in batch})
            schools = schools_of(self.session, {row.record_id for row in batch})
            for row in batch:
                card = self._card(row, schools.get(row.record_id))
                if card is None:
                    self.kept.failed.add(row.id)
                else:
                    self.kept.failed.discard(row.id)
                    self.kept.waiting.pop(row.id, None)
                    cards[row.record_id, row.transfer_id] = card
        return cards

    def _card(self, row: Card, school_id: UUID | None) -> OpenCard | None:
        """An opened card; None if it does not open, is not genuine, or is older than the one that it would replace."""
        key, place = (row.record_id, row.transfer_id), place_of(row)
        card = opened(self.team, row)
        known = self.kept.proven.get(key)
        if card is None or (known is not None and known.school_id == school_id and _is_older(card, known)):
            return None
        in_ledger = row.state == "ledger" and row.team_key_id == self.team.key_id
        signer = signer_of(
            self.session,
            trust=self.trust,
            place=place,
            card=card,
            school_id=school_id,
            once=in_ledger and not made_anew(self.team, row.transfer_id, card.school),
        )
        if signer is None:
            awaited = awaited_signer(
                self.session, trust=self.trust, place=place, card=card, school_id=school_id
            )
            self.kept.waiting.pop(row.id, None)
            if awaited is not None:
                self.kept.waiting[row.id] = awaited
            return None
        if not in_ledger:
            self.kept.posted[key] = card
        return OpenCard(
            id=row.id,
            record_id=row.record_id,
            transfer_id=row.transfer_id,
            changed_at=row.changed_at,
            school_id=card.school,
            key_id=card.key,
            signing_public=signer.signing_public,
            made_at=card.made_at,
            content=card.content,
        )


def _is_older(card: SignedCard, known: OpenCard) -> bool:
    """Whether a card was made before a known one. The clocks of two servers may differ a little."""
    return datetime.fromisoformat(card.made_at) + LATE_COMMITS < datetime.fromisoformat(known.made_at)


def opened(team: OpenTeam, row: Card) -> SignedCard | None:
    """A card of a team, opened and not checked; None if it does not open."""
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
