"""Passing questions on to a team of the school that became ready after they were asked, a few questions at a time.

A message is sealed to the teams that could read it when it was written. A team of the school that answers for the same
sections and was confirmed later gets the older messages from a member of a team that holds them, as it gets drafts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.queries.messages import passed_on
from transition_exchange.exchange.queries.threads import answering_teams
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Query, QueryKeyring, QueryMessage, Record, Transfer


def pass_on(*, db: Database, actor: Actor, limit: int = 20, failed: list[UUID] | None = None) -> int:
    """Pass on the next few questions to the actor's school that a team of it answers and cannot read.

    Only messages are passed on that this session can open and check. A question with another message stops no other.

    Args:
        limit: how many questions to take; 0 only counts them.
        failed: where the ids of questions are put of which a message could not be passed on.

    Returns:
        How many questions still have something to pass on, those that failed among them.
    """
    done = 0
    with db.read() as session:
        trust = trust_of(session, actor)
        due = {query.id: (query, record, lacking) for query, record, lacking in _due(session, actor, trust)}
    for query_id, (query, record, lacking) in due.items():
        if done == limit:
            break
        with db.read() as session:
            made = [
                passed_on(
                    session,
                    actor=actor,
                    trust=trust,
                    record=record,
                    query=query,
                    message=message,
                    reader=team,
                )
                for message, team in lacking
            ]
        with db.write() as session:
            session.add_all([keyring for keyring in made if keyring is not None])
        if None not in made:
            done += 1
        elif failed is not None:
            failed.append(query_id)
    return len(due) - done


def _due(
    session: Session, actor: Actor, trust: Trust
) -> Sequence[tuple[Query, Record, list[tuple[QueryMessage, KnownTeam]]]]:
    owners = [owner for owner in SENDING if actor.team_for(owner)]
    rows = session.execute(
        select(Query, Record)
        .join(Transfer, Transfer.id == Query.transfer_id)
        .join(Record, Record.id == Transfer.record_id)
        .where(Record.organisation_id == actor.organisation_id, Query.owner.in_(owners))
        .order_by(Query.opened_at)
    ).all()
    messages: defaultdict[UUID, list[QueryMessage]] = defaultdict(list)
    given: defaultdict[UUID, set[tuple[UUID, UUID]]] = defaultdict(set)
    ids = [query.id for query, _ in rows]
    for message in session.scalars(select(QueryMessage).where(QueryMessage.query_id.in_(ids))):
        messages[message.query_id].append(message)
    for keyring in session.execute(
        select(QueryKeyring.message_id, QueryKeyring.team_id, QueryKeyring.team_key_id)
        .join(QueryMessage, QueryMessage.id == QueryKeyring.message_id)
        .where(QueryMessage.query_id.in_(ids))
    ):
        given[keyring.message_id].add((keyring.team_id, keyring.team_key_id))
    held = {(team.id, key) for team in actor.teams for key in (team.key_id, *team.older)}
    due = []
    for query, record in rows:
        lacking = [
            (message, team)
            for team in answering_teams(session, trust=trust, record=record, owner=query.owner)
            for message in messages[query.id]
            # What this session cannot open is not due: else the steps would never end.
            if (team.id, team.key_id) not in given[message.id] and given[message.id] & held
        ]
        if lacking:
            due.append((query, record, lacking))
    return due
