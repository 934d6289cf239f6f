"""What became of a record: its versions, and for each provider who has opened and acknowledged which, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Organisation,
    Principal,
    Receipt,
    Revision,
    Team,
    Transfer,
)


@dataclass(frozen=True)
class TeamReceipt:
    """What one receiving team has done with one version.

    Attributes:
        owner: the sending team's purpose; `number` counts that owner's versions.
        newest: whether the team was given no later version of that owner's.
    """

    team: str
    owner: str
    number: int
    granted_at: datetime
    opened_at: datetime | None
    opened_by: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    newest: bool = True


@dataclass(frozen=True)
class Delivered:
    """One transfer of a record, as its school follows it."""

    transfer_id: UUID
    provider_id: UUID
    provider: str
    state: str
    sent_at: datetime
    sent_by: str | None
    recalled_at: datetime | None
    recalled_by: str | None
    safeguarding_due: date | None
    receipts: tuple[TeamReceipt, ...] = ()

    @property
    def current(self) -> tuple[TeamReceipt, ...]:
        """The receipts of the newest version that each team was given."""
        return tuple(each for each in self.receipts if each.newest)

    def opened_before(self, receipt: TeamReceipt) -> TeamReceipt | None:
        """The last earlier version that the same team opened, where it has not opened this one."""
        earlier = [
            each
            for each in self.opened
            if (each.team, each.owner) == (receipt.team, receipt.owner) and each.number < receipt.number
        ]
        return max(earlier, key=lambda each: each.number, default=None) if not receipt.opened_at else None

    @property
    def opened(self) -> tuple[TeamReceipt, ...]:
        """Whoever has opened any version of it."""
        return tuple(each for each in self.receipts if each.opened_at is not None)


@dataclass(frozen=True)
class ReleasedVersion:
    """A version that an owner released."""

    owner: str
    number: int
    released_at: datetime
    released_by: str | None


@dataclass(frozen=True)
class Track:
    """All that is known of where a record went: current transfers first, then those taken back, newest first."""

    delivered: tuple[Delivered, ...]
    versions: tuple[ReleasedVersion, ...]

    def transfer(self, transfer_id: UUID) -> Delivered:
        """One of the transfers.

        Raises:
            NotFound: the record has none with this id.
        """
        for each in self.delivered:
            if each.transfer_id == transfer_id:
                return each
        raise NotFound


def track(*, db: Database, actor: Actor, record_id: UUID) -> Track:
    """Follow a record of the actor's own school.

    Raises:
        NotFound: no such record at the actor's organisation.
    """
    with db.read() as session:
        own_record(session, actor, record_id)
        versions = [
            ReleasedVersion(revision.owner, revision.number, revision.released_at, name)
            for revision, name in session.execute(
                select(Revision, Principal.name)
                .outerjoin(Principal, Principal.id == Revision.released_by)
                .where(Revision.record_id == record_id, Revision.number > 0)
                .order_by(Revision.released_at.desc())
            )
            if revision.released_at is not None
        ]
        receipts = _receipts(session, record_id)
        sender, recaller = aliased(Principal), aliased(Principal)
        delivered = [
            Delivered(
                transfer_id=transfer.id,
                provider_id=transfer.provider_id,
                provider=provider,
                state=transfer.state,
                sent_at=transfer.sent_at,
                sent_by=sent_by,
                recalled_at=transfer.recalled_at,
                recalled_by=recalled_by,
                safeguarding_due=transfer.safeguarding_due,
                receipts=tuple(receipts.get(transfer.id, ())),
            )
            for transfer, provider, sent_by, recalled_by in session.execute(
                select(Transfer, Organisation.name, sender.name, recaller.name)
                .join(Organisation, Organisation.id == Transfer.provider_id)
                .outerjoin(sender, sender.id == Transfer.sent_by)
                .outerjoin(recaller, recaller.id == Transfer.recalled_by)
                .where(Transfer.record_id == record_id)
                .order_by((Transfer.state == "recalled"), Transfer.sent_at.desc())
            )
        ]
    return Track(delivered=tuple(delivered), versions=tuple(versions))


def _receipts(session: Session, record_id: UUID) -> dict[UUID, list[TeamReceipt]]:
    opener, acknowledger = aliased(Principal), aliased(Principal)
    found: dict[UUID, list[TeamReceipt]] = {}
    seen: set[tuple[UUID, UUID, str]] = set()
    for receipt, team, owner, number, opened_by, acknowledged_by in session.execute(
        select(Receipt, Team.name, Revision.owner, Revision.number, opener.name, acknowledger.name)
        .join(Transfer, Transfer.id == Receipt.transfer_id)
        .join(Team, Team.id == Receipt.team_id)
        .join(Revision, Revision.id == Receipt.revision_id)
        .outerjoin(opener, opener.id == Receipt.opened_by)
        .outerjoin(acknowledger, acknowledger.id == Receipt.acknowledged_by)
        .where(Transfer.record_id == record_id)
        .order_by(Revision.owner.desc(), Team.created_at, Team.name, Revision.number.desc())
    ):
        key = (receipt.transfer_id, receipt.team_id, owner)
        found.setdefault(receipt.transfer_id, []).append(
            TeamReceipt(
                team=team,
                owner=owner,
                number=number,
                granted_at=receipt.granted_at,
                opened_at=receipt.opened_at,
                opened_by=opened_by,
                acknowledged_at=receipt.acknowledged_at,
                acknowledged_by=acknowledged_by,
                newest=key not in seen,
            )
        )
        seen.add(key)
    return found
