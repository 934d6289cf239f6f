"""Cards: the few fields that a team's lists need from one record, resealed at every save.

A card goes to the same teams whatever a form says: the school's own transition and safeguarding teams, and each
coordinating team of the area. Where a team has no key that counts yet, its card is marked due, and written in steps in
the school's next session. Receiving teams get theirs with a transfer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange import clock
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.trust import Trust, current_keys, trust_of
from transition_exchange.proforma import Report
from transition_exchange.proforma.cards import CARD_FORMAT
from transition_exchange.proforma.cards import card as card_of
from transition_exchange.sealing import hpke, ledger
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Organisation, Record, Team, TeamKey

if TYPE_CHECKING:
    from transition_exchange.exchange.drafts import Draft

OWN_PURPOSES = ("transition", "safeguarding")
COORDINATING = ("neet_group", "send")


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


def own_and_coordinating(
    session: Session, *, area_id: UUID, organisation_id: UUID, trust: Trust
) -> list[Recipient]:
    """The teams to which every record of a school sends a card, alike for every learner."""
    found = session.execute(
        select(Team, Organisation.id, Organisation.coordinates)
        .join(Organisation, Organisation.id == Team.organisation_id)
        .where(
            or_(Organisation.id == organisation_id, Organisation.coordinates.is_(True)),
            Organisation.area_id == area_id,
        )
        .order_by(Team.created_at)
    ).all()
    wanted: list[tuple[Team, str]] = []
    for team, home, coordinates in found:
        possible = (OWN_PURPOSES if home == organisation_id else ()) + (COORDINATING if coordinates else ())
        purpose = next((each for each in possible if each in team.purposes), None)
        if purpose:
            wanted.append((team, purpose))
    keys = current_keys(session, [team.id for team, _ in wanted])
    return [
        Recipient(
            team.id, purpose, key if (key := keys.get(team.id)) and trust.believes(session, key) else None
        )
        for team, purpose in wanted
    ]


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


def prepare(
    session: Session, *, actor: Actor, draft: Draft, report: Report, today: date, now: datetime
) -> tuple[PreparedCard, ...]:
    """The cards of a draft for the school's own teams and the coordinators."""
    recipients = own_and_coordinating(
        session, area_id=draft.area_id, organisation_id=draft.organisation_id, trust=trust_of(session, actor)
    )
    there = card_ids(session, draft.record_id)
    return tuple(
        seal_card(
            actor=actor,
            recipient=recipient,
            record_id=draft.record_id,
            transfer_id=None,
            content=card_of(draft.version, draft.answers, report, purpose=recipient.purpose, today=today),
            now=now,
            card_id=there.get(recipient.team_id),
        )
        for recipient in recipients
    )


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


def due_records(session: Session, *, actor: Actor) -> list[UUID]:
    """Records of the actor's school whose cards could now be written but are due, stale or were never made."""
    organisation = session.get_one(Organisation, actor.organisation_id)
    recipients = own_and_coordinating(
        session, area_id=organisation.area_id, organisation_id=organisation.id, trust=trust_of(session, actor)
    )
    reachable = {recipient.team_id: recipient.key.id for recipient in recipients if recipient.key}
    written = (
        select(Card.record_id, func.count().label("cards"))
        .where(
            Card.transfer_id.is_(None),
            Card.team_id.in_(reachable),
            Card.state != "due",
            Card.card_format >= CARD_FORMAT,
        )
        .group_by(Card.record_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(Record.id)
            .outerjoin(written, written.c.record_id == Record.id)
            .where(
                Record.organisation_id == organisation.id,
                func.coalesce(written.c.cards, 0) < len(reachable),
            )
            .order_by(Record.created_at)
        )
    )


def write_due(*, db: Database, actor: Actor, limit: int = 20) -> int:
    """Write the next few due cards of the actor's school.

    Returns:
        How many records still have cards due afterwards.

    Raises:
        NotAllowed: the actor is not in the transition team, which alone can read what cards are made of.
    """
    from transition_exchange.exchange.drafts import open_draft

    actor.require("transition")
    with db.read() as session:
        due = due_records(session, actor=actor)
    today = clock.today()
    for record_id in due[:limit]:
        draft = open_draft(db=db, actor=actor, record_id=record_id)
        with db.read() as session:
            prepared = prepare(
                session,
                actor=actor,
                draft=draft,
                report=draft.report(today),
                today=today,
                now=datetime.now(UTC),
            )
        with db.write() as session:
            store(session, prepared)
    return max(0, len(due) - limit)
