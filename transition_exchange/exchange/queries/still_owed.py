"""What a school still owes a person's teams about records that they are about to acknowledge.

Acknowledging says that a team has what it needs. Nothing keeps it from doing so; it is only told first what is still to
come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries.on_lists import open_questions
from transition_exchange.exchange.queries.threads import OpenQuery
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.receipts import receiving_team, receiving_teams
from transition_exchange.exchange.receiving.whom_to_ring import ToRing, whom_to_ring
from transition_exchange.proforma.safeguarding_answer import NOT_ANSWERED, WITHDRAWN
from transition_exchange.store.database import Database


@dataclass(frozen=True)
class StillOwed:
    """What is still to come about one record.

    Attributes:
        content: the fields of the team's card.
        school: the name of the school that sent the record, as it was confirmed.
        answer: `not_answered` or `withdrawn` if the school's safeguarding team owes this team an answer; else empty.
        questions: the team's questions that are not answered.
        ring: whom the team rings at the school.
    """

    transfer_id: UUID
    content: Mapping[str, Any] = field(repr=False)
    school: str
    answer: str
    questions: tuple[OpenQuery, ...] = field(repr=False)
    ring: tuple[ToRing, ...]


def still_owed(*, db: Database, actor: Actor, transfer_ids: Sequence[UUID]) -> list[StillOwed]:
    """What is still owed about those of some records that one of the actor's teams can acknowledge now.

    Args:
        transfer_ids: the transfers.

    Raises:
        NotAllowed: the actor is in no receiving team.
    """
    receiving_team(actor)
    teams, found = receiving_teams(actor), dict[UUID, StillOwed]()
    questions = open_questions(db=db, actor=actor, teams=teams)
    for team in teams:
        rows = [
            row
            for row in inbox(db=db, actor=actor, team_id=team.id)
            if row.transfer_id in transfer_ids and row.may_acknowledge
        ]
        with db.read() as session:
            trust = trust_of(session, actor)
            for row in rows:
                waiting = tuple(
                    asked
                    for asked in questions.get(row.transfer_id, ())
                    if asked.asking_team_id == team.id and not asked.answered
                )
                answer = row.answer if row.answer in (NOT_ANSWERED, WITHDRAWN) else ""
                if answer or waiting:
                    ring = whom_to_ring(session, trust=trust, team=team, school_id=row.school_id)
                    found.setdefault(
                        row.transfer_id,
                        StillOwed(row.transfer_id, row.content, row.school, answer, waiting, ring),
                    )
    return [found[transfer_id] for transfer_id in transfer_ids if transfer_id in found]
