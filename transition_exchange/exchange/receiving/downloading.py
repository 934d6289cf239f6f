"""Downloading a pack's PDF, its data and its attachments. A download counts as opening the pack."""

from __future__ import annotations

from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.opening import open_transfer, transfer_part
from transition_exchange.exchange.receiving.receipts import note_opened, own_transfer
from transition_exchange.exchange.records import attachments
from transition_exchange.store.database import Database


def download_pdf(
    *, db: Database, actor: Actor, transfer_id: UUID, owner: str = "transition", team_id: UUID | None = None
) -> bytes:
    """The PDF that a team gets of what one owner wrote.

    Args:
        transfer_id: the transfer.
        owner: the sending purpose that wrote it.
        team_id: the team; None for the first of the actor's teams that was granted the transfer.

    Raises:
        NotAllowed: as `open_transfer`.
        NotFound: as `open_transfer`, or that owner has released nothing to the team.
        Tampered: as `open_transfer`, or the PDF is not what was sent.
    """
    return _download(db=db, actor=actor, transfer_id=transfer_id, owner=owner, team_id=team_id, kind="pdf")


def download_data(
    *, db: Database, actor: Actor, transfer_id: UUID, owner: str = "transition", team_id: UUID | None = None
) -> bytes:
    """The data of the PDF, as JSON in UTF-8.

    Args:
        transfer_id: as for `download_pdf`.
        owner: as for `download_pdf`.
        team_id: as for `download_pdf`.

    Raises:
        NotAllowed: as `download_pdf`.
        NotFound: as `download_pdf`.
        Tampered: as `download_pdf`.
    """
    return _download(db=db, actor=actor, transfer_id=transfer_id, owner=owner, team_id=team_id, kind="data")


def _download(
    *, db: Database, actor: Actor, transfer_id: UUID, owner: str, team_id: UUID | None, kind: str
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

    Args:
        transfer_id: the transfer.
        attachment_id: the attachment.
        team_id: the team; None for the first of the actor's teams that was granted the transfer.

    Returns:
        Its label and its file.

    Raises:
        NotAllowed: as `open_transfer`.
        NotFound: as `open_transfer`, or the team was not granted the attachment.
        Tampered: as `open_transfer`, or the file is not what was attached.
    """
    received = open_transfer(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id, note=False)
    label = next((label for label in received.attachments if label.id == attachment_id), None)
    if label is None:
        raise NotFound
    with db.read() as session:
        _, record = own_transfer(session, actor, transfer_id)
        content = attachments.read_content(session, record=record, label=label)
    note_opened(db=db, actor=actor, seen=(received.seen,), kind="attachment.downloaded")
    return label, content
