"""What happens after sending in the sample: packs opened, taken on, asked about, changed and taken back."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange import queries, recalling
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.receipts import acknowledge, receiving_teams
from transition_exchange.exchange.receiving import inbox, open_transfer
from transition_exchange.packs.rendering import Renderer
from transition_exchange.store.models import Transfer

from .accounts import Area
from .learners import SampleLearner
from .organisations import ORGANISATIONS

Progress = Callable[[str, int, int], None]

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
    (
        "ehc_plan",
        "We have been consulted for September. Could you send section F as amended, please?",
        "",
    ),
)


def answer(
    area: Area,
    renderer: Renderer,
    sent: list[tuple[SampleLearner, UUID]],
    *,
    rng: random.Random,
    today: date,
    progress: Progress,
) -> None:
    """Let providers open, take on and ask; let schools answer, change and take back."""
    receivers = [each for each in ORGANISATIONS if each.receives]
    for done, organisation in enumerate(receivers, start=1):
        for actor in area.actors_of(organisation.key):
            _receive(area, actor, rng)
        progress("Providers open", done, len(receivers))
    _reply(area, sent)
    changed = sent[3::24]
    for done, (learner, record_id) in enumerate(changed, start=1):
        _change(area, renderer, learner, record_id, today)
        progress("Schools put right", done, len(changed))
    for learner, record_id in sent[5::37]:
        _take_back(area, learner, record_id)


def _receive(area: Area, actor: Actor, rng: random.Random) -> None:
    """One person's inboxes: most packs are opened, most of those are taken on, about some there is a question."""
    for team in receiving_teams(actor):
        opened: list[UUID] = []
        for row in inbox(db=area.db, actor=actor, team_id=team.id):
            # The same dice for every team of a provider, so that most packs are with all of them or with none.
            dice = random.Random(f"{row.record_id.int % 97}")  # noqa: S311
            if dice.random() > 0.85:
                continue
            open_transfer(db=area.db, actor=actor, transfer_id=row.transfer_id, team_id=team.id)
            if dice.random() < 0.75:
                opened.append(row.transfer_id)
            elif rng.random() < 0.6:
                section, question, _ = rng.choice(_QUESTIONS)
                queries.ask(
                    db=area.db,
                    actor=actor,
                    transfer_id=row.transfer_id,
                    text=question,
                    section=section,
                    team_id=team.id,
                )
        if opened:
            acknowledge(db=area.db, actor=actor, transfer_ids=opened, team_id=team.id)


def _reply(area: Area, sent: list[tuple[SampleLearner, UUID]]) -> None:
    """Schools answer the questions they have an answer to."""
    replies = {question: reply for _, question, reply in _QUESTIONS if reply}
    for key in dict.fromkeys(learner.school.key for learner, _ in sent):
        actor = area.actor(key, "transition")
        if actor is None:
            continue
        for query in queries.queries(db=area.db, actor=actor):
            if query.closed_at is None and (reply := replies.get(query.messages[0].text)):
                queries.reply(db=area.db, actor=actor, query_id=query.id, text=reply)


def _change(area: Area, renderer: Renderer, learner: SampleLearner, record_id: UUID, today: date) -> None:
    """The school puts something right after sending, and sends again."""
    from .area import send_one, write

    contacts = learner.answers["contacts"]
    rows = [dict(row) for row in contacts["contacts"]]
    rows[0]["phone"] = "07700 900999"
    write(area, learner, record_id, {"contacts": {**contacts, "contacts": rows}}, today=today)
    send_one(area, renderer, learner, record_id, owner="transition", today=today)


def _take_back(area: Area, learner: SampleLearner, record_id: UUID) -> None:
    """The school takes a pack back."""
    actor = area.actor(learner.school.key, "transition")
    with area.db.read() as session:
        transfer = session.scalar(
            select(Transfer).where(Transfer.record_id == record_id, Transfer.state != "recalled")
        )
    if actor is not None and transfer is not None:
        recalling.recall(db=area.db, actor=actor, record_id=record_id, transfer_id=transfer.id)
