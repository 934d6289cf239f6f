"""A school's cards: after its team's key was changed, those whose signature still counts are made anew.

A card that comes by post is checked when it is moved into the ledger of its team. From then on it counts there under
the key that signed it, although that was retired since, but not in the ledgers of the school's own teams. So what is
made anew is what lies in the post of any team, and the school's own cards. Which these are says `outdated_cards`.

A card for a provider's team whose own new key is not trusted yet cannot be sealed to anybody. It is marked as due, and
made in a later session, once that key is trusted. So is one of a transfer that is disputed, until the school decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import cards
from transition_exchange.exchange.records.damaged_rows import past_damage, rows_of
from transition_exchange.exchange.records.standings import recalled_in_chain
from transition_exchange.exchange.records.transfers import SIGNED_BY
from transition_exchange.exchange.renewing.outdated_cards import can_be_made_by, of_others, outdated
from transition_exchange.exchange.renewing.sent_cards import made_of_what_was_sent
from transition_exchange.exchange.renewing.signers import signers
from transition_exchange.exchange.writing.late_teams import openable
from transition_exchange.exchange.writing.opening import open_as_it_was
from transition_exchange.exchange.writing.school_cards import prepare
from transition_exchange.proforma.cards import CARD_FORMAT
from transition_exchange.store.database import Database
from transition_exchange.store.events import Action
from transition_exchange.store.models import Card, Record

STEP = 20
"""How many records one step takes."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The ids of the actor's school's records with a card that is to be made anew, the oldest first.

    A record whose draft nobody can open is among them: its cards are lost with the key before, so they are counted.

    Args:
        session: the session.
        actor: a member of a team that makes the school's cards, or that made them.
        trust: which keys the session trusts.
    """
    which = outdated(session, actor=actor, trust=trust)
    lost = and_(Card.transfer_id.is_(None), ~openable(SIGNED_BY))
    return _records(session, actor, which, or_(can_be_made_by(actor), lost))


def due_without_change(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """As `due`, but only the records with a card that does not rest on an own older key.

    It waited until the key of a provider's team was trusted, or a team that gave the work up may have made it.
    """
    return _records(session, actor, of_others(session, actor=actor, trust=trust), can_be_made_by(actor))


def _records(
    session: Session, actor: Actor, which: ColumnElement[bool] | None, and_if: ColumnElement[bool]
) -> Sequence[UUID]:
    if which is None:
        return ()
    query = (
        select(Record.id)
        .where(
            Record.organisation_id == actor.organisation_id,
            select(Card.id).where(Card.record_id == Record.id, which, and_if).exists(),
        )
        .order_by(Record.created_at, Record.id)
    )
    return session.scalars(query).all()


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Make the cards of some records anew, in one transaction. A card that was written meanwhile stays as it is.

    It changes cards and writes one event. The card of a transfer holds what was sent by it, and no later draft.

    Args:
        ids: the records, as `due` gave them.

    Returns:
        Of how many records something could not be opened or checked. Their cards stay as they are.
    """
    # What is to be replaced is read first: a card that somebody writes after that is newer than these.
    with db.read() as session:
        which = outdated(session, actor=actor, trust=trust_of(session, actor))
        query = select(Card.id, Card.record_id).join(Record, Record.id == Card.record_id)
        query = query.where(Card.record_id.in_(ids), can_be_made_by(actor))
        found = session.execute(query.where(which)).all() if which is not None else ()
        record_of = {card.id: card.record_id for card in found}
        rows, unreadable = rows_of(session, Card, list(record_of))
        of_transfers = any(row.transfer_id is not None for row in rows)
        recalls = recalled_in_chain(session, actor.organisation_id) if of_transfers else {}
    by_record: dict[UUID, list[Card]] = {}
    for row in rows:
        by_record.setdefault(row.record_id, []).append(row)
    renewed = [
        _renewed(db=db, actor=actor, rows=of_record, recalls=recalls, now=now)
        for of_record in by_record.values()
    ]
    with db.write() as session:
        stored = [one for one in renewed if one.store(session)]
        if stored:
            actor.note(session, "key.renewed", what="cards", count=len(stored))
    incomplete = {
        record_id
        for record_id, one in zip(by_record, renewed, strict=True)
        if len(one.cards) < len(one.before)
    }
    return len(incomplete | {record_of[card_id] for card_id in unreadable})


@dataclass(frozen=True)
class _Renewed:
    """The cards of one record, sealed and signed anew.

    Attributes:
        cards: those that could be made.
        before: when each of the cards that they replace was written, by the ids of the cards.
    """

    cards: Sequence[cards.PreparedCard] = field(repr=False)
    before: Mapping[UUID, datetime]

    def store(self, session: Session) -> bool:
        """Store them in the place of those that are there still. Returns whether there was any."""
        stored = False
        for card in sorted(self.cards, key=lambda card: card.id):
            updated = session.execute(
                update(Card)
                .where(Card.id == card.id, Card.changed_at == self.before[card.id])
                .values(
                    team_key_id=card.key_id,
                    state=card.state,
                    card_format=CARD_FORMAT,
                    sealed=card.sealed,
                    changed_at=card.changed_at,
                )
                .execution_options(synchronize_session=False)
                .returning(Card.id)
            )
            stored = updated.first() is not None or stored
        return stored


def _renewed(
    *,
    db: Database,
    actor: Actor,
    rows: Sequence[Card],
    recalls: Mapping[UUID, Sequence[Action]],
    now: datetime,
) -> _Renewed:
    """A record's cards made anew, as far as what they are made of can be opened and checked.

    Args:
        rows: the cards.
        recalls: what the school's log says was taken back.
    """
    of_record = {row.id for row in rows if row.transfer_id is None}
    of_transfers = [row for row in rows if row.transfer_id is not None]
    made, _ = past_damage(
        [rows[0].record_id] if of_record else [],
        lambda record_id: _of_record(db=db, actor=actor, record_id=record_id, now=now),
    )
    with db.read() as session:
        trust = trust_of(session, actor)
        sent, _ = past_damage(
            of_transfers,
            lambda row: made_of_what_was_sent(
                session, actor=actor, trust=trust, row=row, recalls=recalls, now=now
            ),
        )
    prepared = [card for of_one in made for card in of_one if card.id in of_record]
    return _Renewed(cards=[*prepared, *sent], before={row.id: row.changed_at for row in rows})


def _of_record(
    *, db: Database, actor: Actor, record_id: UUID, now: datetime
) -> tuple[cards.PreparedCard, ...]:
    """The cards of a record, made of its draft.

    Raises:
        Tampered: as `open_as_it_was`.
    """
    draft = open_as_it_was(db=db, actor=actor, record_id=record_id, owner=SIGNED_BY)
    today = school_calendar.today()
    with db.read() as session:
        trust = trust_of(session, actor)
        return prepare(
            session,
            actor=actor,
            answers=draft,
            report=draft.report(today),
            today=today,
            now=now,
            signer=signers(session, actor=actor, trust=trust, purpose=SIGNED_BY)[0],
        )
