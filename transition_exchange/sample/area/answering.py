"""What providers of the sample do with what they got: open, take on and ask; and what schools answer."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge, receiving_teams
from transition_exchange.sample.area.accounts import Area
from transition_exchange.sample.typed_toml import read_beside


@dataclass(frozen=True)
class SampleQuestion:
    """A section asked about, the question, and the school's answer where there is one already."""

    section: str
    question: str
    answer: str = ""


@dataclass(frozen=True)
class _File:
    """The file `answering.toml`."""

    questions: tuple[SampleQuestion, ...]


#: What is asked, and what is answered.
QUESTIONS: Final = read_beside(_File, __file__).questions


def receive(area: Area, actor: Actor) -> None:
    """One person opens most packs in their inboxes, acknowledges most of those, and asks about some of the others.

    About the first two they ask in any case: something that the school answers, and something that it has not answered.
    An exams office downloads its whole list as a table, so that some packs are given out that nobody has opened.
    """
    for team in receiving_teams(actor):
        asks = "learning_support" in team.purposes  # one of a provider's teams asks, not all of them
        takes_table = team.purposes == {"exams"}
        acknowledged: list[UUID] = []
        rows = inbox(db=area.db, actor=actor, team_id=team.id)
        to_ask = [True, False] if asks else []  # whether what is asked has an answer
        for row in rows:
            # The same dice for every team of a provider, so that most packs are with all of them or with none.
            dice = random.Random(row.transfer_id.int)  # noqa: S311  # which invented pack is opened
            if not to_ask and (dice.random() > 0.8 or (takes_table and row is rows[-1])):
                continue
            received = open_transfer(db=area.db, actor=actor, transfer_id=row.transfer_id, team_id=team.id)
            readable = {name for opening in received.openings.values() for name in opening.answers}
            askable = [question for question in QUESTIONS if question.section in readable]
            first = [question for question in askable if to_ask and bool(question.answer) == to_ask[0]]
            if not first and dice.random() < 0.78:
                acknowledged.append(row.transfer_id)
            elif asks and askable:
                question = dice.choice(first or askable)
                to_ask = to_ask[1:] if first else to_ask
                asking.ask(
                    db=area.db,
                    actor=actor,
                    transfer_id=row.transfer_id,
                    text=question.question,
                    section=question.section,
                    team_id=team.id,
                )
        if acknowledged:
            acknowledge(db=area.db, actor=actor, transfer_ids=acknowledged, team_id=team.id)
        if takes_table:
            export_csv(db=area.db, actor=actor, team_id=team.id)


def reply(area: Area, school: str) -> None:
    """A school answers the questions it has an answer to."""
    replies = {question.question: question.answer for question in QUESTIONS if question.answer}
    actor = area.actor(school, "transition")
    if actor is None:
        return
    for query in threads.queries(db=area.db, actor=actor):
        if query.closed_at is None and (answer := replies.get(query.messages[-1].text)):
            asking.reply(db=area.db, actor=actor, query_id=query.id, text=answer)


def close_answered(area: Area, actor: Actor) -> None:
    """Providers close every second question that was answered."""
    answered = [
        query
        for query in threads.queries(db=area.db, actor=actor)
        if query.closed_at is None and query.messages[0].own and not query.messages[-1].own
    ]
    for query in answered[::2]:
        asking.close(db=area.db, actor=actor, query_id=query.id)
