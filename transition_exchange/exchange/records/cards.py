"""Cards: the few fields that a team's lists need from one record, sealed to one team."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.keys.awaited import awaited_team
from transition_exchange.exchange.keys.key_rows import key_in_rows
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.transfers import SIGNED_BY
from transition_exchange.proforma.cards import CARD_FORMAT
from transition_exchange.purposes import SENDING
from transition_exchange.sealing import BadSignature, hpke, ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.models import Card, Record
from transition_exchange.store.unreadable import Unreadable


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
    signer: OpenTeam | None = None,
) -> PreparedCard:
    """Seal a card, under the team's ledger key if this session holds it, otherwise to the team's public key.

    Args:
        recipient: the team that gets it.
        record_id: the record it is about.
        transfer_id: the transfer it belongs to; None for a card of the record itself.
        content: the fields of the card.
        card_id: the id of the card that it replaces; None for a new card.
        signer: the team that signs it; None for the actor's team that makes cards. A team of the actor's that makes
            cards signs its own, because its members believe its key whether or not it is confirmed.
    """
    own = actor.team(recipient.team_id)
    signs_its_own = own is not None and SIGNED_BY in own.purposes
    signer = (own if signs_its_own else signer) or actor.require(SIGNED_BY)
    place = Place(card_id or uuid4(), record_id, transfer_id, recipient.team_id)
    body = SignedCard.sign(
        signer.secret.signing,
        place=place,
        school=signer.organisation_id,
        key=signer.key_id,
        content=content,
        made_at=now,
    ).to_bytes()
    team = recipient.team
    state, sealed = "due", None
    step = padding_step(purpose=recipient.purpose, transfer_id=transfer_id)
    if own is not None:
        state, sealed = "ledger", ledger.seal(own.secret.ledger_key, place.use, body, step=step)
    elif team is not None:
        state, sealed = "post", hpke.seal(team.kem_public, ledger.pad(body, step=step), info=place.use)
    return PreparedCard(
        id=place.card,
        team_id=recipient.team_id,
        record_id=record_id,
        transfer_id=transfer_id,
        key_id=own.key_id if own else team.key_id if team else None,
        state=state,
        sealed=sealed,
        changed_at=now,
    )


def due_card(place: Place, *, now: datetime) -> PreparedCard:
    """A card that says nothing yet, because its team has no key that this session trusts."""
    return PreparedCard(
        id=place.card,
        team_id=place.recipient,
        record_id=place.record,
        transfer_id=place.transfer,
        key_id=None,
        state="due",
        sealed=None,
        changed_at=now,
    )


def place_of(row: Card) -> Place:
    """Where a stored card belongs, as its row says."""
    return Place(row.id, row.record_id, row.transfer_id, row.team_id)


def is_genuine(session: Session, *, trust: Trust, place: Place, card: SignedCard, once: bool = False) -> bool:
    """Whether a team that this session trusts, and that may make cards, made a card for this place.

    Args:
        trust: which keys the session trusts.
        place: where the card was found.
        card: the card.
        once: as in `signer_of`.
    """
    try:
        record = session.get(Record, place.record)
    except Unreadable:
        return False
    school_id = record.organisation_id if record else None
    signer = signer_of(session, trust=trust, place=place, card=card, school_id=school_id, once=once)
    return signer is not None


def signer_of(
    session: Session,
    *,
    trust: Trust,
    place: Place,
    card: SignedCard,
    school_id: UUID | None,
    once: bool = False,
) -> KnownTeam | None:
    """The team of a record's school that made a card for a place; None if none did that this session trusts.

    Args:
        trust: which keys the session trusts.
        place: where the card was found.
        card: the card.
        school_id: the school of the record, as its row says; None if the record is missing.
        once: whether a key counts that its team has retired since.
    """
    key = key_in_rows(session, card.key)
    if key is None or card.school != school_id:
        return None
    signer = trust.known_once(session, key) if once else trust.known(session, key)
    return signer if signer is not None and _has_made(signer, signer.signing_public, place, card) else None


def awaited_signer(
    session: Session, *, trust: Trust, place: Place, card: SignedCard, school_id: UUID | None
) -> TeamIdentity | None:
    """The team that made a card for this place with a new key that is not confirmed yet.

    Args:
        trust: which keys the session trusts.
        place: where the card was found.
        card: the card, which is not genuine.
        school_id: the school of the record, as its row says; None if the record is missing.

    Returns:
        The team, as it would be if the key were confirmed; None if the card would not be genuine then either.
    """
    key = key_in_rows(session, card.key)
    if key is None or card.school != school_id:
        return None
    signer = awaited_team(session, trust=trust, key=key)
    return signer if signer is not None and _has_made(signer, key.signing_public, place, card) else None


def makes_cards(team: TeamIdentity, school_id: UUID) -> bool:
    """Whether a team may make the cards of a school's records."""
    return team.organisation_id == school_id and SIGNED_BY in team.signs_for


def _has_made(team: TeamIdentity, signing_public: bytes, place: Place, card: SignedCard) -> bool:
    if not makes_cards(team, card.school):
        return False
    try:
        card.check(signing_public, place=place)
    except BadSignature:
        return False
    return True


def schools_of(session: Session, record_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The schools of some records by the records' ids, as their rows say.

    A record whose row is missing or cannot be read is missing: one damaged row must not keep everybody from a list.
    """
    rows = session.execute(select(Record.id, Record.organisation_id).where(Record.id.in_(record_ids)))
    return {row.id: row.organisation_id for row in rows}


def padding_step(*, purpose: str, transfer_id: UUID | None) -> int:
    """The multiple of bytes to which a card is padded, the same by post and in the ledger.

    A sending team's card of the record itself names everything that is missing.
    """
    return ledger.LARGE_STEP if transfer_id is None and purpose in SENDING else ledger.STEP


def card_ids(session: Session, record_id: UUID) -> dict[UUID, UUID]:
    """The ids of a record's cards that belong to no transfer, by team."""
    cards = session.execute(
        select(Card.team_id, Card.id).where(Card.record_id == record_id, Card.transfer_id.is_(None))
    )
    return {card.team_id: card.id for card in cards}


def store(session: Session, prepared: Sequence[PreparedCard]) -> None:
    """Store cards in the place of those with the same ids."""
    # Loaded at once; otherwise `merge` would ask for each.
    session.scalars(select(Card).where(Card.id.in_([card.id for card in prepared]))).all()
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
