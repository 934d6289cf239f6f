"""Cards: the few fields that a team's lists need from one record, sealed to one team."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.proforma.cards import CARD_FORMAT
from transition_exchange.purposes import SENDING
from transition_exchange.sealing import hpke, ledger
from transition_exchange.store.models import Card


@dataclass(frozen=True)
class Recipient:
    """A team that gets a card.

    Attributes:
        purpose: the purpose for which it gets the card; empty for a receiving team.
        team: the team with its key; None if it has none that this session trusts. Then the card is only marked as due.
    """

    team_id: UUID
    purpose: str
    team: KnownTeam | None


@dataclass(frozen=True)
class PreparedCard:
    """A card, sealed and ready to be stored.

    Attributes:
        transfer_id: the transfer that the card belongs to; None for a card of the record itself.
        key_id: the team key to which it is sealed; None for a card that is due.
        state: `ledger` (sealed under the team's ledger key), `post` (sealed to the team's public key) or `due`.
        sealed: the ciphertext; None for a card that is due.
    """

    id: UUID
    team_id: UUID
    record_id: UUID
    transfer_id: UUID | None
    key_id: UUID | None
    state: str
    sealed: bytes | None = field(repr=False)
    changed_at: datetime


def seal_card(
    *,
    actor: Actor,
    recipient: Recipient,
    record_id: UUID,
    transfer_id: UUID | None,
    content: Mapping[str, Any],
    now: datetime,
    card_id: UUID | None = None,
) -> PreparedCard:
    """Seal a card, under the team's ledger key if this session holds it, otherwise to the team's public key.

    Args:
        recipient: the team that gets it.
        record_id: the record it is about.
        transfer_id: the transfer it belongs to; None for a card of the record itself.
        content: the fields of the card.
        card_id: the id of the card that it replaces; None for a new card.
    """
    card_id = card_id or uuid4()
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    team = recipient.team
    own = actor.team(recipient.team_id)
    state, sealed = "due", None
    step = padding_step(purpose=recipient.purpose, transfer_id=transfer_id)
    if own is not None:
        state, sealed = "ledger", ledger.seal(own.secret.ledger_key, str(card_id), body, step=step)
    elif team is not None:
        state, sealed = (
            "post",
            hpke.seal(team.kem_public, ledger.pad(body, step=step), info=post_info(card_id)),
        )
    return PreparedCard(
        id=card_id,
        team_id=recipient.team_id,
        record_id=record_id,
        transfer_id=transfer_id,
        key_id=own.key_id if own else team.key_id if team else None,
        state=state,
        sealed=sealed,
        changed_at=now,
    )


def padding_step(*, purpose: str, transfer_id: UUID | None) -> int:
    """The multiple of bytes to which a card is padded, the same by post and in the ledger.

    A sending team's card of the record itself names everything that is missing.
    """
    return ledger.LARGE_STEP if transfer_id is None and purpose in SENDING else ledger.STEP


def post_info(card_id: UUID) -> bytes:
    """The HPKE `info` that binds a posted card to its row."""
    return f"card {card_id}".encode()


def card_ids(session: Session, record_id: UUID) -> dict[UUID, UUID]:
    """The ids of a record's cards that belong to no transfer, by team."""
    cards = session.execute(
        select(Card.team_id, Card.id).where(Card.record_id == record_id, Card.transfer_id.is_(None))
    )
    return {card.team_id: card.id for card in cards}


def store(session: Session, prepared: Sequence[PreparedCard]) -> None:
    """Store cards in the place of those with the same ids."""
    for card in prepared:
        session.merge(
            Card(
                id=card.id,
                team_id=card.team_id,
                record_id=card.record_id,
                transfer_id=card.transfer_id,
                team_key_id=card.key_id,
                state=card.state,
                card_format=CARD_FORMAT,
                sealed=card.sealed,
                changed_at=card.changed_at,
            )
        )
