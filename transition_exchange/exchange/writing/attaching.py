"""Attaching PDFs to a record's draft, and removing them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from transition_exchange.english import day_of
from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Refused, Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.attachments import (
    AttachmentLabel,
    open_labels,
    put_away,
    read_content,
)
from transition_exchange.exchange.records.ownership import own_record, owner_teams
from transition_exchange.exchange.writing.lost_pieces import GONE, lost_documents
from transition_exchange.exchange.writing.new_documents import new_document
from transition_exchange.exchange.writing.untrusted_pdf import safe_copy
from transition_exchange.proforma import load
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Attachment, Record


def attach(
    *,
    db: Database,
    actor: Actor,
    record_id: UUID,
    kind: str,
    name: str,
    dated: date | None,
    content: bytes,
    today: date | None = None,
) -> UUID:
    """Seal a PDF, written anew so that it is safe to pass on, and add it to a record's draft.

    Args:
        record_id: the record.
        kind: a code of the attachment kinds of the record's version.
        name: what the writer calls it; the kind's own label if empty.
        dated: the date on the document; needed if the kind asks for one.
        content: the file, at most `untrusted_pdf.MOST_BYTES`.

    Returns:
        The id of the attachment.

    Raises:
        NotFound: the record is unknown or belongs to another school.
        NotAllowed: the actor is not in the team that writes the kind's section.
        Refused: the kind is unknown, the date is missing or in the future, or the file is not accepted.
    """
    with db.read() as session:
        record = own_record(session, actor, record_id)
        version = load(record.version)
        attachment_kind = next((known for known in version.attachment_kinds if known.code == kind), None)
        if attachment_kind is None:
            raise Refused(
                "Choose what kind of document it is.", {"kind": "Choose what kind of document it is"}
            )
        owner = version.section(attachment_kind.section).owner
        team = actor.require(owner)
        owners = owner_teams(session, actor=actor, trust=trust_of(session, actor), owner=owner)
        session.expunge_all()
    if attachment_kind.dated and dated is None:
        raise Refused("Enter the date on the document.", {"dated": "Enter the date on the document"})
    if dated is not None and dated > (today or school_calendar.today()):
        raise Refused(
            "The date on the document must not be in the future.", {"dated": "Enter a date up to today"}
        )
    safe = safe_copy(content)
    now = datetime.now(UTC)
    attachment = Attachment(
        id=uuid4(), record_id=record_id, owner=owner, created_at=now, created_by=actor.principal_id
    )
    label = AttachmentLabel(
        id=attachment.id,
        document=attachment.id,
        kind=kind,
        name=name.strip() or attachment_kind.label,
        dated=dated,
        pages=safe.pages,
        size=len(safe.content),
        added=day_of(now).isoformat(),
        removed=tuple(safe.removed),
    )
    document = new_document(
        record=record,
        attachment=attachment,
        label=label,
        content=safe.content,
        grantor=team,
        grantees=owners,
        now=now,
    )
    with db.write() as session:
        document.store(session)
        _cards_follow(session, actor, record_id=record_id, owner=owner)
        actor.note(
            session,
            "attachment.added",
            record=record_id,
            attachment=document.attachment.id,
            owner=document.attachment.owner,
        )
    return attachment.id


def _cards_follow(session: Session, actor: Actor, *, record_id: UUID, owner: str) -> None:
    """Leave the cards to the person's next request: what they say rests on the documents too."""
    if owner == "transition":
        session.get_one(Record, record_id).typed_by = actor.principal_id


def own_content(
    *, db: Database, actor: Actor, record_id: UUID, attachment_id: UUID
) -> tuple[AttachmentLabel, bytes]:
    """An attachment of the actor's own school, opened.

    Returns:
        Its label and its file.

    Raises:
        NotFound: the attachment is unknown or removed, or none of the actor's teams wrote it.
        Tampered: it is not what was attached, or it is gone though nobody removed it.
    """
    for owner in SENDING:
        if actor.team_for(owner) and attachment_id in lost_documents(
            db=db, actor=actor, record_id=record_id, owner=owner
        ):
            raise Tampered(GONE)
    with db.read() as session:
        record = own_record(session, actor, record_id)
        label = _own_label(session, actor=actor, record=record, attachment_id=attachment_id)
        return label, read_content(session, record=record, label=label)


def _own_label(session: Session, *, actor: Actor, record: Record, attachment_id: UUID) -> AttachmentLabel:
    attachment = session.get(Attachment, attachment_id)
    if attachment is None or attachment.record_id != record.id or attachment.removed_at is not None:
        raise NotFound
    trust = trust_of(session, actor)
    labels = open_labels(session, actor=actor, trust=trust, record=record, owner=attachment.owner)
    label = next((label for label in labels if label.id == attachment_id), None)
    if label is None:
        raise NotFound
    return label


def remove(*, db: Database, actor: Actor, record_id: UUID, attachment_id: UUID) -> None:
    """Remove an attachment from the draft. Released versions keep it; if no released version has it, it is deleted.

    One that is there although it was removed before is removed in the same way. Its file need not be there any more.

    Raises:
        NotFound: the attachment is unknown or removed, or none of the actor's teams wrote it.
        Tampered: its label is not what was attached.
    """
    with db.read() as session:
        record = own_record(session, actor, record_id)
        label = _own_label(session, actor=actor, record=record, attachment_id=attachment_id)
    now = datetime.now(UTC)
    with db.write() as session:
        attachment = session.get_one(Attachment, attachment_id, with_for_update=True)
        if attachment.removed_at is not None:
            raise NotFound
        put_away(session, attachment, now=now)
        _cards_follow(session, actor, record_id=record_id, owner=attachment.owner)
        actor.note(
            session,
            "attachment.removed",
            record=record_id,
            attachment=attachment_id,
            document=label.document,
        )
