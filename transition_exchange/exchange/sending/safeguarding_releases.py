"""Releasing the safeguarding team's sections for many learners, a few records at a time.

The progress is not stored. The person's form carries the learners that they picked, and the records show what is done.
So it does no harm to send a step twice, or to stop half-way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from transition_exchange.english import listed
from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Conflict, NotFound, NotReady, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import ledgers, standings
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.delivered import delivered
from transition_exchange.exchange.sending.plans import ReleasePlan
from transition_exchange.exchange.sending.send import send
from transition_exchange.exchange.states import SAFEGUARDING_GIVEN
from transition_exchange.exchange.steps import Step, take
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.saving import save_sections
from transition_exchange.packs.rendering import Renderer, RenderingFailed
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record, Transfer

OWNER = "school_safeguarding"
LEAD = ("lead_name", "lead_phone", "lead_email")
"""The questions about the safeguarding lead. They are the same for every learner of a school."""
STEP = 5
"""How many records one step takes. It takes a few seconds to render and seal them."""

AGAIN = "Your part goes there once your school’s transition team has sent the record there again."
NOTHING_SENT = "Nothing was sent: no provider that has the learner’s pack lacks this version."

Work = Literal["answer", "follow"]
"""What a step does with each record.

`answer` writes how each learner was marked and releases it with whatever else is written; `follow` sends what was
released to the providers that got the record later.
"""

Mark = Literal["yes", "no", "not_disclosed"]
"""How the safeguarding lead marks a learner: as the form's own question whether there is a file is answered."""

NOT_SAVED = "Something was typed here that is not saved yet. Open it, and put it right or throw it away."


def step(
    *,
    db: Database,
    actor: Actor,
    renderer: Renderer,
    work: Work,
    record_ids: Sequence[UUID],
    marks: Mapping[UUID, Mark] | None = None,
    lead: Mapping[str, Any] | None = None,
    limit: int = STEP,
    today: date | None = None,
) -> Step:
    """Take the next few records. Each is a transaction of its own.

    However a learner is marked, the same rows are written, in pieces of the same size, with the same kinds of events.

    Args:
        renderer: makes the PDFs.
        work: what to do with each record.
        record_ids: the records that are still to be done, in order.
        marks: for `answer`, how each learner is marked.
        lead: for `answer`, the school's safeguarding lead: `lead_name`, `lead_phone` and perhaps `lead_email`.
        limit: how many records to take.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
        NotReady: the team itself cannot send yet.
        NotFound: a record is unknown or belongs to another school, or is not marked.
        Tampered: as `open_draft`.
    """
    actor.require(OWNER)
    day = today or school_calendar.today()

    def act(record_id: UUID) -> str:
        try:
            if work == "answer":
                mark = (marks or {}).get(record_id)
                if mark is None:
                    raise NotFound
                why = _write(db=db, actor=actor, record_id=record_id, mark=mark, lead=lead or {}, today=day)
                if why:
                    return why
            return _send(db=db, actor=actor, renderer=renderer, work=work, record_id=record_id, today=day)
        except Conflict as error:
            return f"{error.message} Open it and check it again."
        except (Refused, RenderingFailed) as error:
            return str(error)

    return take(record_ids, limit=limit, act=act)


def _send(*, db: Database, actor: Actor, renderer: Renderer, work: Work, record_id: UUID, today: date) -> str:
    """Send what one record is to have sent. Returns why it was skipped; empty if it was not."""
    planned = planning.plan(db=db, actor=actor, record_id=record_id, owner=OWNER, today=today)
    if planned.own_problem:
        raise NotReady(planned.own_problem)
    if work == "follow" and planned.changed:
        return "It has changed since it was last released. Open it, check it and release it."
    if not planned.changed and not any(provider.goes for provider in planned.providers):
        return _not_ready(planned) or (NOTHING_SENT if work == "follow" else "")
    send(
        db=db,
        actor=actor,
        renderer=renderer,
        record_id=record_id,
        seen=planned.seen,
        owner=OWNER,
        today=today,
    )
    return _not_ready(planned)


def _not_ready(planned: ReleasePlan) -> str:
    """Why some providers could not get a record that they should get; empty if there are none."""
    waiting = [
        f"{provider.dispute} {provider.problem}".strip()
        for provider in planned.providers
        if provider.state == "not_ready"
    ]
    return " ".join(waiting + [f"{place.why} {AGAIN}" for place in planned.lost])


def _write(
    *,
    db: Database,
    actor: Actor,
    record_id: UUID,
    mark: Mark,
    lead: Mapping[str, Any],
    today: date,
) -> str:
    """Write how a learner is marked into a draft that says nothing else. Returns why it was skipped, or nothing.

    What stands there already stays. All is stored again even if it says so already.
    """
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=OWNER)
    if draft.resting.answers:
        return NOT_SAVED
    written = draft.answers["safeguarding"]
    if written.get("file_exists", mark) != mark or (mark == "no" and not says_nothing_else(draft)):
        return _already(draft, actor)
    answers = {"file_exists": mark, **{name: value for name, value in lead.items() if value}}
    missing = {name: value for name, value in answers.items() if name not in written}
    saved = save_sections(
        db=db,
        actor=actor,
        draft=draft,
        raw={"safeguarding": {**written, **missing}},
        always=True,
        today=today,
    )
    return " ".join(finding.message for finding in saved.errors)


def says_nothing_else(draft: Draft) -> bool:
    """Whether a safeguarding draft holds nothing that contradicts "nothing to pass on"."""
    written = dict(draft.answers.get("safeguarding", {}))
    contact = {"lead_name", "lead_phone", "lead_email", "_reasons", "_attached"}
    if written.pop("file_exists", "no") != "no" or set(written) - contact - {"youth_justice"}:
        return False
    return not written.get("youth_justice") and not draft.answers.get("day_one_safety")


def _already(draft: Draft, actor: Actor) -> str:
    """Who has written what in a safeguarding draft that speaks against a mark: the answer, or to which questions."""
    said = draft.answers.get("safeguarding", {}).get("file_exists")
    beside = {f"safeguarding.{name}" for name in ("file_exists", *LEAD)}
    labels = [
        f"“{question.label}”"
        for question in draft.version.questions
        if draft.answers.get(question.section, {}).get(question.name) not in (None, "", [], False)
        and question.path not in beside
    ]
    wrote = [f"answered “{SAFEGUARDING_GIVEN[str(said)].words}”"] if said in SAFEGUARDING_GIVEN else []
    if said in (None, "no") and labels:
        wrote.append(f"written something under {listed(labels)}")
    writers = {draft.resting.writers.get(section) for section, values in draft.answers.items() if values}
    who = "You have" if writers == {actor.principal_id} else "Your team has"
    return f"{who} already {listed(wrote) or 'written something else'} here. Open it and check it."


def to_follow(*, db: Database, actor: Actor) -> tuple[UUID, ...]:
    """The records whose released safeguarding sections are still to follow to a provider, in the order they were added.

    The provider has its pack by a transfer that the school signed, and one of its teams that reads something of the
    sections was not granted the newest version: it got the pack later, the team was added later, or what the team
    signed is gone. Receipts do not count. Where it is not certain whether the provider still has the
    record, it is among them too, and `step` says why nothing follows. A transfer of which the signed statement is gone
    is not: the list says of it that it is not certain.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
    """
    team = actor.require(OWNER)
    checked = ledgers.refreshed(db=db, actor=actor, team=team).checked
    with db.read() as session:
        trust = trust_of(session, actor)
        newest, went_out = delivered(
            session, trust=trust, checked=checked, school_id=actor.organisation_id, owner=OWNER
        )
        transfers = session.execute(
            select(Transfer.id, Transfer.record_id)
            .join(Record, Record.id == Transfer.record_id)
            .where(Record.organisation_id == actor.organisation_id)
        )
        without: dict[UUID, set[UUID]] = {}
        for transfer in transfers:
            version_id = newest.get(transfer.record_id)
            if version_id is not None and (transfer.id, version_id) not in went_out:
                without.setdefault(transfer.record_id, set()).add(transfer.id)
        if not without:
            return ()
        recalls = standings.recalled_in_chain(session, actor.organisation_id)
        own = (
            select(Record).where(Record.organisation_id == actor.organisation_id).order_by(Record.created_at)
        )
        records = [record for record in session.scalars(own) if record.id in without]
        return tuple(
            record.id
            for record in records
            if any(
                standing.counts and standing.transfer.id in without[record.id]
                for standing in standings.standings(session, trust=trust, record=record, recalls=recalls)
            )
        )
