"""Cards: the few fields that a team's lists need from one record, sealed to one team."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.sealing import hpke, ledger
from transition_exchange.store.models import Card, TeamKey

if TYPE_CHECKING:
    pass


CARD_FORMAT = 1
"""Raised whenever what a card holds changes; cards of an older format are rewritten in the owner's next session."""


OWN_PURPOSES = ("transition", "safeguarding")


@dataclass(frozen=True)
class Recipient:
    """A team that gets a card, and for which purpose; without a key that counts the card is only due."""

    team_id: UUID
    purpose: str
    key: TeamKey | None


@dataclass(frozen=True)
class PreparedCard:
    """A card sealed and ready to be stored."""

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
    """Seal a card: under the team's ledger key where this session holds it, else to the team's public key."""
    card_id = card_id or uuid4()
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    key = recipient.key
    own = actor.team(recipient.team_id)
    state, sealed = "due", None
    step = ledger.LARGE_STEP if recipient.purpose in OWN_PURPOSES else ledger.STEP
    if key is not None and own is not None and own.key_id == key.id:
        state, sealed = "ledger", ledger.seal(own.secret.ledger_key, str(card_id), body, step=step)
    elif key is not None:
        state, sealed = (
            "post",
            hpke.seal(key.kem_public, ledger.pad(body, step=step), info=post_info(card_id)),
        )
    return PreparedCard(
        id=card_id,
        team_id=recipient.team_id,
        record_id=record_id,
        transfer_id=transfer_id,
        key_id=key.id if key else None,
        state=state,
        sealed=sealed,
        changed_at=now,
    )


def post_info(card_id: UUID) -> bytes:
    """What binds a posted card to its row."""
    return f"card {card_id}".encode()


def card_ids(session: Session, record_id: UUID) -> dict[UUID, UUID]:
    """The ids of a record's cards that belong to no transfer, by team."""
    rows = session.execute(
        select(Card.team_id, Card.id).where(Card.record_id == record_id, Card.transfer_id.is_(None))
    )
    return {row.team_id: row.id for row in rows}


def store(session: Session, prepared: Sequence[PreparedCard]) -> None:
    """Write cards in place of the ones there are."""
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
