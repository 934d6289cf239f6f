"""What schools of the sample do once packs are out: change an answer, hold a version back, take something back, leave
something unsaved, and tell that somebody has left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.sending import planning, recalling, standing_answers, taking_back
from transition_exchange.exchange.sending.send import send as send_record
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.page_saving import TypedPage, digest, save_page
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma import newest
from transition_exchange.sample.area.accounts import Area
from transition_exchange.sample.area.writing import send, sender_of, write
from transition_exchange.sample.young_people.learners import SampleLearner
from transition_exchange.store.models import Transfer

Sent = tuple[SampleLearner, UUID]
"""A learner whose pack was sent, and their record's id."""
SentNumber = tuple[int, UUID]
"""The same by the learner's number, as processes hand it on."""
SAFEGUARDING: Final = "school_safeguarding"
AT_A_PROVIDER: Final = ("put_right", "take_back", "take_answer_back")
"""What is done with learners of a provider's list, one after another. Those who show something else are left alone."""
AT_A_SCHOOL: Final = ("leave", "change", "hold_back", "rest")
"""What is done with learners of a school's list, one after another, those in this year's version first."""
SHOWING_ELSE: Final = frozenset({"day_one", "nothing_to_pass_on", "not_answered"})
"""Flags of learners who show something already."""


def chosen(everybody: Sequence[SampleLearner], sent: Sequence[SentNumber]) -> list[tuple[str, SentNumber]]:
    """What is done with whom, so that each list of a provider or a school shows every case, if it is long enough.

    Args:
        everybody: the learners.
        sent: those whose pack went out, by number.
    """
    by_number = {learner.number: learner for learner in everybody}
    at_provider: defaultdict[str, list[SentNumber]] = defaultdict(list)
    at_school: defaultdict[str, list[SentNumber]] = defaultdict(list)
    for pack in sent:
        learner = by_number[pack[0]]
        at_provider[provider_of(learner)].append(pack)
        at_school[learner.school.key].append(pack)
    found: dict[SentNumber, str] = {}
    for packs in at_provider.values():
        plain = [pack for pack in packs if not by_number[pack[0]].flags & SHOWING_ELSE]
        plain.sort(
            key=lambda pack: "example" not in by_number[pack[0]].flags
        )  # they are in this year's version
        found |= dict(zip(plain, AT_A_PROVIDER, strict=False))
    for packs in at_school.values():
        left = [pack for pack in packs if pack not in found and not by_number[pack[0]].flags & SHOWING_ELSE]
        left.sort(key=lambda pack: by_number[pack[0]].version != newest())
        found |= dict(zip(left, AT_A_SCHOOL, strict=False))
    return [(what, pack) for pack, what in sorted(found.items())]


def provider_of(learner: SampleLearner) -> str:
    """The id of the provider whose place a learner has accepted."""
    return next(
        str(row["organisation"])
        for row in learner.destinations
        if row.get("status") in ("accepted", "enrolled")
    )


def do(what: str, area: Area, sent: Sent, *, renderer: Renderer, today: date) -> None:
    """Do what `chosen` names."""
    _DONE_BY[what](area, sent, renderer, today)


def _put_right(area: Area, sent: Sent, renderer: Renderer, today: date) -> None:
    """The school corrects a phone number after sending, and sends again."""
    _change(area, sent, renderer, today)
    send(area, *sent, renderer=renderer, owner="transition", today=today)


def _change(area: Area, sent: Sent, renderer: Renderer, today: date) -> None:
    """The school corrects a phone number, and has not sent it yet."""
    learner, record_id = sent
    contacts = learner.answers["contacts"]
    rows = [dict(row) for row in contacts["contacts"]]
    rows[0]["phone"] = "07700 900999"
    corrected = {"contacts": {**contacts, "contacts": rows}}
    write(area, learner, record_id, answers=corrected, owner="transition", today=today)


def _hold_back(area: Area, sent: Sent, renderer: Renderer, today: date) -> None:
    """The school changes something, and leaves the provider with the version that it has."""
    _change(area, sent, renderer, today)
    learner, record_id = sent
    actor = sender_of(area, learner)
    planned = planning.plan(db=area.db, actor=actor, record_id=record_id, today=today)
    held = [provider.organisation_id for provider in planned.providers if provider.may_be_held_back]
    send_record(
        db=area.db,
        actor=actor,
        renderer=renderer,
        record_id=record_id,
        seen=planned.seen,
        hold=held,
        reasons=dict.fromkeys(held, "The family checks the new number first."),
        today=today,
    )


def _leave(area: Area, sent: Sent, renderer: Renderer, today: date) -> None:
    """The learner leaves the school. Forms of last year do not ask for it."""
    learner, record_id = sent
    if learner.version != newest():
        return
    answers = {"leaving": {"left_school": "left", "left_on": today.isoformat()}}
    write(area, learner, record_id, answers=answers, owner="transition", today=today)


def _rest(area: Area, sent: Sent, renderer: Renderer, today: date) -> None:
    """Somebody types a postcode that is none, and goes home."""
    learner, record_id = sent
    actor = sender_of(area, learner)
    draft = open_draft(db=area.db, actor=actor, record_id=record_id)
    saved: Mapping[str, Any] = draft.answers["enrolment"]
    typed = TypedPage(
        answers={"enrolment": {**saved, "postcode": "S6O 1"}},
        changed=frozenset({"enrolment.postcode"}),
        was={"enrolment.postcode": digest(saved, "postcode")},
    )
    save_page(db=area.db, actor=actor, draft=draft, typed=typed, today=today)


def _take_answer_back(area: Area, sent: Sent, renderer: Renderer, today: date) -> None:
    """The safeguarding lead answers, the provider's team opens it, and the lead takes the answer back."""
    learner, record_id = sent
    if "safeguarding" not in learner.safeguarding:
        return
    write(area, learner, record_id, answers=learner.safeguarding, owner=SAFEGUARDING, today=today)
    if not send(area, *sent, renderer=renderer, owner=SAFEGUARDING, today=today):
        return
    transfer_id, provider_id = _transfer(area, record_id)
    provider = next(key for key, id in area.organisation_ids.items() if UUID(id) == provider_id)
    if (reader := area.actor(provider, "safeguarding")) is None:
        return
    team = next(team for team in reader.teams if "safeguarding" in team.purposes)
    open_transfer(db=area.db, actor=reader, transfer_id=transfer_id, team_id=team.id)
    lead = sender_of(area, learner, SAFEGUARDING)
    answer = standing_answers.answer_of(db=area.db, actor=lead, record_id=record_id)
    taking_back.take_back(
        db=area.db,
        actor=lead,
        renderer=renderer,
        record_id=record_id,
        lead=answer.lead,
        seen=answer.seen,
        today=today,
    )


def _take_back(area: Area, sent: Sent, renderer: Renderer, today: date) -> None:
    """The school takes a pack back."""
    learner, record_id = sent
    transfer_id, _ = _transfer(area, record_id)
    recalling.recall(db=area.db, actor=sender_of(area, learner), record_id=record_id, transfer_id=transfer_id)


def _transfer(area: Area, record_id: UUID) -> tuple[UUID, UUID]:
    """The transfer of a record that is out, and its provider."""
    with area.db.read() as session:
        transfer = session.scalars(
            select(Transfer).where(Transfer.record_id == record_id, Transfer.state != "recalled")
        ).first()
    if transfer is None:
        raise RuntimeError("A sample pack that was sent is not there.")
    return transfer.id, transfer.provider_id


_DONE_BY: Final[Mapping[str, Callable[[Area, Sent, Renderer, date], None]]] = MappingProxyType(
    {
        "put_right": _put_right,
        "take_back": _take_back,
        "take_answer_back": _take_answer_back,
        "change": _change,
        "hold_back": _hold_back,
        "leave": _leave,
        "rest": _rest,
    }
)
