"""The cards of a draft, for the school's own teams and for the teams that coordinate the area."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.answers import OwnerAnswers
from transition_exchange.exchange.records.cards import (
    PreparedCard,
    Recipient,
    card_ids,
    seal_card,
)
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.proforma import Access, Report
from transition_exchange.proforma.cards import card as card_of
from transition_exchange.purposes import COORDINATING, SENDING
from transition_exchange.store.models import Organisation, Team


def own_and_coordinating(
    session: Session, *, area_id: UUID, organisation_id: UUID, trust: Trust
) -> list[Recipient]:
    """The teams that get a card of every record of a school. They are the same for every learner.

    Args:
        area_id: the school's area.
        organisation_id: the school.
        trust: which keys the session trusts.
    """
    candidates = session.execute(
        select(Team, Organisation.id, Organisation.coordinates)
        .join(Organisation, Organisation.id == Team.organisation_id)
        .where(
            or_(Organisation.id == organisation_id, Organisation.coordinates.is_(True)),
            Organisation.area_id == area_id,
        )
        .order_by(Team.created_at)
    ).all()
    known = trust.current(session, [team.id for team, _, _ in candidates])
    recipients: list[Recipient] = []
    for row, home, coordinates in candidates:
        team = known.get(row.id)
        if team is not None and team.organisation_id != home:
            continue  # it was confirmed as a team of another organisation
        possible = (SENDING if home == organisation_id else ()) + (COORDINATING if coordinates else ())
        purposes = team.purposes if team else row.purposes
        purpose = next((purpose for purpose in possible if purpose in purposes), None)
        if purpose:
            recipients.append(Recipient(row.id, purpose, team))
    return recipients


def prepare(
    session: Session,
    *,
    actor: Actor,
    answers: OwnerAnswers,
    report: Report,
    today: date,
    now: datetime,
    signer: OpenTeam | None = None,
) -> tuple[PreparedCard, ...]:
    """The cards of a record for the school's own teams and the coordinators, sealed.

    The cards of those who follow where it goes tell in `since_sent` how the draft differs from what was sent last, and
    those of the team that writes it in `not_saved` how many answers are typed and not saved. Each says too what it
    would hold on later days, on which a gap begins or ceases to count, so that nobody has to save for it to be right
    then.

    Args:
        answers: what the transition team has written in the record.
        report: its errors and gaps.
        signer: as in `seal_card`.
    """
    recipients = own_and_coordinating(
        session,
        area_id=answers.area_id,
        organisation_id=answers.organisation_id,
        trust=trust_of(session, actor),
    )
    earlier_ids = card_ids(session, answers.record_id)
    since: dict[str, Any] = {}
    not_saved: dict[str, Any] = {}
    if isinstance(answers, Draft):
        since = {"since_sent": answers.since_sent.plain()}
        not_saved = {"not_saved": len(answers.resting.answers)}
    return tuple(
        seal_card(
            actor=actor,
            recipient=recipient,
            record_id=answers.record_id,
            transfer_id=None,
            content=card_of(
                Access.to_record(answers.version, answers.answers, {recipient.purpose}),
                answers.answers,
                report,
                today=today,
                leaving_year=answers.leaving_year,
            )
            | (since if recipient.purpose != "school_safeguarding" else {})
            | (not_saved if recipient.purpose == "transition" else {}),
            now=now,
            card_id=earlier_ids.get(recipient.team_id),
            signer=signer,
        )
        for recipient in recipients
    )
