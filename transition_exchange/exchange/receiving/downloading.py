"""Downloading a pack's PDF, its data and its attachments."""

from __future__ import annotations

from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.opening import open_transfer, transfer_part
from transition_exchange.exchange.receiving.receipts import (
    note_opened,
    own_transfer,
)
from transition_exchange.exchange.records import attachments
from transition_exchange.store.database import Database


def download_pdf(
    *, db: Database, actor: Actor, transfer_id: UUID, owner: str = "transition", team_id: UUID | None = None
) -> bytes:
    """The PDF of a transfer for one team, of what one owner wrote.

    Raises:
        NotAllowed, NotFound, Tampered: as `open_transfer`; NotFound too where that owner has released nothing.
    """
    return _download(db, actor, transfer_id, owner, team_id, "pdf")


def download_data(
    *, db: Database, actor: Actor, transfer_id: UUID, owner: str = "transition", team_id: UUID | None = None
) -> bytes:
    """The same as JSON. Raises as `download_pdf`."""
    return _download(db, actor, transfer_id, owner, team_id, "data")


def _download(
    db: Database, actor: Actor, transfer_id: UUID, owner: str, team_id: UUID | None, kind: str
) -> bytes:
    received = open_transfer(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id, note=False)
    if owner not in received.openings:
        raise NotFound
    opening = received.openings[owner]
    with db.read() as session:
        _, record = own_transfer(session, actor, transfer_id)
        body = transfer_part(session, record=record, opening=opening, kind=kind, team=received.team)
    note_opened(db=db, actor=actor, seen=(received.seen,), kind="pack.downloaded")
    return body


def download_attachment(
    *, db: Database, actor: Actor, transfer_id: UUID, attachment_id: UUID, team_id: UUID | None = None
) -> tuple[attachments.AttachmentLabel, bytes]:
    """An attachment that came with a transfer.

    Raises:
        NotAllowed, NotFound, Tampered: as `open_transfer`; NotFound too where the team was not granted it.
    """
    received = open_transfer(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id, note=False)
    about = next((each for each in received.attachments if each.id == attachment_id), None)
    if about is None:
        raise NotFound
    with db.read() as session:
        _, record = own_transfer(session, actor, transfer_id)
        content = attachments.read_content(session, record=record, label=about)
    note_opened(db=db, actor=actor, seen=(received.seen,), kind="attachment.downloaded")
    return about, content
