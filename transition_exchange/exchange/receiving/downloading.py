"""Downloading the PDF, the data and the documents of a version that the team has opened. It is then given out too."""

from __future__ import annotations

from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.opening import read_transfer, transfer_part
from transition_exchange.exchange.receiving.receipts import Seen, note_given_out, own_transfer
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
        NotOpened: the team has opened nothing of the transfer.
        NotAllowed: as `open_transfer`.
        NotFound: as `open_transfer`, or the team has opened nothing from that owner.
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
        NotOpened: as `download_pdf`.
        NotAllowed: as `download_pdf`.
        NotFound: as `download_pdf`.
        Tampered: as `download_pdf`.
    """
    return _download(db=db, actor=actor, transfer_id=transfer_id, owner=owner, team_id=team_id, kind="data")


def _download(
    *, db: Database, actor: Actor, transfer_id: UUID, owner: str, team_id: UUID | None, kind: str
) -> bytes:
    received = read_transfer(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id)
    if owner not in received.openings:
        raise NotFound
    opening = received.openings[owner]
    with db.read() as session:
        _, record = own_transfer(session, actor, transfer_id)
        body = transfer_part(session, record=record, opening=opening, kind=kind, team=received.team)
    _give_out(db=db, actor=actor, seen=received.seen_of(owner), kind="pack.downloaded")
    return body


def _give_out(*, db: Database, actor: Actor, seen: Seen, kind: str) -> None:
    if not note_given_out(db=db, actor=actor, seen=[seen], kind=kind):
        raise NotFound


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
        NotOpened: as `download_pdf`.
        NotAllowed: as `open_transfer`.
        NotFound: as `open_transfer`, or the attachment is in no version that the team reads.
        Tampered: as `open_transfer`, or the file is not what was attached.
    """
    received = read_transfer(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id)
    labels = {
        label.id: (label, owner)
        for owner, opening in received.openings.items()
        for label in opening.attachments
    }
    if attachment_id not in labels:
        raise NotFound
    label, owner = labels[attachment_id]
    with db.read() as session:
        _, record = own_transfer(session, actor, transfer_id)
        content = attachments.read_content(session, record=record, label=label)
    _give_out(db=db, actor=actor, seen=received.seen_of(owner), kind="attachment.downloaded")
    return label, content
