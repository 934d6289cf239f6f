"""Records that a school took back after a team had opened or downloaded them: they stay as lines until the team says
that it has deleted what it kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.confirmed_names import names_to_show
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.receiving.receipts import receiving_team
from transition_exchange.exchange.records import ledgers, names
from transition_exchange.exchange.records.ledger_memory import card_for
from transition_exchange.exchange.records.transfers import statement_of
from transition_exchange.sealing.transfers import RECALLED
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Principal, Receipt, Record, Transfer
from transition_exchange.stored_text import read_moment


@dataclass(frozen=True)
class TakenBack:
    """A record that was taken back, and what the team had of it.

    Attributes:
        school: the name of the school that signed it, as it was confirmed.
        taken_back_at: when, as the school signed it.
        opened_at: when the team first opened it; None if it never did.
        given_out_at: when the team was first given a file with it; None if it never was.
        content: the fields of the team's card, which it has seen; empty if the card cannot be checked.
    """

    transfer_id: UUID
    school: str
    taken_back_at: datetime
    opened_at: datetime | None
    given_out_at: datetime | None
    content: Mapping[str, Any] = field(repr=False)


def taken_back(*, db: Database, actor: Actor, team_id: UUID | None = None) -> list[TakenBack]:
    """What a team is asked to delete, by the learners' names. Only what the school signed that it took back counts.

    Args:
        team_id: the team; None for the first of the actor's receiving teams.

    Raises:
        NotAllowed: the actor is in no receiving team.
        NotFound: the team is not one of the actor's receiving teams.
    """
    team = receiving_team(actor, team_id)
    cards = ledgers.refreshed(db=db, actor=actor, team=team).cards
    found = []
    with db.read() as session:
        trust = trust_of(session, actor)
        for transfer, record, taken_back_at in _recalled(session, trust, actor, *_kept_by(team)):
            receipts = _receipts(session, team, transfer.id)
            school_id = record.organisation_id  # whose team signed the statement
            card = card_for(cards, record.id, transfer.id, school_id=school_id)
            found.append(
                TakenBack(
                    transfer_id=transfer.id,
                    school=names_to_show(session, trust=trust, organisation_ids={school_id})[school_id],
                    taken_back_at=taken_back_at,
                    opened_at=min((row.opened_at for row in receipts if row.opened_at), default=None),
                    given_out_at=min(
                        (row.given_out_at for row in receipts if row.given_out_at), default=None
                    ),
                    content=card.content if card else {},
                )
            )
    return sorted(found, key=lambda one: (names.name_order(one.content), one.transfer_id))


@dataclass(frozen=True)
class Deleted:
    """A record that was taken back, and that somebody of the team has said is deleted.

    It names no learner: the team's card is deleted too. The reference stands on all that the team had.

    Attributes:
        school: the name of the school that signed it, as it was confirmed.
        taken_back_at: when, as the school signed it.
        deleted_at: when somebody said that it is deleted.
        deleted_by: their name; None if their account is gone.
    """

    transfer_id: UUID
    school: str
    taken_back_at: datetime
    deleted_at: datetime
    deleted_by: str | None


def deleted_here(*, db: Database, actor: Actor, team_id: UUID | None = None) -> list[Deleted]:
    """What a team has said that it deleted, the newest first, until the record itself is deleted.

    Args:
        team_id: the team; None for the first of the actor's receiving teams.

    Raises:
        NotAllowed: as `taken_back`.
        NotFound: as `taken_back`.
    """
    team = receiving_team(actor, team_id)
    said = Receipt.team_id == team.id, Receipt.deleted_at.is_not(None)
    found = []
    with db.read() as session:
        trust = trust_of(session, actor)
        for transfer, record, taken_back_at in _recalled(session, trust, actor, *said):
            last = session.scalars(
                select(Receipt)
                .where(Receipt.transfer_id == transfer.id, *said)
                .order_by(Receipt.deleted_at.desc())
                .limit(1)
            ).one()
            assert last.deleted_at is not None
            person = session.get(Principal, last.deleted_by) if last.deleted_by else None
            school_id = record.organisation_id  # whose team signed the statement
            found.append(
                Deleted(
                    transfer_id=transfer.id,
                    school=names_to_show(session, trust=trust, organisation_ids={school_id})[school_id],
                    taken_back_at=taken_back_at,
                    deleted_at=last.deleted_at,
                    deleted_by=person.name if person else None,
                )
            )
    return sorted(found, key=lambda one: (one.deleted_at, one.transfer_id), reverse=True)


def _recalled(
    session: Session, trust: Trust, actor: Actor, *had: ColumnElement[bool]
) -> Iterator[tuple[Transfer, Record, datetime]]:
    """The transfers to the actor's organisation that a school signed that it took back, with when.

    Args:
        had: the conditions on one of the receipts.
    """
    rows = session.execute(
        select(Transfer, Record)
        .join(Record, Record.id == Transfer.record_id)
        .where(
            Transfer.provider_id == actor.organisation_id,
            Transfer.state == RECALLED,
            Transfer.id.in_(select(Receipt.transfer_id).where(*had)),
        )
    ).all()
    for transfer, record in rows:
        statement = statement_of(session, trust=trust, record=record, transfer=transfer)
        here = RECALLED, str(transfer.provider_id)
        if statement is not None and (statement.state, statement.provider) == here:
            yield transfer, record, read_moment(str(statement.at))


def confirm_deleted(*, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None = None) -> None:
    """Tell the school that a team has deleted what it kept of a record that was taken back.

    The team's card of it is deleted too, so the line with the name is gone; `deleted_here` keeps who said so, and when.
    A second click changes nothing.

    Args:
        transfer_id: the transfer.
        team_id: the team; None for the first of the actor's receiving teams.

    Raises:
        NotAllowed: the actor is in no receiving team.
        NotFound: it is not a transfer to the actor's organisation that was taken back, or the team had nothing of it.
    """
    team = receiving_team(actor, team_id)
    now = datetime.now(UTC)
    with db.write() as session:
        transfer = session.get(Transfer, transfer_id, with_for_update=True)
        if transfer is None or transfer.provider_id != actor.organisation_id or transfer.state != RECALLED:
            raise NotFound
        receipts = _receipts(session, team, transfer_id)
        if not receipts:
            raise NotFound
        fresh = [row for row in receipts if row.deleted_at is None]
        if not fresh:
            return
        for row in fresh:
            row.deleted_at, row.deleted_by = now, actor.principal_id
        session.execute(delete(Card).where(Card.transfer_id == transfer_id, Card.team_id == team.id))
        actor.note(session, "transfer.deleted", team=team.id, transfer=transfer_id)


def _kept_by(team: OpenTeam) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a team had a version and has not said that it deleted it."""
    return Receipt.team_id == team.id, _reached(), Receipt.deleted_at.is_(None)


def _reached() -> ColumnElement[bool]:
    return or_(Receipt.opened_at.is_not(None), Receipt.given_out_at.is_not(None))


def _receipts(session: Session, team: OpenTeam, transfer_id: UUID) -> Sequence[Receipt]:
    """The receipts of what a team had of a transfer."""
    return session.scalars(
        select(Receipt).where(Receipt.transfer_id == transfer_id, Receipt.team_id == team.id, _reached())
    ).all()
