"""A school's list of learners, with what is missing in each form and how each record's transfers stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import ledgers, names
from transition_exchange.exchange.records.ledger_memory import card_for
from transition_exchange.exchange.records.left_school import LeftSchool, left_school
from transition_exchange.exchange.records.open_questions import state_for, waiting_for
from transition_exchange.exchange.records.opened_versions import state_of_newest, unopened
from transition_exchange.exchange.records.signed_rows import ELSEWHERE, SignedRows, surpassed
from transition_exchange.exchange.records.since_sent import on_card
from transition_exchange.exchange.records.standings import recalled_in_chain, standing_of
from transition_exchange.exchange.records.traces import traces_at
from transition_exchange.exchange.records.ungranted_receipts import receipts_without_grant
from transition_exchange.exchange.records.withdrawals import answered_at
from transition_exchange.exchange.states import DISPUTED
from transition_exchange.proforma.cards import on_day
from transition_exchange.sealing.transfers import RECALLED, SENT
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record, Transfer


@dataclass(frozen=True)
class LearnerRow:
    """A learner on their school's list.

    Attributes:
        content: the fields of the card: names, date of birth, what is missing, destinations.
        complete: whether nothing is missing of what everybody is asked.
        gaps: how many answers are missing.
        safeguarding_released: whether a safeguarding team signed that it released its sections, and has not taken the
            answer back since.
        safeguarding_taken_back: when it took the answer back; None if it did not, or has answered anew since.
        safeguarding_doubtful: whether the database names a release of the safeguarding team, and the team signed none;
            or a receipt says that a team of a provider has one that it was not granted.
        transfers: the states of the record's transfers that were not recalled; `states.DISPUTED` for one that the log
            says was taken back, though the row does not and the school signed that it was sent, for one of which the
            school did not sign that it was sent or signed another provider, for one with a receipt of a version that no
            team was granted, and for one of which the statement or the whole row is gone, as `records.traces` tells.
        uncertain: whether it is not certain of a provider whether it has the record at all.
        changed: whether the form was changed since it was sent, and a provider that has the record is to get that. One
            that is held back from it is not, until the form changes again.
        held_back: whether a provider that has the record is left with the version before on purpose, and that decision
            is about the form as it is now.
        not_saved: how many answers are typed and not saved. None of them counts as missing or as there.
        taken_back: whether it was sent, and taken back from everybody.
        safeguarding_taken_back: when the safeguarding team took its answer back; None if it did not, or has answered
            again since.
    """

    record_id: UUID
    leaving_year: int
    content: Mapping[str, Any] = field(repr=False)
    complete: bool
    gaps: int
    safeguarding_released: bool
    safeguarding_doubtful: bool
    transfers: tuple[str, ...]
    changed_at: datetime
    uncertain: bool = False
    changed: bool = False
    held_back: bool = False
    not_saved: int = 0
    taken_back: bool = False
    safeguarding_taken_back: datetime | None = None

    @property
    def left(self) -> LeftSchool | None:
        """That the learner is not at the school any more; None while they are, or if the team's card may not say it."""
        return left_school(self.content)


def learners(
    *,
    db: Database,
    actor: Actor,
    purpose: str = "transition",
    leaving_year: int | None = None,
    today: date | None = None,
) -> list[LearnerRow]:
    """The learners of the actor's school, by name.

    Args:
        db: the database.
        actor: who asks.
        purpose: the team whose list it is, `transition` or `safeguarding`.
        leaving_year: the year in which they leave; None for all years.
        today: the day for which gaps are counted; None for the real one.

    Raises:
        NotAllowed: the actor is in no such team.
    """
    today = today or school_calendar.today()
    ledger = ledgers.refreshed(db=db, actor=actor, team=actor.require(purpose))
    opened = ledger.cards
    with db.read() as session:
        query = select(Record).where(Record.organisation_id == actor.organisation_id)
        if leaving_year is not None:
            query = query.where(Record.leaving_year == leaving_year)
        records = session.scalars(query).all()
        of_school = Record.organisation_id == actor.organisation_id
        trust = trust_of(session, actor)
        signed_rows = SignedRows(session, trust, ledger.checked)
        versions, _, said = answered_at(
            signed_rows, school_id=actor.organisation_id, owner="school_safeguarding"
        )
        released = said.newest.keys()
        states: dict[UUID, list[str]] = {}
        doubtful = receipts_without_grant(session, school_id=actor.organisation_id)
        contradicted = _disputed(session, actor, trust)
        disputed = contradicted | doubtful.get("transition", frozenset())
        unsure = {row.record_id for row in versions} - released - said.taken_back.keys()
        left = traces_at(session, trust=trust, signed_rows=signed_rows, school_id=actor.organisation_id)
        lost = {trace.record_id for trace in left if trace.follows == "lost"}
        replaced = {trace.transfer_id for trace in left if trace.follows == "replaced"}
        uncertain = set(lost)
        holding: defaultdict[UUID, set[UUID]] = defaultdict(set)
        taken_back: set[UUID] = set()
        transfers, told = signed_rows.transfers(of_school)
        asked = waiting_for(session, school_id=actor.organisation_id, owner=purpose)
        nobody_opened = unopened(session, of_school, owner=purpose)
        over = replaced | surpassed(transfers, told)
        for row in transfers:
            if row.state == RECALLED or row.id in over:
                taken_back.add(row.record_id)
                continue
            holding[row.record_id].add(row.provider_id)
            certain = told.signed.get(row.id) == SENT and row.id not in disputed
            state = state_of_newest(state_for(row.state, row.id, asked), row.id, nobody_opened)
            states.setdefault(row.record_id, []).append(state if certain else DISPUTED)
            if row.id in contradicted or row.id not in told or told.signed.get(row.id) == ELSEWHERE:
                uncertain.add(row.record_id)
            if row.id in doubtful.get("school_safeguarding", ()):
                unsure.add(row.record_id)
        for record_id in lost:
            if DISPUTED not in states.setdefault(record_id, []):
                states[record_id].append(DISPUTED)
        rows = [
            LearnerRow(
                record_id=record.id,
                leaving_year=record.leaving_year,
                content=content,
                complete=bool(content.get("complete", record.complete))
                if purpose == "transition"
                else record.complete,
                gaps=len(content.get("gaps", ())),
                safeguarding_released=record.id in released,
                safeguarding_doubtful=record.id in unsure,
                transfers=tuple(sorted(states.get(record.id, ()))),
                changed_at=record.changed_at,
                uncertain=record.id in uncertain,
                changed=bool((since := on_card(card.content)).lack(holding[record.id]))
                and not (purpose == "school_safeguarding" and record.id in said.taken_back),
                held_back=bool(since.held_back & holding[record.id]),
                not_saved=_not_saved(card.content),
                taken_back=record.id in taken_back and not states.get(record.id),
                safeguarding_taken_back=said.taken_back.get(record.id),
            )
            for record in records
            if (card := card_for(opened, record.id, school_id=record.organisation_id)) is not None
            and (content := on_day(card.content, today)) is not None
        ]
    return sorted(rows, key=lambda row: (names.name_order(row.content), row.record_id))


def _not_saved(content: Mapping[str, Any]) -> int:
    """How many answers are typed and not saved, as the transition team's card tells."""
    number = content.get("not_saved")
    return number if isinstance(number, int) else 0


def _disputed(session: Session, actor: Actor, trust: Trust) -> frozenset[UUID]:
    """The transfers that the school's log says were taken back, while the row and the signed statement do not.

    Only those of which it says so, and others of the same records, are looked at one by one. Of what was taken back,
    the row says so too.
    """
    recalls = recalled_in_chain(session, actor.organisation_id)
    if not recalls:
        return frozenset()
    named: set[UUID] = set()
    for event in chain.from_iterable(recalls.values()):
        with suppress(ValueError):  # it names no record
            named.add(UUID(str(event.about.get("record"))))
    contradicted = session.execute(
        select(Transfer, Record)
        .join(Record, Record.id == Transfer.record_id)
        .where(or_(Transfer.id.in_(recalls), Record.id.in_(named)), Transfer.state != RECALLED)
    )
    return frozenset(
        transfer.id
        for transfer, record in contradicted
        if standing_of(session, trust=trust, record=record, transfer=transfer, recalls=recalls).told
        == "disputed"
    )
