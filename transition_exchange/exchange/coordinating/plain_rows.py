"""The plain rows behind a coordinator's lists: records and transfers as every learner has them alike.

They are read again for those organisations only that have written down a deed since the last look: plain rows
change by deeds, and each deed is an event of its organisation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.readiness import OPENERS_NEEDED, openers_of
from transition_exchange.exchange.keys.trust import current_keys
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.models import (
    Area,
    Organisation,
    Query,
    QueryMessage,
    Receipt,
    Record,
    Revision,
    Team,
    Transfer,
)


@dataclass(frozen=True, slots=True)
class PlainRecord:
    """A record's plain columns.

    Attributes:
        safeguarding_released: whether the school's safeguarding team has released its sections at least once.
    """

    id: UUID
    school_id: UUID
    leaving_year: int
    complete: bool
    started: bool
    created_at: datetime
    changed_at: datetime
    safeguarding_released: bool


@dataclass(frozen=True, slots=True)
class PlainTransfer:
    """A transfer that was not recalled.

    Attributes:
        waiting_since: since when a team of the provider has had something that it has not acknowledged.
        safeguarding_waiting: whether the receiving safeguarding team holds its section and has not opened it.
        safeguarding_opened: whether it has opened it, which ends the clock.
        asked: open questions whose newest message is the provider's, by the school's team that must answer, with
            the day of the oldest.
    """

    id: UUID
    record_id: UUID
    provider_id: UUID
    state: str
    sent_at: datetime
    safeguarding_due: date | None
    waiting_since: datetime | None
    safeguarding_waiting: bool
    safeguarding_opened: bool
    asked: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why an organisation cannot send, or be sent to.

    Attributes:
        by_council: the council has a security number to confirm by phone; else the team has something to do.
    """

    by_council: bool
    since: datetime


@dataclass(frozen=True)
class Surroundings:
    """What a learner's line needs to know of the area.

    Attributes:
        name: what the area is called.
        names: organisations by id; cards of other areas' schools are named too.
        contacts: whom to ring at each of them, and on which number.
        receivers: the organisations that receive packs.
        sending, receiving: organisations of which a team isn't ready to send, or to be sent to.
    """

    area_id: UUID
    name: str
    send_at: str
    names: dict[UUID, str]
    contacts: dict[UUID, str]
    receivers: frozenset[UUID]
    sending: dict[UUID, Blocked]
    receiving: dict[UUID, Blocked]


def surroundings(session: Session, organisation_id: UUID) -> Surroundings:
    """The area of a coordinating organisation."""
    area = session.get_one(Area, session.get_one(Organisation, organisation_id).area_id)
    organisations = session.scalars(select(Organisation)).all()
    return Surroundings(
        area_id=area.id,
        name=area.name,
        send_at=area.send_at_status,
        names={each.id: each.name for each in organisations},
        contacts={
            each.id: " on ".join(said for said in (each.contact_name, each.phone) if said)
            for each in organisations
        },
        receivers=frozenset(each.id for each in organisations if each.receives),
        sending=_blocked(session, area.id, ("transition",)),
        receiving=_blocked(session, area.id, RECEIVING),
    )


def _blocked(session: Session, area_id: UUID, purposes: Collection[str]) -> dict[UUID, Blocked]:
    """Organisations with a team for any of the purposes that isn't ready, as `readiness` counts it."""
    teams = [
        team
        for team in session.scalars(select(Team).join(Organisation).where(Organisation.area_id == area_id))
        if not set(purposes).isdisjoint(team.purposes)
    ]
    keys = current_keys(session, [team.id for team in teams])
    openers = openers_of(session, [key.id for key in keys.values()])
    found: dict[UUID, Blocked] = {}
    for team in teams:
        key = keys.get(team.id)
        unconfirmed = key is not None and key.confirmed_at is None and key.version == 1
        if key is not None and not unconfirmed and openers.get(key.id, 0) >= OPENERS_NEEDED:
            continue
        since = key.created_at if key else team.created_at
        before = found.get(team.organisation_id)
        if before is None or (unconfirmed, before.since) > (before.by_council, since):
            found[team.organisation_id] = Blocked(by_council=unconfirmed, since=since)
    return found


@dataclass
class PlainRows:
    """Records and transfers by record, as they stood at the last look."""

    records: dict[UUID, PlainRecord] = field(default_factory=dict)
    transfers: dict[UUID, dict[UUID, PlainTransfer]] = field(default_factory=dict)

    def reload(self, session: Session, organisations: Collection[UUID]) -> set[UUID]:
        """Read the rows of some organisations again.

        Returns:
            The records of which something differs.
        """
        return self._reload_records(session, organisations) | self._reload_transfers(session, organisations)

    def _reload_records(self, session: Session, schools: Collection[UUID]) -> set[UUID]:
        released = set(
            session.scalars(
                select(Revision.record_id)
                .join(Record, Record.id == Revision.record_id)
                .where(
                    Record.organisation_id.in_(schools), Revision.owner == "safeguarding", Revision.number > 0
                )
            )
        )
        found = {
            row.id: PlainRecord(*row, row.id in released)
            for row in session.execute(
                select(
                    Record.id,
                    Record.organisation_id,
                    Record.leaving_year,
                    Record.complete,
                    Record.started,
                    Record.created_at,
                    Record.changed_at,
                ).where(Record.organisation_id.in_(schools))
            )
        }
        wanted = set(schools)
        gone = [
            record_id
            for record_id, record in self.records.items()
            if record.school_id in wanted and record_id not in found
        ]
        for record_id in gone:
            del self.records[record_id]
        changed = {record_id for record_id, record in found.items() if self.records.get(record_id) != record}
        self.records.update(found)
        return changed | set(gone)

    def _reload_transfers(self, session: Session, organisations: Collection[UUID]) -> set[UUID]:
        concerned = and_(
            Transfer.state != "recalled",
            or_(Record.organisation_id.in_(organisations), Transfer.provider_id.in_(organisations)),
        )
        found: dict[UUID, dict[UUID, PlainTransfer]] = {}
        receipts = _receipts(session, concerned)
        asked = _asked(session, concerned)
        for row in session.execute(
            select(
                Transfer.id,
                Transfer.record_id,
                Transfer.provider_id,
                Transfer.state,
                Transfer.sent_at,
                Transfer.safeguarding_due,
            )
            .join(Record, Record.id == Transfer.record_id)
            .where(concerned)
        ):
            received = receipts.get(row.id, (None, False, False))
            found.setdefault(row.record_id, {})[row.id] = PlainTransfer(
                *row, *received, asked.get(row.id, ())
            )
        wanted = set(organisations)
        changed = set()
        for record_id in found.keys() | self._of(wanted):
            kept = {
                transfer_id: transfer
                for transfer_id, transfer in self.transfers.get(record_id, {}).items()
                if transfer.provider_id not in wanted and self._school(record_id) not in wanted
            }
            now = kept | found.get(record_id, {})
            if now != self.transfers.get(record_id, {}):
                changed.add(record_id)
                self.transfers[record_id] = now
        return changed

    def _school(self, record_id: UUID) -> UUID | None:
        record = self.records.get(record_id)
        return record.school_id if record else None

    def _of(self, organisations: set[UUID]) -> set[UUID]:
        """Records with a transfer from or to one of the organisations, as kept."""
        return {
            record_id
            for record_id, transfers in self.transfers.items()
            if self._school(record_id) in organisations
            or any(transfer.provider_id in organisations for transfer in transfers.values())
        }


def _receipts(
    session: Session, concerned: ColumnElement[bool]
) -> dict[UUID, tuple[datetime | None, bool, bool]]:
    """By transfer: unacknowledged since when, and whether the safeguarding team waits with, or opened, its section."""
    safeguarding = [
        team_id
        for team_id, purposes in session.execute(select(Team.id, Team.purposes))
        if "safeguarding" in purposes
    ]
    theirs = and_(Receipt.team_id.in_(safeguarding), Revision.owner == "safeguarding")
    rows = session.execute(
        select(
            Receipt.transfer_id,
            func.min(case((Receipt.acknowledged_at.is_(None), Receipt.granted_at))),
            func.max(case((theirs, 1), else_=0)),
            func.max(case((and_(theirs, Receipt.opened_at.is_not(None)), 1), else_=0)),
        )
        .join(Revision, Revision.id == Receipt.revision_id)
        .join(Transfer, Transfer.id == Receipt.transfer_id)
        .join(Record, Record.id == Transfer.record_id)
        .where(concerned)
        .group_by(Receipt.transfer_id)
    )
    return {
        transfer_id: (since, bool(held) and not opened, bool(opened))
        for transfer_id, since, held, opened in rows
    }


def _asked(session: Session, concerned: ColumnElement[bool]) -> dict[UUID, tuple[tuple[str, datetime], ...]]:
    newest = (
        select(QueryMessage.from_team_id)
        .where(QueryMessage.query_id == Query.id)
        .order_by(QueryMessage.sent_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Query.transfer_id, Query.owner, func.min(Query.opened_at))
        .join(Transfer, Transfer.id == Query.transfer_id)
        .join(Record, Record.id == Transfer.record_id)
        .where(concerned, Query.closed_at.is_(None), newest == Query.asking_team_id)
        .group_by(Query.transfer_id, Query.owner)
        .order_by(Query.owner)
    )
    found: dict[UUID, tuple[tuple[str, datetime], ...]] = {}
    for transfer_id, owner, since in rows:
        found[transfer_id] = (*found.get(transfer_id, ()), (owner, since))
    return found
