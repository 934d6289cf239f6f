"""Open questions beside the lines of a list: which of them the school has answered. Rows say only that one is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.queries.threads import OpenQuery, queries
from transition_exchange.exchange.receiving.inbox import InboxRow, waiting_first
from transition_exchange.store.database import Database

Questions = Mapping[UUID, Sequence[OpenQuery]]
"""Open questions by transfer."""


def open_questions(*, db: Database, actor: Actor, teams: Sequence[OpenTeam]) -> Questions:
    """The open questions that some of a person's teams asked."""
    ids = {team.id for team in teams}
    found: defaultdict[UUID, list[OpenQuery]] = defaultdict(list)
    for asked in queries(db=db, actor=actor):
        if asked.asking_team_id in ids and asked.closed_at is None:
            found[asked.transfer_id].append(asked)
    return found


def answers_told_apart(rows: Sequence[InboxRow], questions: Questions) -> list[InboxRow]:
    """The lines of a list with a mark of its own for a question that is answered, in the order of a list.

    Args:
        rows: the lines, on which every open question counts as open.
        questions: `open_questions` of the same teams.
    """
    told = []
    for row in rows:
        of_row = questions.get(row.transfer_id, ()) if row.queried else ()
        answered = [asked.answered for asked in of_row]
        told.append(replace(row, queried=not all(answered), answered=any(answered)) if of_row else row)
    return sorted(told, key=waiting_first)
