"""What happens after sending in the sample: packs opened, taken on, asked about, put right and taken back."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge, receiving_teams
from transition_exchange.exchange.sending import recalling
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area.accounts import Area
from transition_exchange.sample.area.writing import send, sender_of, write
from transition_exchange.sample.typed_toml import read_beside
from transition_exchange.sample.young_people.learners import SampleLearner
from transition_exchange.store.models import Transfer

Sent = tuple[SampleLearner, UUID]
"""A learner whose pack was sent, and their record's id."""


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

    An exams office downloads its whole list as a table, so that some packs are given out that nobody has opened.
    """
    for team in receiving_teams(actor):
        asks = "learning_support" in team.purposes  # one of a provider's teams asks, not all of them
        takes_table = team.purposes == {"exams"}
        acknowledged: list[UUID] = []
        rows = inbox(db=area.db, actor=actor, team_id=team.id)
        for row in rows:
            # The same dice for every team of a provider, so that most packs are with all of them or with none.
            dice = random.Random(row.transfer_id.int)  # noqa: S311  # which invented pack is opened
            if dice.random() > 0.8 or (takes_table and row is rows[-1]):
                continue
            received = open_transfer(db=area.db, actor=actor, transfer_id=row.transfer_id, team_id=team.id)
            readable = {name for opening in received.openings.values() for name in opening.answers}
            if dice.random() < 0.78:
                acknowledged.append(row.transfer_id)
            elif asks and (askable := [question for question in QUESTIONS if question.section in readable]):
                question = dice.choice(askable)
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


def put_right(area: Area, sent: Sent, *, renderer: Renderer, today: date) -> None:
    """The school corrects a phone number after sending, and sends again."""
    learner, record_id = sent
    contacts = learner.answers["contacts"]
    rows = [dict(row) for row in contacts["contacts"]]
    rows[0]["phone"] = "07700 900999"
    corrected = {"contacts": {**contacts, "contacts": rows}}
    write(area, learner, record_id, answers=corrected, owner="transition", today=today)
    send(area, learner, record_id, renderer=renderer, owner="transition", today=today)


def take_back(area: Area, sent: Sent) -> None:
    """The school takes a pack back."""
    learner, record_id = sent
    with area.db.read() as session:
        transfer = session.scalar(
            select(Transfer).where(Transfer.record_id == record_id, Transfer.state != "recalled")
        )
    if transfer is not None:
        recalling.recall(
            db=area.db, actor=sender_of(area, learner), record_id=record_id, transfer_id=transfer.id
        )
