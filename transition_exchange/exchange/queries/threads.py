"""Reading questions with their answers, from either side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.exchange.errors import NotReady
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.queries.messages import Read, read_message
from transition_exchange.exchange.queries.schools import seen_of
from transition_exchange.exchange.records.ownership import school_teams
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.proforma import UnknownVersion, load
from transition_exchange.proforma.model import UnknownName
from transition_exchange.purposes import SENDING
from transition_exchange.sealing.transfers import RECALLED
from transition_exchange.store.database import Database
from transition_exchange.store.models import Query, QueryMessage, Record, Transfer


@dataclass(frozen=True)
class Message:
    """One message of a question.

    Attributes:
        from_team: the name of the team that wrote it, as it was confirmed; empty if that is not certain.
        from_organisation: the name of its organisation, as it was confirmed; empty if that is not certain.
        by: the name of the person who wrote it, as their team signed it; empty if it says none.
        own: whether it comes from the actor's side: from the team that asked, or from the school.
    """

    from_team: str
    from_organisation: str
    own: bool
    sent_at: datetime
    text: str = field(repr=False)
    by: str = ""

    @property
    def certain(self) -> bool:
        """Whether it is certain who wrote it."""
        return bool(self.from_team)


@dataclass(frozen=True)
class OpenQuery:
    """A question with its messages, oldest first.

    Attributes:
        school_id: the school that answers. Where the question is certain, the asking team signed it.
        owner: the sending purpose that answers.
        section: the name of the section that it is about; empty for the pack as a whole.
        other: the name of the organisation on the other side, as it was confirmed; empty if that is not certain.
        opened_at: when it was asked, as the asking team signed it; the time of its row if that is not certain.
        closed_at: when it was closed; None while it is open.
        ours: whether it is about a record of the actor's own school, so that one of the actor's teams answers.
        version: the name of the pro-forma version of the record.
        certain: whether the team that its row names really asked it. Otherwise nobody can write in it.
        taken_back: whether the school signed that it took back the record that it is about. Then it waits for nobody.
    """

    id: UUID
    transfer_id: UUID
    record_id: UUID
    asking_team_id: UUID
    school_id: UUID
    owner: str
    section: str
    other: str
    opened_at: datetime
    closed_at: datetime | None
    messages: tuple[Message, ...] = field(repr=False)
    ours: bool = False
    version: str = ""
    certain: bool = True
    taken_back: bool = False

    @property
    def answered(self) -> bool:
        """Whether the school has written the last message, so that the team that asked has something to read."""
        last = self.messages[-1] if self.messages else None
        return last is not None and last.certain and last.own == self.ours

    @property
    def has_answer(self) -> bool:
        """Whether the school has ever answered it, even if the team that asked has said more since."""
        return any(message.certain and message.own == self.ours for message in self.messages)

    @property
    def section_title(self) -> str:
        """The title of the section that it is about; empty for the pack as a whole."""
        if not self.section:
            return ""
        try:
            return load(self.version).section(self.section).title
        except (UnknownVersion, UnknownName):
            return ""  # whoever can write to the database can name another form

    @property
    def seen(self) -> str:
        """What replying is given, so that it goes to nobody but those whom the page named."""
        return seen_of(
            transfer_id=self.transfer_id,
            asking_team_id=self.asking_team_id,
            school_id=self.school_id,
            owner=self.owner,
        )


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
        found = session.execute(statement).all()
        about = Transfer.id.in_({query.transfer_id for query, _ in found})
        transfers, told = SignedRows(session, trust, {}).transfers(about, Transfer.state == RECALLED)
        taken_back = {row.id for row in transfers if told.signed.get(row.id) == RECALLED}
        return [
            replace(
                _opened(session, actor=actor, trust=trust, query=query, record=record),
                taken_back=query.transfer_id in taken_back,
            )
            for query, record in found
        ]


def answering_teams(session: Session, *, trust: Trust, record: Record, owner: str) -> list[KnownTeam]:
    """The teams of a record's school that answer questions to an owner, the oldest first.

    Whose team it is stands in its confirmation. Somebody who moves its row leaves it out of nothing.
    """
    return school_teams(session, trust=trust, school_id=record.organisation_id, owner=owner)


def readers_of(
    session: Session, *, trust: Trust, record: Record, query: Query
) -> tuple[list[KnownTeam], KnownTeam]:
    """The teams of the school that answer a question, and the team that asked it.

    Raises:
        NotReady: one of the two sides has no key that this session trusts.
    """
    answering = answering_teams(session, trust=trust, record=record, owner=query.owner)
    if not answering:
        raise NotReady("The school's team cannot be reached here at the moment. Ring the school.")
    asker = trust.current(session, [query.asking_team_id]).get(query.asking_team_id)
    if asker is None:
        raise NotReady("The college's team no longer has a confirmed key. Ring the council.")
    return answering, asker


def read_thread(session: Session, *, actor: Actor, trust: Trust, record: Record, query: Query) -> list[Read]:
    """The messages of a question, opened and checked, in the order in which they were signed."""
    rows = session.scalars(
        select(QueryMessage).where(QueryMessage.query_id == query.id).order_by(QueryMessage.sent_at)
    )
    read = [
        read_message(session, actor=actor, trust=trust, record=record, query=query, message=message)
        for message in rows
    ]
    return sorted(read, key=lambda message: message.sent_at)


def first_asked(thread: Sequence[Read], query: Query) -> Read | None:
    """The first message that the asking team really wrote; None if there is none.

    Without it, a question is no more than a row that anybody may have written who can write to the database.
    """
    return next(
        (message for message in thread if message.team and message.team.id == query.asking_team_id), None
    )


def _opened(session: Session, *, actor: Actor, trust: Trust, query: Query, record: Record) -> OpenQuery:
    thread = read_thread(session, actor=actor, trust=trust, record=record, query=query)
    asked = first_asked(thread, query)
    asking = actor.team(query.asking_team_id) is not None
    messages = [
        Message(
            from_team=message.team.name if message.team else "",
            from_organisation=message.team.organisation_name if message.team else "",
            own=message.team is not None and asking == (message.team.id == query.asking_team_id),
            sent_at=message.sent_at,
            text=message.text,
            by=message.by,
        )
        for message in thread
    ]
    other = asked.team if asked else None
    if other is not None and asking:
        answering = answering_teams(session, trust=trust, record=record, owner=query.owner)
        other = answering[0] if answering else None
    return OpenQuery(
        id=query.id,
        transfer_id=query.transfer_id,
        record_id=record.id,
        asking_team_id=query.asking_team_id,
        school_id=record.organisation_id,
        owner=query.owner,
        section=asked.section if asked else "",
        other=other.organisation_name if other else "",
        opened_at=asked.sent_at if asked else query.opened_at,
        closed_at=query.closed_at,
        messages=tuple(messages),
        ours=record.organisation_id == actor.organisation_id and actor.team_for(query.owner) is not None,
        version=record.version,
        certain=asked is not None,
    )


def waiting(asked: Sequence[OpenQuery]) -> list[OpenQuery]:
    """The open questions whose last message is the other side's, so that this side must answer.

    One of which it is not certain that it was asked waits for nobody, nor does one about what was taken back.
    """
    return [
        query
        for query in asked
        if query.certain
        and query.closed_at is None
        and not query.taken_back
        and query.messages
        and not query.messages[-1].own
    ]
