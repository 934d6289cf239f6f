"""Reading questions with their answers, from either side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.queries.messages import read_message
from transition_exchange.exchange.records.ownership import teams_of
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Query, QueryMessage, Record, Transfer


@dataclass(frozen=True)
class Message:
    """One message of a question.

    Attributes:
        from_team: the name of the team that wrote it, as it was confirmed; empty if that is not certain.
        from_organisation: the name of its organisation, as it was confirmed; empty if that is not certain.
        own: whether it comes from the actor's side: from the team that asked, or from the school.
    """

    from_team: str
    from_organisation: str
    own: bool
    sent_at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True)
class OpenQuery:
    """A question with its messages, oldest first.

    Attributes:
        owner: the sending purpose that answers.
        section: the name of the section that it is about; empty for the pack as a whole.
        other: the name of the organisation on the other side.
        closed_at: when it was closed; None while it is open.
        ours: whether it is about a record of the actor's own school, so that one of the actor's teams answers.
        version: the name of the pro-forma version of the record.
    """

    id: UUID
    transfer_id: UUID
    record_id: UUID
    asking_team_id: UUID
    owner: str
    section: str
    other: str
    opened_at: datetime
    closed_at: datetime | None
    messages: tuple[Message, ...] = field(repr=False)
    ours: bool = False
    version: str = ""


def queries(
    *, db: Database, actor: Actor, transfer_id: UUID | None = None, record_id: UUID | None = None
) -> list[OpenQuery]:
    """The questions that the actor's teams asked or answer, open ones first, each the newest first.

    Args:
        transfer_id: only questions about this transfer.
        record_id: only questions about this record.
    """
    team_ids = [team.id for team in actor.teams]
    owners = [owner for owner in SENDING if actor.team_for(owner)]
    with db.read() as session:
        statement = (
            select(Query, Record)
            .join(Transfer, Transfer.id == Query.transfer_id)
            .join(Record, Record.id == Transfer.record_id)
            .where(
                Query.asking_team_id.in_(team_ids)
                | ((Record.organisation_id == actor.organisation_id) & Query.owner.in_(owners))
            )
            .order_by(Query.closed_at.is_not(None), Query.opened_at.desc())
        )
        if transfer_id is not None:
            statement = statement.where(Query.transfer_id == transfer_id)
        if record_id is not None:
            statement = statement.where(Record.id == record_id)
        trust = trust_of(session, actor)
        return [
            _opened(session, actor=actor, trust=trust, query=query, record=record)
            for query, record in session.execute(statement).all()
        ]


def answering_teams(session: Session, *, trust: Trust, record: Record, owner: str) -> list[KnownTeam]:
    """The teams of a record's school that answer questions to an owner, the oldest first."""
    ids = [team.id for team in teams_of(session, record.organisation_id)]
    known = trust.current(session, ids)
    return [
        known[team_id]
        for team_id in ids
        if team_id in known
        and known[team_id].organisation_id == record.organisation_id
        and owner in known[team_id].purposes
    ]


def _opened(session: Session, *, actor: Actor, trust: Trust, query: Query, record: Record) -> OpenQuery:
    rows = session.scalars(
        select(QueryMessage).where(QueryMessage.query_id == query.id).order_by(QueryMessage.sent_at)
    ).all()
    read = [
        read_message(session, actor=actor, trust=trust, record=record, query=query, message=message)
        for message in rows
    ]
    asking = actor.team(query.asking_team_id) is not None
    messages = [
        Message(
            from_team=message.team.name if message.team else "",
            from_organisation=message.team.organisation_name if message.team else "",
            own=message.team is not None and asking == (message.team.id == query.asking_team_id),
            sent_at=message.sent_at,
            text=message.text,
        )
        for message in read
    ]
    return OpenQuery(
        id=query.id,
        transfer_id=query.transfer_id,
        record_id=record.id,
        asking_team_id=query.asking_team_id,
        owner=query.owner,
        section=next((message.section for message in read if message.section), ""),
        other=_other_side(session, trust=trust, query=query, record=record, asking=asking),
        opened_at=query.opened_at,
        closed_at=query.closed_at,
        messages=tuple(messages),
        ours=record.organisation_id == actor.organisation_id and actor.team_for(query.owner) is not None,
        version=record.version,
    )


def _other_side(session: Session, *, trust: Trust, query: Query, record: Record, asking: bool) -> str:
    """The name of the organisation on the other side: as it was confirmed, otherwise as its row says."""
    if asking:
        teams = answering_teams(session, trust=trust, record=record, owner=query.owner)
        organisation_id = record.organisation_id
    else:
        teams = list(trust.current(session, [query.asking_team_id]).values())
        organisation_id = session.get_one(Transfer, query.transfer_id).provider_id
    if teams:
        return teams[0].organisation_name
    organisation = session.get(Organisation, organisation_id)
    return organisation.name if organisation else ""


def waiting(asked: Sequence[OpenQuery]) -> list[OpenQuery]:
    """The open questions whose last message is the other side's, so that this side must answer."""
    return [
        query for query in asked if query.closed_at is None and query.messages and not query.messages[-1].own
    ]
