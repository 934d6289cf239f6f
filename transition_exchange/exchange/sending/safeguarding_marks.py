"""The safeguarding team's answers for many learners: a mark for each, and one act that sends them together.

Whatever a learner is marked, the same happens: the draft is saved, a version is released and sent, all with the same
rows, events, sizes and times. First all of a step are saved, then all are sealed, then all are stored, and in the order
of their ids. So neither the order nor how long it took to make a PDF tells a thief which mark a learner got.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotFound, NotReady, Refused, Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.plans import ReleasePlan
from transition_exchange.exchange.sending.safeguarding_written import (
    CONTACT,
    FILE_EXISTS,
    OWNER,
    SECTION,
    Mark,
    Written,
    earlier_answer,
    written_for,
    written_in,
)
from transition_exchange.exchange.sending.send import Prepared, prepare, store_prepared
from transition_exchange.exchange.steps import Left, Step
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.learner_list import LearnerRow, learners
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import save_sections
from transition_exchange.packs.rendering import Renderer, RenderingFailed
from transition_exchange.store.database import Database

STEP = 5
"""How many learners one step takes. It takes a few seconds to render and seal their packs."""

AGAIN = "Your part goes there once your school’s transition team has sent the record there again."
CHANGED = "Something about this learner has changed since you confirmed. Look at the list again, then answer."
SINCE = "Another answer was released for this learner since. Open it and check it."
ELSE = "Somebody has already written something else here. Open it and check it."


@dataclass(frozen=True)
class Marked:
    """A learner with the mark that was chosen.

    Attributes:
        seen: `shown` of the page on which it was confirmed.
    """

    record_id: UUID
    mark: Mark
    seen: str = ""


def shown(row: LearnerRow, mark: Mark, written: Written) -> str:
    """A digest of what a page shows of a learner and their mark, so that nothing else is sent than was confirmed.

    Args:
        row: the learner's line of the list.
        mark: the mark.
        written: what is written for them. What speaks against “nothing” counts where that is what is confirmed.
    """
    against = written.against if mark == "nothing" else ()
    born = row.content.get("date_of_birth")
    told = [str(row.record_id), mark, display_name(row.content), str(born), *against]
    return sha256("\n".join(told).encode()).hexdigest()[:32]


def answer(
    *,
    db: Database,
    actor: Actor,
    renderer: Renderer,
    marked: Sequence[Marked],
    lead: Mapping[str, Any],
    limit: int = STEP,
    today: date | None = None,
) -> Step:
    """Write, release and send the answers for the next few learners. Each is stored by itself, or not at all.

    The order is that of their ids, whatever order they come in. To send a step twice or to stop half-way does no harm.

    Args:
        renderer: makes the PDFs.
        marked: the learners who are still to be done.
        lead: the safeguarding lead: `lead_name`, `lead_phone` and perhaps `lead_email`. A contact that a form names
            already stays.
        limit: how many learners to take.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
        NotFound: a record is unknown or belongs to another school.
    """
    actor.require(OWNER)
    in_order = sorted(marked, key=lambda one: one.record_id)
    taken, later = in_order[:limit], in_order[limit:]
    work = _Work(
        db=db,
        actor=actor,
        renderer=renderer,
        lead={name: value for name, value in lead.items() if name in CONTACT and value},
        today=today or school_calendar.today(),
        now=datetime.now(UTC),
        why={},
    )
    drafts = work.each(work.allowed(taken), work.write)
    prepared = work.each(drafts, work.prepare)
    work.each(prepared, work.store)
    left = [Left(one.record_id, why) for one in taken if (why := work.why.get(one.record_id))]
    skipped = {one.record_id for one in left}
    return Step(
        done=tuple(one.record_id for one in taken if one.record_id not in skipped),
        left=tuple(left),
        remaining=tuple(one.record_id for one in later),
    )


@dataclass(frozen=True)
class _Work:
    """One step.

    Attributes:
        now: the time that everything in the step bears.
        why: why a learner was left alone, or what is to be told about them, by record.
    """

    db: Database
    actor: Actor
    renderer: Renderer
    lead: Mapping[str, Any]
    today: date
    now: datetime
    why: dict[UUID, str]

    def each(self, some: Mapping[Marked, Any], act: Any) -> dict[Marked, Any]:
        """Do one thing for some learners, and go on without those for whom it is refused."""
        made = {}
        for one, given in some.items():
            try:
                made[one] = act(one, given)
            except Conflict as error:
                self.why[one.record_id] = f"{error.message} Open it and check it again."
            except (Refused, NotReady, RenderingFailed, Tampered) as error:
                self.why[one.record_id] = str(error)
        return made

    def allowed(self, taken: Sequence[Marked]) -> dict[Marked, None]:
        """The learners who may be answered for: those as they were confirmed, and not answered for yet."""
        rows = {row.record_id: row for row in learners(db=self.db, actor=self.actor, purpose=OWNER)}
        if any(one.record_id not in rows for one in taken):
            raise NotFound
        open_ones = [one for one in taken if not rows[one.record_id].safeguarding_released]
        written = written_for(
            db=self.db,
            actor=self.actor,
            record_ids=[one.record_id for one in open_ones],
            taken_back=[
                one.record_id for one in open_ones if rows[one.record_id].safeguarding_taken_back is not None
            ],
        )
        for one in taken:
            if one not in open_ones:
                self.why[one.record_id] = "" if self._says_so(one) else SINCE
            elif shown(rows[one.record_id], one.mark, written[one.record_id]) != one.seen:
                self.why[one.record_id] = CHANGED
            elif one.mark == "nothing" and written[one.record_id].excludes_nothing:
                self.why[one.record_id] = ELSE
        return {one: None for one in open_ones if one.record_id not in self.why}

    def _says_so(self, one: Marked) -> bool:
        """Whether the newest version says what a learner is marked, as after a step that was sent twice."""
        with self.db.read() as session:
            record = own_record(session, self.actor, one.record_id)
            trust = trust_of(session, self.actor)
            said = earlier_answer(session, actor=self.actor, trust=trust, record=record)
        return said is not None and said.mark == one.mark

    def write(self, one: Marked, _: None) -> Draft:
        """Save the answer in the draft, and the lead's contact where there is none; the rest stays as it is."""
        draft = open_draft(db=self.db, actor=self.actor, record_id=one.record_id, owner=OWNER)
        if one.mark == "nothing" and written_in(draft.answers, unsaved=bool(draft.resting.answers)).against:
            raise Refused(ELSE)
        before = dict(draft.answers[SECTION])
        contact = {name: value for name, value in self.lead.items() if name not in before}
        for beside in ("_reasons", "_attached"):  # what is answered now needs no reason any more
            if beside in before:
                kept = {
                    name: value
                    for name, value in before[beside].items()
                    if name != "file_exists" and name not in contact
                }
                before = {**before, beside: kept}
        saved = save_sections(
            db=self.db,
            actor=self.actor,
            draft=draft,
            raw={SECTION: {**before, **contact, "file_exists": FILE_EXISTS[one.mark]}},
            today=self.today,
            always=True,
            now=self.now,
        )
        if saved.errors:
            raise Refused(" ".join(finding.message for finding in saved.errors))
        return saved.draft

    def prepare(self, one: Marked, draft: Draft) -> Prepared:
        """Seal a version of the draft for whoever gets it."""
        planned = planning.plan(
            db=self.db, actor=self.actor, record_id=one.record_id, owner=OWNER, today=self.today, draft=draft
        )
        return prepare(
            db=self.db,
            actor=self.actor,
            renderer=self.renderer,
            planned=planned,
            today=self.today,
            now=self.now,
        )

    def store(self, one: Marked, prepared: Prepared) -> None:
        """Store it, and say where it could not go."""
        store_prepared(db=self.db, actor=self.actor, prepared=prepared)
        if why := not_everywhere(prepared.planned):
            self.why[one.record_id] = why


def not_everywhere(planned: ReleasePlan) -> str:
    """Why some providers could not get a record that they should get; empty if there are none."""
    waiting = [
        f"{provider.dispute} {provider.problem}".strip()
        for provider in planned.providers
        if provider.state == "not_ready"
    ]
    return " ".join(waiting + [f"{place.why} {AGAIN}" for place in planned.lost])
