"""What happens after sending in the sample: packs opened, taken on, asked about, put right and taken back."""

from __future__ import annotations

import random
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange import queries, recalling
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.receipts import acknowledge, receiving_teams
from transition_exchange.exchange.receiving import inbox, open_transfer
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area.accounts import Area
from transition_exchange.sample.area.writing import send, sender_of, write
from transition_exchange.sample.young_people.learners import SampleLearner
from transition_exchange.store.models import Transfer

Sent = tuple[SampleLearner, UUID]

#: Section asked about, question, and the school's answer where there is one already.
_QUESTIONS: Final = (
    (
        "exams",
        "Is the original of the Form 8 with you, and could you post it? We want to apply before the November resits.",
        "It is. I will send it by tracked post on Monday, with the assessor's certificate.",
    ),
    (
        "support",
        "Who do we ring about moving the laptop, you or the council? We would like it here a week before the start.",
        "The council's equipment store; I have told them to expect you.",
    ),
    (
        "what_helps",
        "Thank you, this is really useful. Does it work better to have the break before or after lunch?",
        "Before, every time. After lunch a short walk is enough.",
    ),
    (
        "contacts",
        "The second phone number does not ring. Have you got another one?",
        "Mum has a new phone: I have put it right in the form and sent it again.",
    ),
    (
        "attendance",
        "Attendance looks different from what the interview notes say. Which is right, please?",
        "",
    ),
    ("ehc_plan", "We have been consulted for September. Could you send section F as amended, please?", ""),
)


def receive(area: Area, actor: Actor) -> None:
    """One person's inboxes: most packs are opened, most of those are taken on, about some there is a question."""
    for team in receiving_teams(actor):
        asks = "learning_support" in team.purposes  # one of a provider's teams asks, not all of them
        taken_on: list[UUID] = []
        for row in inbox(db=area.db, actor=actor, team_id=team.id):
            # The same dice for every team of a provider, so that most packs are with all of them or with none.
            dice = random.Random(row.transfer_id.int)  # noqa: S311  # which invented pack is opened
            if dice.random() > 0.8:
                continue
            received = open_transfer(db=area.db, actor=actor, transfer_id=row.transfer_id, team_id=team.id)
            readable = {name for opening in received.openings.values() for name in opening.answers}
            if dice.random() < 0.78:
                taken_on.append(row.transfer_id)
            elif (asked := [each for each in _QUESTIONS if each[0] in readable]) and asks:
                section, question, _ = dice.choice(asked)
                queries.ask(
                    db=area.db,
                    actor=actor,
                    transfer_id=row.transfer_id,
                    text=question,
                    section=section,
                    team_id=team.id,
                )
        if taken_on:
            acknowledge(db=area.db, actor=actor, transfer_ids=taken_on, team_id=team.id)


def reply(area: Area, school: str) -> None:
    """A school answers the questions it has an answer to."""
    replies = {question: answer for _, question, answer in _QUESTIONS if answer}
    actor = area.actor(school, "transition")
    if actor is None:
        return
    for query in queries.queries(db=area.db, actor=actor):
        if query.closed_at is None and (answer := replies.get(query.messages[-1].text)):
            queries.reply(db=area.db, actor=actor, query_id=query.id, text=answer)


def close_answered(area: Area, actor: Actor) -> None:
    """Providers close every second question that was answered."""
    answered = [
        query
        for query in queries.queries(db=area.db, actor=actor)
        if query.closed_at is None and query.messages[0].own and not query.messages[-1].own
    ]
    for query in answered[::2]:
        queries.close(db=area.db, actor=actor, query_id=query.id)


def put_right(area: Area, renderer: Renderer, sent: Sent, *, today: date) -> None:
    """The school corrects a phone number after sending, and sends again."""
    learner, record_id = sent
    contacts = learner.answers["contacts"]
    rows = [dict(row) for row in contacts["contacts"]]
    rows[0]["phone"] = "07700 900999"
    write(area, learner, record_id, {"contacts": {**contacts, "contacts": rows}}, today=today)
    send(area, renderer, learner, record_id, owner="transition", today=today)


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
