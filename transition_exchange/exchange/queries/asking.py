"""Questions about a pack, from a receiving team to the team that wrote the section. Only these two can open them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange import notices
from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.errors import NotFound, NotReady, Refused
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.queries.messages import read_message, seal_message
from transition_exchange.exchange.receiving.receipts import own_transfer, receiving_team, settle
from transition_exchange.exchange.records.ownership import teams_of
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Organisation,
    Query,
    QueryMessage,
    Receipt,
    Record,
    Team,
    Transfer,
)

LONGEST_TEXT = 4000
"""The longest message, in characters."""


@dataclass(frozen=True)
class Message:
    """One message of a question.

    Attributes:
        from_team: the name of the team that wrote it.
        own: whether that is one of the actor's teams.
    """

    from_team: str
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


def ask(
    *,
    db: Database,
    actor: Actor,
    transfer_id: UUID,
    text: str,
    section: str = "",
    owner: str = "transition",
    team_id: UUID | None = None,
) -> UUID:
    """Ask the school about a pack.

    Args:
        transfer_id: the transfer.
        text: the question.
        section: the name of the section that it is about; empty for the pack as a whole. It is sealed with the text.
        owner: the sending purpose that wrote the section and so answers.
        team_id: the asking team; None for the first of the actor's teams that was granted the transfer.

    Returns:
        The id of the question.

    Raises:
        NotAllowed: the actor is not in a receiving team.
        NotFound: the transfer is unknown, recalled or another provider's, it was not granted to the team, or the owner
            is unknown.
        Refused: the text is empty or too long.
        NotReady: the school's team has no key that this session trusts.
    """
    text = _checked(text)
    if owner not in SENDING:
        raise NotFound
    now = datetime.now(UTC)
    with db.read() as session:
        _, record = own_transfer(session, actor, transfer_id)
        granted = set(session.scalars(select(Receipt.team_id).where(Receipt.transfer_id == transfer_id)))
        first_granted = next((team.id for team in actor.teams if team.id in granted), None)
        team = receiving_team(actor, team_id or first_granted)
        if team.id not in granted:
            raise NotFound
        trust = trust_of(session, actor)
        answering = _answering_team(session, trust=trust, record=record, owner=owner)
    query = Query(
        id=uuid4(),
        transfer_id=transfer_id,
        asking_team_id=team.id,
        owner=owner,
        opened_at=now,
        opened_by=actor.principal_id,
    )
    message = seal_message(
        record=record,
        query_id=query.id,
        actor=actor,
        team=team,
        asker=team.known,
        owner=answering,
        content={"text": text, "section": section},
        now=now,
    )
    with db.write() as session:
        transfer, _ = own_transfer(session, actor, transfer_id, changing=True)
        session.add(query)
        session.flush()
        session.add(message)
        transfer.state = "queried"
        notices.notify(session, team_id=answering.id, template="questions_waiting")
        actor.note(session, "query.asked", query=query.id, transfer=transfer_id)
    return query.id


def reply(*, db: Database, actor: Actor, query_id: UUID, text: str) -> None:
    """Add a message to a question, from either side.

    Args:
        query_id: the question.
        text: the message.

    Raises:
        NotFound: the question is unknown, or neither from nor to one of the actor's teams.
        Refused: the text is empty or too long, or the question is closed.
        NotReady: one of the two teams has no key that this session trusts.
    """
    text = _checked(text)
    now = datetime.now(UTC)
    with db.read() as session:
        query, record, team = _own_query(session, actor, query_id)
        if query.closed_at is not None:
            raise Refused("This question is closed. Ask a new one.")
        trust = trust_of(session, actor)
        answering = _answering_team(session, trust=trust, record=record, owner=query.owner)
        asker = trust.current(session, [query.asking_team_id]).get(query.asking_team_id)
        if asker is None:
            raise NotReady("The college's team no longer has a confirmed key. Ring the council.")
        other_team_id = answering.id if team.id == query.asking_team_id else query.asking_team_id
    message = seal_message(
        record=record,
        query_id=query.id,
        actor=actor,
        team=team,
        asker=asker,
        owner=answering,
        content={"text": text},
        now=now,
    )
    with db.write() as session:
        session.add(message)
        template = "answers_waiting" if other_team_id == query.asking_team_id else "questions_waiting"
        notices.notify(session, team_id=other_team_id, template=template)
        actor.note(session, "query.answered", query=query.id, transfer=query.transfer_id)


def close(*, db: Database, actor: Actor, query_id: UUID) -> None:
    """Close a question for the team that asked it.

    When a transfer's last open question is closed, the transfer gets the state back that its receipts give it.

    Raises:
        NotFound: the question is unknown, or none of the actor's teams asked it.
    """
    now = datetime.now(UTC)
    with db.write() as session:
        query, _, team = _own_query(session, actor, query_id)
        if team.id != query.asking_team_id:
            raise NotFound
        query.closed_at = query.closed_at or now
        session.flush()
        still_open = session.scalar(
            select(Query.id).where(Query.transfer_id == query.transfer_id, Query.closed_at.is_(None)).limit(1)
        )
        transfer = session.get_one(Transfer, query.transfer_id, with_for_update=True)
        if still_open is None and transfer.state == "queried":
            settle(session, transfer)
        actor.note(session, "query.closed", query=query.id, transfer=query.transfer_id)


def queries(
    *, db: Database, actor: Actor, transfer_id: UUID | None = None, record_id: UUID | None = None
) -> list[OpenQuery]:
    """The questions that the actor's teams asked or answer, open ones first, each the newest first.

    Args:
        transfer_id: only questions about this transfer.
        record_id: only questions about this record.

    Raises:
        Tampered: a message is not what was sealed for the question.
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
        return [
            _opened(session, actor=actor, query=query, record=record)
            for query, record in session.execute(statement).all()
        ]


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("Write your message.", {"text": "Write your message"})
    if len(text) > LONGEST_TEXT:
        problem = f"Shorten your message to {LONGEST_TEXT:,} characters or fewer"
        raise Refused(problem + ".", {"text": problem})
    return text


def _own_query(session: Session, actor: Actor, query_id: UUID) -> tuple[Query, Record, OpenTeam]:
    """A question with its record and the actor's team that asked it or answers it."""
    query = session.get(Query, query_id)
    if query is None:
        raise NotFound
    record = session.get_one(Record, session.get_one(Transfer, query.transfer_id).record_id)
    asking = actor.team(query.asking_team_id)
    if asking is not None:
        return query, record, asking
    answering = actor.team_for(query.owner)
    if record.organisation_id == actor.organisation_id and answering is not None:
        return query, record, answering
    raise NotFound


def _answering_team(session: Session, *, trust: Trust, record: Record, owner: str) -> KnownTeam:
    ids = [team.id for team in teams_of(session, record.organisation_id)]
    for team in trust.current(session, ids).values():
        if team.organisation_id == record.organisation_id and owner in team.purposes:
            return team
    raise NotReady("The school's team cannot be reached here at the moment. Ring the school.")


def _opened(session: Session, *, actor: Actor, query: Query, record: Record) -> OpenQuery:
    rows = session.execute(
        select(QueryMessage, Team.name)
        .join(Team, Team.id == QueryMessage.from_team_id)
        .where(QueryMessage.query_id == query.id)
        .order_by(QueryMessage.sent_at)
    ).all()
    section = ""
    trust = trust_of(session, actor)
    messages: list[Message] = []
    for message, team_name in rows:
        content = read_message(session, actor=actor, trust=trust, record=record, query=query, message=message)
        section = section or str(content.get("section", ""))
        own = actor.team(message.from_team_id) is not None
        messages.append(Message(from_team=team_name, own=own, sent_at=message.sent_at, text=content["text"]))
    asking = actor.team(query.asking_team_id) is not None
    transfer = session.get_one(Transfer, query.transfer_id)
    other = session.get_one(Organisation, record.organisation_id if asking else transfer.provider_id)
    return OpenQuery(
        id=query.id,
        transfer_id=query.transfer_id,
        record_id=record.id,
        asking_team_id=query.asking_team_id,
        owner=query.owner,
        section=section,
        other=other.name,
        opened_at=query.opened_at,
        closed_at=query.closed_at,
        messages=tuple(messages),
        ours=record.organisation_id == actor.organisation_id and actor.team_for(query.owner) is not None,
        version=record.version,
    )


def waiting(asked: Sequence[OpenQuery]) -> list[OpenQuery]:
    """The open questions whose last message is the other side's, so that this side must answer."""
    return [
        query for query in asked if query.closed_at is None and query.messages and not query.messages[-1].own
    ]
