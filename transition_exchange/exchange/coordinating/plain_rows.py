"""The plain rows behind a coordinator's lists: what the tables say of records and transfers without being opened.

One thing is not taken from a row alone: that the safeguarding team has released its sections is what it has signed.

Every action that changes a plain row writes an event of its organisation. So the rows are read again only for those
organisations that have written an event since the last look.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.opened_versions import state_of_newest, unopened
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.records.withdrawals import MAY_WITHDRAW, answered
from transition_exchange.store.models import (
    Grant,
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
        safeguarding_released: whether the school's safeguarding team signed that it has released its sections, and has
            not taken the answer back since.
        safeguarding_doubtful: whether the database names a release of that team, and the team signed none that can be
            checked now.
    """

    id: UUID
    school_id: UUID
    leaving_year: int
    complete: bool
    started: bool
    created_at: datetime
    changed_at: datetime
    safeguarding_released: bool
    safeguarding_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class WaitingTeam:
    """A team of a provider that has not acknowledged everything it was sent.

    Attributes:
        opened: whether it has opened all of what it has not acknowledged.
        some: whether it has opened or acknowledged anything at all.
    """

    id: UUID
    opened: bool
    some: bool


@dataclass(frozen=True, slots=True)
class PlainTransfer:
    """A transfer that was not recalled.

    Attributes:
        state: as its row says; `sent` while nobody has opened the newest version of the transition team's.
        safeguarding_due: the day by which the receiving safeguarding team has to have opened its section.
        waiting_since: when the oldest item that a team of the provider has not acknowledged was sent to it.
        given_out: whether a team holds a version in a table of many records without having opened it.
        safeguarding_waiting: whether the receiving safeguarding team has its section and has not opened it.
        safeguarding_opened: whether that team has opened its section, which stops the clock.
        asked: the questions that wait for the school's answer: the team that has to answer, and since when the oldest
            of them has waited for it.
        answered: since when the oldest answer has waited to be read; None if none does.
        waiting: the teams of the provider that have not acknowledged everything, by id.
        asking: the teams whose question was answered and not closed, by id.
        awaiting: the teams whose question waits for the school's answer, by id.
    """

    id: UUID
    record_id: UUID
    provider_id: UUID
    state: str
    sent_at: datetime
    safeguarding_due: date | None
    waiting_since: datetime | None
    given_out: bool
    safeguarding_waiting: bool
    safeguarding_opened: bool
    asked: tuple[tuple[str, datetime], ...]
    answered: datetime | None = None
    waiting: tuple[WaitingTeam, ...] = ()
    asking: tuple[UUID, ...] = ()
    awaiting: tuple[UUID, ...] = ()


@dataclass
class PlainRows:
    """Records, and their transfers, as they stood at the last look.

    Attributes:
        records: by id.
        transfers: by the id of the record, then by their own.
    """

    records: dict[UUID, PlainRecord] = field(default_factory=dict)
    transfers: dict[UUID, dict[UUID, PlainTransfer]] = field(default_factory=dict)

    def reload(
        self, session: Session, organisations: Collection[UUID], *, signed_rows: SignedRows
    ) -> set[UUID]:
        """Read the rows of some organisations again.

        Args:
            session: the session.
            organisations: their ids.
            signed_rows: tells which releases are signed.

        Returns:
            The records that differ from before or whose transfers do.
        """
        changed = self._reload_records(session, organisations, signed_rows)
        return changed | self._reload_transfers(session, organisations, signed_rows.trust)

    def _reload_records(
        self, session: Session, schools: Collection[UUID], signed_rows: SignedRows
    ) -> set[UUID]:
        versions, signed = signed_rows.versions(
            Record.organisation_id.in_(schools), Revision.owner == "school_safeguarding"
        )
        said = answered(versions, signed)
        named = {row.record_id for row in versions} - said.taken_back.keys()
        released = said.newest.keys()
        now = {
            row.id: PlainRecord(*row, row.id in released, row.id in named - released)
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
        reloaded = set(schools)
        gone = {
            record_id
            for record_id, record in self.records.items()
            if record.school_id in reloaded and record_id not in now
        }
        for record_id in gone:
            del self.records[record_id]
        changed = {record_id for record_id, record in now.items() if self.records.get(record_id) != record}
        self.records.update(now)
        return changed | gone

    def _reload_transfers(self, session: Session, organisations: Collection[UUID], trust: Trust) -> set[UUID]:
        safeguarding = _safeguarding_teams(session, trust)
        concerned = and_(
            Transfer.state != "recalled",
            or_(Record.organisation_id.in_(organisations), Transfer.provider_id.in_(organisations)),
        )
        read: dict[UUID, dict[UUID, PlainTransfer]] = {}
        receipts = _receipts(session, concerned, safeguarding)
        waiting = _waiting_teams(session, concerned, safeguarding)
        asked, answered, awaiting = _open_questions(session, concerned)
        nobody_opened = unopened(session, concerned, owner="transition")
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
            received = receipts.get(row.id, (None, False, False, False))
            transfer = PlainTransfer(
                *row,
                *received,
                asked.get(row.id, ()),
                min(answered.get(row.id, {}).values(), default=None),
                waiting.get(row.id, ()),
                tuple(sorted(answered.get(row.id, {}))),
                tuple(sorted(awaiting.get(row.id, ()))),
            )
            state = state_of_newest(row.state, row.id, nobody_opened)
            read.setdefault(row.record_id, {})[row.id] = replace(transfer, state=state)
        reloaded = set(organisations)
        changed = set()
        for record_id in read.keys() | self._with_transfers_of(reloaded):
            kept = {
                transfer_id: transfer
                for transfer_id, transfer in self.transfers.get(record_id, {}).items()
                if transfer.provider_id not in reloaded and self._school(record_id) not in reloaded
            }
            now = kept | read.get(record_id, {})
            if now != self.transfers.get(record_id, {}):
                changed.add(record_id)
                self.transfers[record_id] = now
        return changed

    def _school(self, record_id: UUID) -> UUID | None:
        record = self.records.get(record_id)
        return record.school_id if record else None

    def _with_transfers_of(self, organisations: set[UUID]) -> set[UUID]:
        """The records with a transfer from or to one of the organisations at the last look."""
        return {
            record_id
            for record_id, transfers in self.transfers.items()
            if self._school(record_id) in organisations
            or any(transfer.provider_id in organisations for transfer in transfers.values())
        }


def _receipts(
    session: Session, concerned: ColumnElement[bool], safeguarding: Collection[UUID]
) -> dict[UUID, tuple[datetime | None, bool, bool, bool]]:
    """What the receipts of each transfer say.

    Returns:
        By transfer, in the order of the fields of `PlainTransfer`: when the oldest item that is not acknowledged was
        sent, whether a team was given a version without having opened it, whether the safeguarding team has its
        section and has not opened it, whether it has opened it.
    """
    held_unopened = and_(Receipt.given_out_at.is_not(None), Receipt.opened_at.is_(None))
    awaited, taken_back = _awaited(safeguarding), _taken_back()
    theirs = and_(
        Receipt.team_id.in_(safeguarding),
        Revision.owner == "school_safeguarding",
        not_(MAY_WITHDRAW),
        not_(taken_back),
    )
    waiting = and_(awaited, Receipt.acknowledged_at.is_(None), not_(taken_back))
    rows = session.execute(
        select(
            Receipt.transfer_id,
            func.min(case((waiting, Receipt.granted_at))),
            func.max(case((and_(awaited, held_unopened), 1), else_=0)),
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
        transfer_id: (since, bool(given_out), bool(held) and not opened, bool(opened))
        for transfer_id, since, given_out, held, opened in rows
    }


def _safeguarding_teams(session: Session, trust: Trust) -> list[UUID]:
    """The receiving safeguarding teams: by what was confirmed, and where nothing was, by what their rows say."""
    rows = {
        team_id: frozenset(purposes) for team_id, purposes in session.execute(select(Team.id, Team.purposes))
    }
    known = {team_id: team.purposes for team_id, team in trust.current(session, list(rows)).items()}
    return [team_id for team_id, purposes in (rows | known).items() if "safeguarding" in purposes]


def _awaited(safeguarding: Collection[UUID]) -> ColumnElement[bool]:
    """That a receipt is one of those that count.

    What the school's safeguarding team sends waits for no other team (`sent_versions.granted_versions`).
    """
    return or_(Revision.owner != "school_safeguarding", Receipt.team_id.in_(safeguarding))


def _taken_back() -> ColumnElement[bool]:
    """That what a receipt is for was taken back from the team."""
    return exists().where(
        Grant.transfer_id == Receipt.transfer_id,
        Grant.revision_id == Receipt.revision_id,
        Grant.grantee_team_id == Receipt.team_id,
        Grant.withdrawn_at.is_not(None),
    )


def _waiting_teams(
    session: Session, concerned: ColumnElement[bool], safeguarding: Collection[UUID]
) -> dict[UUID, tuple[WaitingTeam, ...]]:
    """The teams that have not acknowledged everything they were sent, by transfer, in the order of their ids."""
    waits = and_(Receipt.acknowledged_at.is_(None), not_(_taken_back()))
    rows = session.execute(
        select(
            Receipt.transfer_id,
            Receipt.team_id,
            func.max(case((and_(waits, Receipt.opened_at.is_(None)), 1), else_=0)),
            func.max(
                case((or_(Receipt.opened_at.is_not(None), Receipt.acknowledged_at.is_not(None)), 1), else_=0)
            ),
        )
        .join(Revision, Revision.id == Receipt.revision_id)
        .join(Transfer, Transfer.id == Receipt.transfer_id)
        .join(Record, Record.id == Transfer.record_id)
        .where(concerned, _awaited(safeguarding))
        .group_by(Receipt.transfer_id, Receipt.team_id)
        .having(func.max(case((waits, 1), else_=0)) == 1)
        .order_by(Receipt.team_id)
    )
    found: dict[UUID, list[WaitingTeam]] = {}
    for transfer_id, team_id, unread, some in rows:
        found.setdefault(transfer_id, []).append(WaitingTeam(team_id, not unread, bool(some)))
    return {transfer_id: tuple(teams) for transfer_id, teams in found.items()}


def _open_questions(
    session: Session, concerned: ColumnElement[bool]
) -> tuple[
    dict[UUID, tuple[tuple[str, datetime], ...]], dict[UUID, dict[UUID, datetime]], dict[UUID, set[UUID]]
]:
    """The open questions by transfer: those that wait for the school's answer, and those with an answer to be read.

    The second are by the team that has to read it, each with since when the oldest has waited; the third are the teams
    whose question waits for the school.

    Each waits since the newest message in it, which made it the other side's turn.
    """
    newest = (
        select(QueryMessage.id)
        .where(QueryMessage.query_id == Query.id)
        .order_by(QueryMessage.sent_at.desc())
        .limit(1)
        .correlate(Query)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Query.transfer_id,
            Query.owner,
            Query.asking_team_id,
            QueryMessage.from_team_id == Query.asking_team_id,
            QueryMessage.sent_at,
        )
        .join(QueryMessage, QueryMessage.id == newest)
        .join(Transfer, Transfer.id == Query.transfer_id)
        .join(Record, Record.id == Transfer.record_id)
        .where(concerned, Query.closed_at.is_(None))
        .order_by(Query.owner, QueryMessage.sent_at)
    )
    asked: dict[UUID, dict[str, datetime]] = {}
    answered: dict[UUID, dict[UUID, datetime]] = {}
    awaiting: dict[UUID, set[UUID]] = {}
    for transfer_id, owner, asking, is_asked, since in rows:
        if is_asked:
            asked.setdefault(transfer_id, {}).setdefault(owner, since)
            awaiting.setdefault(transfer_id, set()).add(asking)
        else:
            teams = answered.setdefault(transfer_id, {})
            teams[asking] = min(since, teams.get(asking, since))
    oldest = {transfer_id: tuple(owners.items()) for transfer_id, owners in asked.items()}
    return oldest, answered, awaiting
