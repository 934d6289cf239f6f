"""Receiving: a team's inbox, a pack opened, downloaded, acknowledged, and what changed since the version before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange import attachments, ledgers, parts
from transition_exchange.exchange.actor import RECEIVING_PURPOSES, Actor, OpenTeam
from transition_exchange.exchange.drafts import Answers
from transition_exchange.exchange.errors import NotAllowed, NotFound, Tampered
from transition_exchange.exchange.receipts import (
    Mine,
    Seen,
    newest,
    note_opened,
    own_transfer,
    receiving_team,
    receiving_teams,
    state_of,
    team_receipts,
)
from transition_exchange.exchange.releases import Opening, open_revision
from transition_exchange.exchange.trust import trust_of
from transition_exchange.proforma import Version, load
from transition_exchange.store.ciphertexts import DatabaseCiphertexts
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Query, Receipt, Record, Revision, Transfer

INBOX_STATES = ("new", "changed", "queried", "opened", "acknowledged")


@dataclass(frozen=True)
class InboxRow:
    """One transfer in a team's inbox.

    Attributes:
        state: one of `INBOX_STATES`, as this team stands towards the newest versions it was granted.
        number: the newest transition version's number.
        content: the card's fields that this team may read.
    """

    transfer_id: UUID
    record_id: UUID
    school: str
    leaving_year: int
    state: str
    number: int
    sent_at: datetime
    safeguarding: bool
    content: Mapping[str, Any] = field(repr=False)


def inbox(*, db: Database, actor: Actor, team_id: UUID | None = None) -> list[InboxRow]:
    """A team's transfers: what waits for the team first, then by when they were sent, newest first.

    Raises:
        NotAllowed, NotFound: as `receiving_team`.
    """
    team = receiving_team(actor, team_id)
    opened = ledgers.open_ledger(db=db, actor=actor, team=team)
    with db.read() as session:
        transfers = session.execute(
            select(Transfer, Organisation.name, Record.leaving_year)
            .join(Record, Record.id == Transfer.record_id)
            .join(Organisation, Organisation.id == Record.organisation_id)
            .where(Transfer.provider_id == actor.organisation_id, Transfer.state != "recalled")
        ).all()
        receipts = team_receipts(session, team.id)
        queried = set(
            session.scalars(
                select(Query.transfer_id).where(Query.asking_team_id == team.id, Query.closed_at.is_(None))
            )
        )
    rows = []
    for transfer, school, leaving_year in transfers:
        mine = receipts.get(transfer.id)
        card = opened.get((transfer.record_id, transfer.id))
        if not mine or card is None:
            continue
        rows.append(
            InboxRow(
                transfer_id=transfer.id,
                record_id=transfer.record_id,
                school=school,
                leaving_year=leaving_year,
                state="queried" if transfer.id in queried else state_of(mine),
                number=max((number for _, owner, number in mine if owner == "transition"), default=0),
                sent_at=max(receipt.granted_at for receipt, _, _ in mine),
                safeguarding=any(owner == "safeguarding" for _, owner, _ in mine),
                content=card.content,
            )
        )
    return sorted(rows, key=_waiting_first)


def _waiting_first(row: InboxRow) -> tuple[int, float, tuple[str, str]]:
    return INBOX_STATES.index(row.state), -row.sent_at.timestamp(), ledgers.name_order(row.content)


@dataclass(frozen=True)
class Received:
    """A transfer as one team can read it: the newest revision of each owner that it was granted.

    Attributes:
        openings: by owner.
        missing: what the minimum standard asks for and this audience may know is missing: question, code and reason.
        revisions: every revision granted, by owner, oldest first.
    """

    transfer_id: UUID
    record_id: UUID
    team: OpenTeam
    school: str
    state: str
    leaving_year: int
    delete_on: date
    version: Version
    openings: Mapping[str, Opening] = field(repr=False)
    missing: tuple[Mapping[str, Any], ...] = field(repr=False, default=())
    revisions: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    acknowledged: bool = False

    @property
    def answers(self) -> Answers:
        """Everything the team may read, by section, of both owners."""
        return {
            name: values for opening in self.openings.values() for name, values in opening.answers.items()
        }

    @property
    def seen(self) -> Seen:
        """What a receipt is written for."""
        revisions = tuple(opening.revision.id for opening in self.openings.values())
        return Seen(transfer_id=self.transfer_id, team_id=self.team.id, revisions=revisions)

    @property
    def attachments(self) -> tuple[attachments.AttachmentAbout, ...]:
        return tuple(each for opening in self.openings.values() for each in opening.attachments)


def open_transfer(
    *, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None = None, note: bool = True
) -> Received:
    """Open a transfer for one of the actor's teams, and write the receipt the first time.

    Args:
        note: whether looking counts as opening; an export of many writes its receipts itself.

    Raises:
        NotAllowed: the actor is in no receiving team.
        NotFound: no such transfer at the actor's provider, recalled, or nothing of it granted to the team.
        Tampered: anything is not what the school released.
    """
    team = _granted_team(db, actor, transfer_id, team_id)
    with db.read() as session:
        transfer, record = own_transfer(session, actor, transfer_id)
        school = session.get_one(Organisation, record.organisation_id)
        mine = team_receipts(session, team.id).get(transfer_id, [])
        if not mine:
            raise NotFound
        trust = trust_of(session, actor)
        openings: dict[str, Opening] = {}
        missing: list[Mapping[str, Any]] = []
        for receipt in newest(mine):
            revision = session.get_one(Revision, receipt.revision_id)
            opening = open_revision(
                session,
                actor=actor,
                trust=trust,
                record=record,
                revision=revision,
                transfer_id=transfer_id,
                team_id=team.id,
            )
            data = json.loads(_data_part(session, record, revision, opening, team))
            missing += data["missing"]
            openings[revision.owner] = opening
        received = Received(
            transfer_id=transfer_id,
            record_id=record.id,
            team=team,
            school=school.name,
            state=transfer.state,
            leaving_year=record.leaving_year,
            delete_on=record.delete_on,
            version=load(record.version),
            openings=openings,
            missing=tuple(missing),
            revisions=_granted_revisions(mine),
            acknowledged=state_of(mine) == "acknowledged",
        )
    if note:
        note_opened(db=db, actor=actor, seen=(received.seen,), kind="transfer.opened")
    return received


def _granted_team(db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None) -> OpenTeam:
    """The named receiving team, or the first of the actor's that was granted anything of the transfer."""
    if team_id is not None:
        return receiving_team(actor, team_id)
    teams = receiving_teams(actor)
    if not teams:
        raise NotAllowed
    with db.read() as session:
        granted = set(session.scalars(select(Receipt.team_id).where(Receipt.transfer_id == transfer_id)))
    found = next((team for team in teams if team.id in granted), None)
    if found is None:
        raise NotFound
    return found


def _granted_revisions(mine: Mine) -> dict[str, tuple[UUID, ...]]:
    revisions: dict[str, tuple[UUID, ...]] = {}
    for receipt, owner, _ in sorted(mine, key=lambda each: each[2]):
        revisions[owner] = (*revisions.get(owner, ()), receipt.revision_id)
    return revisions


def _transfer_part(
    session: Session, record: Record, revision: Revision, opening: Opening, kind: str, team: OpenTeam
) -> bytes:
    """One of the transfer's own parts, `pdf` or `data`, checked against the grant and opened.

    A team that both writes and receives holds those of every reader; it gets the one made for itself.
    """
    readers = "+".join(sorted(RECEIVING_PURPOSES.intersection(team.purposes)))
    names = sorted(name for name in opening.keys if name.startswith(f"{kind}/"))
    name = next((name for name in names if name.endswith(f"/{readers}")), None)
    if name is None:
        raise NotFound
    transfer_id = UUID(name.split("/")[1])
    row = parts.rows_of(session, revision_id=revision.id, transfer_id=transfer_id).get(name)
    body = DatabaseCiphertexts().get(session, [row.id]).get(row.id, b"") if row else b""
    if parts.digest(body) != opening.digests.get(name):
        raise Tampered
    return parts.open_part(parts.place_of(record, revision.id), name, opening.keys[name], body)


def _data_part(
    session: Session, record: Record, revision: Revision, opening: Opening, team: OpenTeam
) -> bytes:
    return _transfer_part(session, record, revision, opening, "data", team)


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
        body = _transfer_part(session, record, opening.revision, opening, kind, received.team)
    note_opened(db=db, actor=actor, seen=(received.seen,), kind="pack.downloaded")
    return body


def download_attachment(
    *, db: Database, actor: Actor, transfer_id: UUID, attachment_id: UUID, team_id: UUID | None = None
) -> tuple[attachments.AttachmentAbout, bytes]:
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
        content = attachments.read_content(session, record=record, about=about)
    note_opened(db=db, actor=actor, seen=(received.seen,), kind="attachment.downloaded")
    return about, content
