"""Questions about a pack, from a receiving team to the team that wrote the section. Only these two can open them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange import notices
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.colleagues import own_name, unchecked
from transition_exchange.exchange.keys.confirmed_names import names_to_show
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries.messages import seal_message
from transition_exchange.exchange.queries.schools import school_of, seen_of
from transition_exchange.exchange.queries.threads import first_asked, read_thread, readers_of
from transition_exchange.exchange.receiving.receipts import own_transfer, receiving_team, settle
from transition_exchange.exchange.receiving.sent_versions import was_sent_to
from transition_exchange.exchange.records.standing_grants import was_granted
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Query,
    Record,
    Transfer,
)

LONGEST_TEXT = 4000
"""The longest message, in characters."""


@dataclass(frozen=True)
class Asked:
    """Whom a question about a transfer would go to.

    Attributes:
        school: the name of the school, as it was confirmed.
        seen: what asking is given, so that it goes to no other school.
    """

    school: str
    seen: str


def whom_to_ask(*, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None = None) -> Asked:
    """Whom a question about a transfer would go to, for the page on which it is asked. Nothing is changed.

    Args:
        transfer_id: as for `ask`.
        team_id: as for `ask`.

    Raises:
        NotAllowed: as `ask`.
        NotFound: as `ask`.
        Tampered: as `ask`.
    """
    with db.read() as session:
        team, transfer, record = _sent_here(session, actor, transfer_id=transfer_id, team_id=team_id)
        trust = trust_of(session, actor)
        school_id = school_of(session, trust=trust, record=record, transfer=transfer)
        names = names_to_show(session, trust=trust, organisation_ids={school_id})
        seen = seen_of(transfer_id=transfer_id, asking_team_id=team.id, school_id=school_id)
        return Asked(school=names[school_id], seen=seen)


def ask(
    *,
    db: Database,
    actor: Actor,
    transfer_id: UUID,
    text: str,
    section: str = "",
    owner: str = "transition",
    team_id: UUID | None = None,
    seen: str | None = None,
) -> UUID:
    """Ask the school about a pack.

    Args:
        transfer_id: the transfer.
        text: the question.
        section: the name of the section that it is about; empty for the pack as a whole. It is sealed with the text.
        owner: the sending purpose that wrote the section and so answers.
        team_id: the asking team; None for the first of the actor's teams that was granted the transfer.
        seen: whom the page named (`Asked.seen`); None if nobody was shown a page before.

    Returns:
        The id of the question.

    Raises:
        NotAllowed: the actor is not in a receiving team.
        NotFound: the transfer is unknown, recalled or another provider's, it was not granted to the team, or the owner
            is unknown.
        Refused: the text is empty or too long, or the question would go to another school than the page named.
        NotReady: the school's team has no key that this session trusts.
        Tampered: the school that the record's row names did not sign the transfer.
    """
    text = _checked(text)
    if owner not in SENDING:
        raise NotFound
    now = datetime.now(UTC)
    with db.read() as session:
        team, transfer, record = _sent_here(session, actor, transfer_id=transfer_id, team_id=team_id)
        trust = trust_of(session, actor)
        query = Query(
            id=uuid4(),
            transfer_id=transfer_id,
            asking_team_id=team.id,
            owner=owner,
            opened_at=now,
            opened_by=actor.principal_id,
        )
        answering, asker = readers_of(session, trust=trust, record=record, query=query)
        by = own_name(session, actor=actor, team_id=team.id) or unchecked(actor.name)
        school_id = school_of(session, trust=trust, record=record, transfer=transfer)
        concerned = seen_of(transfer_id=transfer_id, asking_team_id=team.id, school_id=school_id)
        if seen is not None and concerned != seen:
            raise Refused("This record is not what the page showed any more. Look at it again, then ask.")
        # A receipt is a row that nobody signed. The grant says from which school the team really has the record.
        if not was_granted(session, trust=trust, record=record, transfer_id=transfer_id, team_id=team.id):
            raise NotFound
    message, opened_by = seal_message(
        record=record,
        query=query,
        actor=actor,
        team=team,
        readers=[*answering, asker],
        text=text,
        section=section,
        by=by,
        now=now,
    )
    with db.write() as session:
        transfer, _ = own_transfer(session, actor, transfer_id, changing=True)
        session.add(query)
        session.flush()
        session.add(message)
        session.flush()
        session.add_all(opened_by)
        transfer.state = "queried"
        for answering_team in answering:
            notices.notify(session, team_id=answering_team.id, template="questions_waiting")
        actor.note(session, "query.asked", query=query.id, transfer=transfer_id)
    return query.id


def reply(*, db: Database, actor: Actor, query_id: UUID, text: str, seen: str | None = None) -> None:
    """Add a message to a question, from either side.

    Args:
        query_id: the question.
        text: the message.
        seen: whom the page named as concerned (`OpenQuery.seen`); None if nobody was shown the question before.

    Raises:
        NotFound: the question is unknown, or neither from nor to one of the actor's teams.
        Refused: the text is empty or too long, the question is closed, it is not certain who asked it, or it concerns
            others than the page named.
        NotReady: one of the two teams has no key that this session trusts.
    """
    text = _checked(text)
    now = datetime.now(UTC)
    with db.read() as session:
        query, record, team = _own_query(session, actor, query_id)
        if query.closed_at is not None:
            raise Refused("This question is closed. Ask a new one.")
        concerned = seen_of(
            transfer_id=query.transfer_id,
            asking_team_id=query.asking_team_id,
            school_id=record.organisation_id,
            owner=query.owner,
        )
        if seen is not None and concerned != seen:
            raise Refused("This question is not what the page showed any more. Look at it again.")
        trust = trust_of(session, actor)
        # Whoever can write to the database can name another team or another school in the question's rows. Its first
        # message is signed over all of them, so what is written next goes only to teams that it already concerned.
        thread = read_thread(session, actor=actor, trust=trust, record=record, query=query)
        answering, asker = readers_of(session, trust=trust, record=record, query=query)
        if first_asked(thread, query) is None:
            raise Refused("It is not certain who asked this question, so nothing can be written in it.")
        by = own_name(session, actor=actor, team_id=team.id) or unchecked(actor.name)
    message, opened_by = seal_message(
        record=record,
        query=query,
        actor=actor,
        team=team,
        readers=[*answering, asker],
        text=text,
        by=by,
        now=now,
    )
    answers = team.id != asker.id
    with db.write() as session:
        session.add(message)
        session.flush()
        session.add_all(opened_by)
        for reader in [asker] if answers else answering:
            template = "answers_waiting" if answers else "questions_waiting"
            notices.notify(session, team_id=reader.id, template=template)
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
            settle(session, transfer, trust=trust_of(session, actor))
        actor.note(session, "query.closed", query=query.id, transfer=query.transfer_id)


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("Write your message.", {"text": "Write your message"})
    if len(text) > LONGEST_TEXT:
        problem = f"Shorten your message to {LONGEST_TEXT:,} characters or fewer"
        raise Refused(problem + ".", {"text": problem})
    return text


def _sent_here(
    session: Session, actor: Actor, *, transfer_id: UUID, team_id: UUID | None
) -> tuple[OpenTeam, Transfer, Record]:
    """The team that asks about a transfer, the transfer, and its record.

    Raises:
        NotAllowed: as `ask`.
        NotFound: as `ask`.
    """
    transfer, record = own_transfer(session, actor, transfer_id)
    trust = trust_of(session, actor)
    signed = was_sent_to(session, trust=trust, transfer_id=transfer_id, teams=actor.teams)
    named = was_sent_to(session, trust=trust, transfer_id=transfer_id, teams=actor.teams, signed=False)
    first = next((team.id for team in actor.teams if team.id in (signed or named)), None)
    team = receiving_team(actor, team_id or first)
    if team.id not in named:
        raise NotFound
    return team, transfer, record


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
