"""Opening a transfer as one of the provider's teams."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotAllowed, NotFound, Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.receipts import (
    ReceiptOfVersion,
    Seen,
    newest,
    note_opened,
    own_transfer,
    receiving_team,
    receiving_teams,
    state_of,
    team_receipts,
)
from transition_exchange.exchange.records import attachments, parts
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.revisions import OpenRevision, open_revision
from transition_exchange.proforma import Version, load
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Receipt, Record, Revision


@dataclass(frozen=True)
class Received:
    """A transfer as one team can read it: the newest revision of each owner that it was granted.

    Attributes:
        team: the team that opened it.
        school: the name of the sending school.
        state: the state of the transfer, such as `sent` or `acknowledged`.
        leaving_year: the calendar year in which the learner leaves school.
        delete_on: the day on which the record is deleted.
        version: the version of the pro-forma in which it is written.
        openings: the opened revisions, by owner.
        missing: the gaps that this team may know of, each with question, code and perhaps date and reason.
        revisions: the ids of all granted revisions, by owner, the oldest first.
        acknowledged: whether the team has acknowledged the newest revisions.
    """

    transfer_id: UUID
    record_id: UUID
    team: OpenTeam
    school: str
    state: str
    leaving_year: int
    delete_on: date
    version: Version
    openings: Mapping[str, OpenRevision] = field(repr=False)
    missing: tuple[Mapping[str, Any], ...] = field(repr=False, default=())
    revisions: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    acknowledged: bool = False

    @property
    def answers(self) -> Answers:
        """Everything that the team may read of both owners, by section and field."""
        return {
            name: values for opening in self.openings.values() for name, values in opening.answers.items()
        }

    @property
    def seen(self) -> Seen:
        """The revisions that the team has seen, for its receipts."""
        revisions = tuple(opening.revision.id for opening in self.openings.values())
        return Seen(transfer_id=self.transfer_id, team_id=self.team.id, revisions=revisions)

    @property
    def attachments(self) -> tuple[attachments.AttachmentLabel, ...]:
        """The labels of the attachments that the team may open."""
        return tuple(label for opening in self.openings.values() for label in opening.attachments)


def open_transfer(
    *, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None = None, note: bool = True
) -> Received:
    """Open a transfer for one of the actor's teams. The first time, its receipt is written.

    Args:
        transfer_id: the transfer.
        team_id: the team; None for the first of the actor's teams that was granted anything of it.
        note: whether to write receipts and an event. Callers that write their own set it to False.

    Raises:
        NotAllowed: the actor is not in a receiving team.
        NotFound: the transfer is unknown, recalled or another provider's, or nothing of it was granted to the team.
        Tampered: something is not what the school released.
    """
    team = _granted_team(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id)
    with db.read() as session:
        transfer, record = own_transfer(session, actor, transfer_id)
        school = session.get_one(Organisation, record.organisation_id)
        receipts = team_receipts(session, team.id).get(transfer_id, [])
        if not receipts:
            raise NotFound
        trust = trust_of(session, actor)
        openings: dict[str, OpenRevision] = {}
        missing: list[Mapping[str, Any]] = []
        for receipt in newest(receipts):
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
            data = json.loads(transfer_part(session, record=record, opening=opening, kind="data", team=team))
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
            revisions=_granted_revisions(receipts),
            acknowledged=state_of(receipts) == "acknowledged",
        )
    if note:
        note_opened(db=db, actor=actor, seen=(received.seen,), kind="transfer.opened")
    return received


def _granted_team(*, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None) -> OpenTeam:
    """The named receiving team, or the first of the actor's teams that was granted anything of the transfer."""
    if team_id is not None:
        return receiving_team(actor, team_id)
    teams = receiving_teams(actor)
    if not teams:
        raise NotAllowed
    with db.read() as session:
        granted = set(session.scalars(select(Receipt.team_id).where(Receipt.transfer_id == transfer_id)))
    first = next((team for team in teams if team.id in granted), None)
    if first is None:
        raise NotFound
    return first


def _granted_revisions(receipts: Sequence[ReceiptOfVersion]) -> dict[str, tuple[UUID, ...]]:
    revisions: dict[str, tuple[UUID, ...]] = {}
    for receipt, owner, _ in sorted(receipts, key=lambda numbered: numbered.number):
        revisions[owner] = (*revisions.get(owner, ()), receipt.revision_id)
    return revisions


def transfer_part(
    session: Session, *, record: Record, opening: OpenRevision, kind: str, team: OpenTeam
) -> bytes:
    """One of the parts that were made for a transfer, checked against the grant and opened.

    A team that both writes and receives holds the parts of all readers. It gets the one that was made for itself.

    Args:
        record: the record.
        opening: the opened revision.
        kind: `pdf` or `data`.
        team: the team that reads it.

    Raises:
        NotFound: the team was not granted a part of this kind.
        Tampered: the part is not what was sent.
    """
    readers = parts.readers_word(team.purposes.intersection(RECEIVING))
    names = sorted(name for name in opening.keys if name.startswith(f"{kind}/"))
    name = next((name for name in names if name.endswith(f"/{readers}")), None)
    if name is None:
        raise NotFound
    transfer_id = UUID(name.split("/")[1])
    part = parts.rows_of(session, revision_id=opening.revision.id, transfer_id=transfer_id).get(name)
    body = ciphertexts_of(session).get(session, [part.id]).get(part.id, b"") if part else b""
    if parts.digest(body) != opening.digests.get(name):
        raise Tampered
    binding = parts.binding_of(record, opening.revision.id)
    return parts.open_part(binding=binding, name=name, key=opening.keys[name], body=body)
