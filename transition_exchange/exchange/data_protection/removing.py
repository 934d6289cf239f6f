"""Removing a learner who was added by mistake, while nothing of their record was ever sent.

What the safeguarding team released for such a learner has reached nobody. It is deleted with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.data_protection.ever_sent import Past, Sending, past_of
from transition_exchange.exchange.data_protection.retention import delete_records
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.writing import needed
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store import chain
from transition_exchange.store.database import Database
from transition_exchange.store.models import Attachment, Event, Part, Record

REMOVED_EVENT = "learner.removed"
"""The kind of the event that somebody removed a learner; its reason is a code of `REASONS`."""

REASONS = (
    ("twice", "They were added twice"),
    ("not_ours", "They are not a learner of our school, or are not leaving this year"),
    ("trial", "They were added to try this out"),
    ("other", "Another reason"),
)
"""Why a learner is removed. There is nothing to type: the log holds no personal data."""

WHY_NOT: Mapping[Sending, str] = {
    "sent": (
        "This learner’s record was sent, so the learner cannot be removed. If it should not have been sent, take it "
        "back."
    ),
    "taken_back": (
        "This learner’s record was sent and taken back. To whom it was sent and who opened it stays here until the day "
        "on which the record is deleted, so the learner cannot be removed."
    ),
    "released": "A version of this learner’s record was made ready for sending, so the learner cannot be removed.",
    "not_certain": (
        "It is not certain that nothing was sent for this learner: what is stored contradicts itself. So the learner "
        "cannot be removed. Look at what was sent, decide there, and tell the council’s NEET group."
    ),
    "unreadable": (
        "Something that is stored about this learner cannot be read, so nobody can tell whether the record was sent, "
        "and the learner cannot be removed. Tell the council’s NEET group."
    ),
}
"""Why a learner cannot be removed, and what to do instead."""

CHANGED = (
    "What is stored about this learner has changed since this page was opened, so nothing was removed. Somebody may "
    "have typed or attached something. Read the page again, then decide."
)
NO_REASON = "Choose why you remove this learner"
NOT_TOLD = "Tell your safeguarding team first, then tick that it knows"


@dataclass(frozen=True)
class Removal:
    """What would be deleted with a learner, as a page shows it.

    Attributes:
        why_not: what keeps the learner from being removed; None if nothing does.
        pages: how many of the transition team's pages have answers, saved or not. Name and school are not counted.
        documents: how many documents the transition team has attached.
        safeguarding_wrote: whether the safeguarding team has written something, or may have.
        safeguarding_released: whether it has released something, which nobody got.
        form: the name of the version of the form in which the record is written.
        seen: a digest of all this and of what is stored, which the action names.
    """

    why_not: Sending | None
    pages: int
    documents: int
    safeguarding_wrote: bool
    safeguarding_released: bool
    form: str
    seen: str


def removal(*, db: Database, actor: Actor, record_id: UUID) -> Removal:
    """What would be deleted with a learner of the actor's school, and whether they can be removed.

    Raises:
        NotAllowed: the actor is not in the transition team.
        NotFound: the record is unknown or belongs to another school.
        NotReady, Tampered: as `open_draft`.
    """
    actor.require("transition")
    # What is stored is looked at first: what comes while the draft is opened is then refused, and not deleted unseen.
    with db.read() as session:
        record = own_record(session, actor, record_id)
        past = past_of(session, actor=actor, trust=trust_of(session, actor), record=record)
        seen = _seen(session, record_id, past)
    draft = open_draft(db=db, actor=actor, record_id=record_id)
    return Removal(
        why_not=past.sending,
        pages=_pages(draft),
        documents=len(draft.attachments) + len(draft.uncertain_attachments),
        safeguarding_wrote=past.safeguarding_wrote or past.safeguarding_released,
        safeguarding_released=past.safeguarding_released,
        form=draft.version.name,
        seen=seen,
    )


def remove_learner(
    *, db: Database, actor: Actor, record_id: UUID, reason: str, knows: bool = False, seen: str
) -> None:
    """Delete a learner's record with all that belongs to it, the council's entry and the safeguarding team's part too.

    Args:
        db: the database.
        actor: who removes the learner.
        record_id: the record.
        reason: a code of `REASONS`.
        knows: whether the safeguarding team knows, which is needed where it has written something.
        seen: `Removal.seen` of the page on which it was decided.

    Raises:
        NotAllowed: the actor is not in the transition team.
        NotFound: the record is unknown, was removed before, or belongs to another school.
        Refused: something was sent or released, what is stored is not what the page showed, there is no reason, or the
            safeguarding team has written something and does not know. Nothing was deleted.
    """
    actor.require("transition")
    with db.write() as session:
        # Whoever saves or sends at the same moment waits here, or has done so already and is seen.
        session.execute(select(Record.id).where(Record.id == record_id).with_for_update())
        record = own_record(session, actor, record_id)
        past = past_of(session, actor=actor, trust=trust_of(session, actor), record=record)
        if past.sending is not None:
            raise Refused(WHY_NOT[past.sending])
        if _seen(session, record_id, past, lock=True) != seen:
            raise Refused(CHANGED)
        wrong = {} if reason in dict(REASONS) else {"reason": NO_REASON}
        if (past.safeguarding_wrote or past.safeguarding_released) and not knows:
            wrong["knows"] = NOT_TOLD
        if wrong:
            raise Refused("Nothing was removed.", wrong)
        session.expunge(record)
        delete_records(session, [record_id])
        actor.note(session, REMOVED_EVENT, record=record_id, reason=reason)


def was_removed(*, db: Database, actor: Actor, record_id: UUID) -> bool:
    """Whether the school's log says that a learner was removed, and there is no record of them."""
    with db.read() as session:
        if session.scalar(select(Record.id).where(Record.id == record_id)) is not None:
            return False
        about = Event.body.contains(str(record_id)) & Event.body.contains(f'"kind":"{REMOVED_EVENT}"')
        return any(
            action.kind == REMOVED_EVENT and action.about.get("record") == str(record_id)
            for action in chain.told(session, actor.organisation_id, about)
        )


def _seen(session: Session, record_id: UUID, past: Past, *, lock: bool = False) -> str:
    """A digest of what is stored of a record. Each save gives all parts of a draft new tags, whoever writes it.

    Args:
        past: what happened to it.
        lock: whether the rows stay locked until the transaction ends.
    """
    parts = select(Part.id, Part.tag).where(Part.record_id == record_id).order_by(Part.id)
    attached = select(Attachment.id, Attachment.removed_at).where(Attachment.record_id == record_id)
    rows = [*session.execute(parts.with_for_update() if lock else parts), *session.execute(attached)]
    told = [
        f"{past.sending} {past.safeguarding_wrote} {past.safeguarding_released}",
        *sorted(f"{one} {other}" for one, other in rows),
    ]
    return sha256("\n".join(told).encode()).hexdigest()


def _pages(draft: Draft) -> int:
    """How many pages hold answers, saved or not. Name and school do not count: they came with adding the learner."""
    return sum(
        any(draft.answers.get(name) for name in page.sections if name != needed.SECTION)
        or bool(draft.resting.of(page.sections))
        for page in draft.version.pages_of(draft.owner)
    )
