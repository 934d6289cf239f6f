"""Noticing that something of a draft is gone from the database, so that nobody takes it for "not answered".

What is sealed or signed cannot be changed unnoticed, but a row can be deleted, and a column can say that a document was
removed or a key withdrawn. What must be there follows from the form and from the school's own events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotReady, Tampered
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.answers import written_sections
from transition_exchange.exchange.records.attachments import AttachmentLabel, open_labels
from transition_exchange.exchange.records.grants import OpenGrant
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.part_names import RESTING
from transition_exchange.exchange.writing import late_teams
from transition_exchange.proforma import Version
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Event, Grant, Part, Record, Revision
from transition_exchange.store.unreadable import Unreadable, leave_out

GONE = (
    "Something that was saved for this learner is missing from the database or cannot be opened any more. "
    "This does not mean that it was not answered. Tell the council's NEET group."
)

REMOVED = "attachment.removed"
"""The kind of the event that a document was removed."""


def require_all(
    version: Version,
    *,
    owner: str,
    rows: Mapping[str, Part],
    bodies: Mapping[UUID, bytes],
    keys: Mapping[str, bytes],
) -> None:
    """Refuse a draft that lacks one of its parts. A save seals every section, empty or not, and what rests beside them.

    Args:
        rows: the rows of its parts, by name.
        bodies: their ciphertexts, by id of the row.
        keys: the keys that the actor was granted, by name.

    Raises:
        Tampered: a part's row, its ciphertext or its key is missing.
    """
    names = {section.name for section in written_sections(version, owner)} | {RESTING} | rows.keys()
    if any(name not in rows or name not in keys or rows[name].id not in bodies for name in names):
        raise Tampered(GONE)


def require_of_draft(opened: OpenGrant) -> None:
    """Refuse a grant of a released version for a draft. Which of them a row is of says a column that is not sealed.

    Raises:
        Tampered: the grant is of no draft.
    """
    if not opened.draft:
        raise Tampered


def require_unwritten(answers: Iterable[Mapping[str, Any]]) -> None:
    """Refuse a draft in which something is written though another team than its owner's made it.

    Args:
        answers: what its sections hold.

    Raises:
        Tampered: something is written in it.
    """
    if any(answers):
        raise Tampered


def require_never_written(session: Session, *, record: Record, owner: str) -> None:
    """Refuse to begin an empty draft where there was one before.

    The transition team's is made with the record. The safeguarding team's may be made later; whether it was is known
    from what was released and saved.

    Raises:
        Tampered: there was a draft, and its row is gone.
    """
    released = select(Revision.id).where(Revision.record_id == record.id, Revision.owner == owner).limit(1)
    if (
        owner == "transition"
        or session.scalar(released) is not None
        or any(
            action.kind in ("record.saved", "record.typed") and action.about.get("owner") == owner
            for action in _about(session, record.organisation_id, record.id)
        )
    ):
        raise Tampered(GONE)


def not_granted(session: Session, *, actor: Actor, trust: Trust, revision: Revision) -> NotReady | Tampered:
    """Why none of the actor's teams can open a draft: it waits for another team, or what opened it is gone.

    Args:
        trust: which keys the session trusts.
        revision: the draft.
    """
    some_team = select(Record.id).where(Record.id == revision.record_id, late_teams.openable(revision.owner))
    if session.scalar(some_team) is None:
        return Tampered(GONE)
    who = late_teams.others(session, actor=actor, trust=trust, owner=revision.owner)
    own = Grant.grantee_team_id.in_([team.id for team in actor.teams])
    had = session.scalar(
        select(Grant.id)
        .where(
            Grant.revision_id == revision.id, own, Grant.withdrawn_at.is_not(None) | Grant.keyring.is_(None)
        )
        .limit(1)
    )
    before = (
        "What opens this for your team is missing from the database."
        if had is not None
        else "This was written before your team did this work or was confirmed."
    )
    return NotReady(
        f"Waiting for {who}. {before} "
        "It opens for you after one of them has signed in and opened the list of learners."
    )


def lost_documents(
    *, db: Database, actor: Actor, record_id: UUID, owner: str = "transition"
) -> frozenset[UUID]:
    """The documents that an owner attached and did not remove, and that are no longer there to be opened.

    The school's events say what was attached and what was removed. A document that was stored again, because its team's
    key was changed, keeps the id with which it came.

    Raises:
        NotFound: the record is unknown or belongs to another organisation.
        Tampered: as `open_draft`.
    """
    with db.read() as session:
        record = own_record(session, actor, record_id)
        actions = _about(session, record.organisation_id, record.id, kinds="attachment.")
        attached = {
            str(action.about.get("attachment"))
            for action in actions
            if action.kind == "attachment.added" and action.about.get("owner") == owner
        } - _removed_in(actions)
        if not attached:
            return frozenset()
        trust = trust_of(session, actor)
        labels = open_labels(session, actor=actor, trust=trust, record=record, owner=owner)
        lost = attached - {str(label.document) for label in labels}
        return frozenset(document for text in lost if (document := _document_in(text)))


def without_removed(
    session: Session, *, record: Record, labels: Sequence[AttachmentLabel]
) -> tuple[tuple[AttachmentLabel, ...], tuple[AttachmentLabel, ...]]:
    """Tell the documents that are attached from those that the school's log calls removed and that are there again.

    Whoever kept the rows of a removed document can put them back, and each of its signatures still counts.

    Args:
        record: the record.
        labels: its documents as its rows have them.

    Returns:
        The documents that are attached, and those of which it is not certain.
    """
    removed = _removed_in(_about(session, record.organisation_id, record.id, kinds=REMOVED)) if labels else ()
    return (
        tuple(label for label in labels if str(label.document) not in removed),
        tuple(label for label in labels if str(label.document) in removed),
    )


def _removed_in(actions: Iterable[events.Action]) -> set[str]:
    """The ids of the documents that some events call removed. No document is attached a second time with its id."""
    return {str(action.about.get("document")) for action in actions if action.kind == REMOVED}


def _document_in(text: str) -> UUID | None:
    """The id of a document that an event names; None, which is counted, if the event names none."""
    try:
        return UUID(text)
    except ValueError:
        leave_out()
        return None


def _about(
    session: Session, organisation_id: UUID, record_id: UUID, *, kinds: str = ""
) -> list[events.Action]:
    """The school's events about a record, the oldest first. One that was changed is left out, and the page says so.

    Args:
        kinds: what the texts of the wanted events hold, so that no others are read; empty for all.
    """
    rows = session.scalars(
        select(Event)
        .where(
            Event.organisation_id == organisation_id,
            Event.body.contains(str(record_id)),
            Event.body.contains(kinds, autoescape=True),
        )
        .order_by(Event.seq)
    )
    actions = []
    for row in rows:
        try:
            action = events.read(row)
        except Unreadable:
            leave_out()
            continue
        if action.about.get("record") == str(record_id):
            actions.append(action)
    return actions
