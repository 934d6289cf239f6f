"""Which versions of a transfer a team was sent, and what its receipts say of each.

What a team was sent is what the school's teams signed that they granted it. Receipts are not signed: without one, a
version counts as one that nobody has opened, and a receipt alone brings no version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.ledger_memory import CheckedRow
from transition_exchange.exchange.records.signed_rows import STANDING, GrantRow, SignedRows
from transition_exchange.exchange.records.withdrawals import Withdrawal, withdrawals
from transition_exchange.purposes import OPENS_FIRST, RECEIVING, SENDING
from transition_exchange.store.models import Grant, Receipt, Revision, Team, Transfer

RECEIVES = frozenset(RECEIVING)
"""The work of teams that receive packs."""


class ReceiptOfVersion(NamedTuple):
    """A receipt with the version that it is for.

    Attributes:
        receipt: the row of the receipt.
        owner: the sending purpose that released the version.
        number: the number of the version among that owner's versions.
    """

    receipt: Receipt
    owner: str
    number: int


@dataclass
class SentVersions:
    """What is stored of the versions that a team was sent by one transfer.

    Attributes:
        signed: those that a team of the school signed that it granted them, also with a key that is not confirmed yet.
        damaged: those of which there are only grants that nobody signed who may.
        unsigned: those of which there is a receipt alone. Somebody put it there, or has removed the grant.
        taking_back: the ids of those among them that say that what their owner answered before was taken back. Earlier
            versions of that owner are not among any of these.
        withdrawn: those earlier versions, as far as the team had opened them or been given them. When, and by whom, is
            all that it is told of them: nothing of them can be opened.
        taken_back: the owners who have taken back something that the team was sent, opened or not, and have sent it
            nothing since.
    """

    signed: list[ReceiptOfVersion] = field(default_factory=list)
    damaged: list[ReceiptOfVersion] = field(default_factory=list)
    unsigned: list[ReceiptOfVersion] = field(default_factory=list)
    taking_back: frozenset[UUID] = frozenset()
    withdrawn: tuple[ReceiptOfVersion, ...] = ()
    taken_back: frozenset[str] = frozenset()

    @property
    def listed(self) -> list[ReceiptOfVersion]:
        """What lists show: the signed ones; if there is none, the others, so that the line is not missing."""
        return self.signed or [*self.damaged, *self.unsigned]

    @property
    def tried(self) -> list[ReceiptOfVersion]:
        """What is opened: every version with a grant. If the newest grant of an owner is damaged, it is said."""
        return [*self.signed, *self.damaged]

    def without(
        self,
        withdrawn: Mapping[tuple[UUID, str], Withdrawal],
        record_of: Mapping[UUID, UUID],
        had: Mapping[str, int],
    ) -> SentVersions:
        """The same, with the versions that were taken back set apart.

        Args:
            withdrawn: the versions that take others back, by record and owner.
            record_of: the record of each version.
            had: the first version of each owner that the team had been granted by this transfer and that was withdrawn.
        """

        def taking(version: ReceiptOfVersion) -> Withdrawal | None:
            by = withdrawn.get((record_of[version.receipt.revision_id], version.owner))
            return by if by is not None and version.number < by.number else None

        def stands(version: ReceiptOfVersion) -> bool:
            return taking(version) is None

        def was_had(version: ReceiptOfVersion) -> bool:
            by, receipt = taking(version), version.receipt
            had = receipt.opened_at is not None or receipt.given_out_at is not None
            return by is not None and had and receipt.revision_id not in by.before

        every = [*self.signed, *self.damaged, *self.unsigned]
        signed = [version for version in self.signed if stands(version)]
        answering = {version.owner for version in signed}
        records = {record_of[version.receipt.revision_id] for version in every}
        return SentVersions(
            signed=signed,
            damaged=[version for version in self.damaged if stands(version)],
            unsigned=[version for version in self.unsigned if stands(version)],
            taking_back=frozenset(by.revision_id for by in withdrawn.values()),
            withdrawn=tuple(version for version in every if was_had(version)),
            taken_back=frozenset(
                owner
                for (record_id, owner), by in withdrawn.items()
                if record_id in records and owner not in answering and had.get(owner, by.number) < by.number
            ),
        )

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The owners of whom the database names a newer version than the team was granted by a signature."""
        numbers = {owner: number for _, owner, number in newest(self.signed)}
        unlike = newest([*self.damaged, *self.unsigned])
        owners = {owner for _, owner, number in unlike if number > numbers.get(owner, 0)}
        return tuple(owner for owner in SENDING if owner in owners)


def team_versions(
    session: Session,
    *,
    trust: Trust,
    team: OpenTeam,
    transfer_id: UUID | None = None,
    checked: dict[UUID, CheckedRow] | None = None,
) -> dict[UUID, SentVersions]:
    """The versions that a team was sent, by transfer; those apart whose owner has signed that it took them back.

    Args:
        trust: which keys the session trusts.
        team: the team.
        transfer_id: only those of one transfer; None for all.
        checked: where a list keeps the rows whose signatures it has checked.
    """
    receipts: dict[tuple[UUID, UUID], ReceiptOfVersion] = {}
    record_of: dict[UUID, UUID] = {}
    written = (
        select(Receipt, Revision.owner, Revision.number, Revision.record_id)
        .join(Revision, Revision.id == Receipt.revision_id)
        .where(Receipt.team_id == team.id)
    )
    if transfer_id is not None:
        written = written.where(Receipt.transfer_id == transfer_id)
    for receipt, owner, number, record_id in session.execute(written):
        record_of[receipt.revision_id] = record_id
        receipts[receipt.transfer_id, receipt.revision_id] = ReceiptOfVersion(receipt, owner, number)
    which = [
        Grant.grantee_team_id == team.id,
        Transfer.provider_id == team.organisation_id,
        *STANDING,
    ]
    if transfer_id is not None:
        which.append(Grant.transfer_id == transfer_id)
    signed_rows = SignedRows(session, trust, {} if checked is None else checked)
    rows = signed_rows.grant_rows(*which)
    found = signed_rows.grants(rows)
    signed: dict[tuple[UUID, UUID], ReceiptOfVersion] = {}
    damaged: dict[tuple[UUID, UUID], ReceiptOfVersion] = {}
    for row in sorted(rows, key=lambda row: (row.created_at, row.id)):
        place = (row.transfer_id, row.revision_id)
        record_of[row.revision_id] = row.record_id
        written_one = receipts.get(place) or ReceiptOfVersion(
            _unopened(row),
            row.owner,
            row.number,
        )
        (signed if row.id in found else damaged).setdefault(place, written_one)
    by_transfer: dict[UUID, SentVersions] = {}
    for (of_transfer, _), version in signed.items():
        by_transfer.setdefault(of_transfer, SentVersions()).signed.append(version)
    for place, version in damaged.items():
        if place not in signed:
            by_transfer.setdefault(place[0], SentVersions()).damaged.append(version)
    for place, version in receipts.items():
        if place not in signed and place not in damaged:
            by_transfer.setdefault(place[0], SentVersions()).unsigned.append(version)
    of_transfers = select(Transfer.record_id).where(
        Transfer.provider_id == team.organisation_id,
        *([] if transfer_id is None else [Transfer.id == transfer_id]),
    )
    withdrawn = withdrawals(signed_rows, Revision.record_id.in_(of_transfers))
    if not withdrawn:
        return by_transfer
    had = _had(session, team.id)
    standing = {
        of_transfer: versions.without(withdrawn, record_of, had[of_transfer])
        for of_transfer, versions in by_transfer.items()
    }
    return {of_transfer: versions for of_transfer, versions in standing.items() if versions.listed}


def _had(session: Session, team_id: UUID) -> Mapping[UUID, Mapping[str, int]]:
    """The number of the first version of each owner that a team was granted and that was withdrawn, by transfer.

    Rows say so. Whoever can write to the database can make an answer that was taken back read as not given.
    """
    had: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for transfer_id, owner, number in session.execute(
        select(Grant.transfer_id, Revision.owner, func.min(Revision.number))
        .join(Revision, Revision.id == Grant.revision_id)
        .where(
            Grant.grantee_team_id == team_id,
            Grant.withdrawn_at.is_not(None),
            Revision.number > 0,
        )
        .group_by(Grant.transfer_id, Revision.owner)
    ):
        if transfer_id is not None:
            had[transfer_id][owner] = number
    return had


def receipts_to_fill(
    session: Session, *, transfer_id: UUID, team_id: UUID, revision_ids: Collection[UUID]
) -> Sequence[Receipt]:
    """The receipts of versions that a team opened or is given. One that is missing is added: nobody reads without one.

    Args:
        session: a write session.
        transfer_id: the transfer.
        team_id: the team.
        revision_ids: the versions, whose grants to the team were checked.
    """
    written = session.scalars(
        select(Receipt).where(
            Receipt.transfer_id == transfer_id,
            Receipt.team_id == team_id,
            Receipt.revision_id.in_(revision_ids),
        )
    ).all()
    missing = set(revision_ids) - {receipt.revision_id for receipt in written}
    # One that cannot be read would stand in the way of the one that is written anew.
    session.execute(
        delete(Receipt).where(
            Receipt.transfer_id == transfer_id,
            Receipt.team_id == team_id,
            Receipt.revision_id.in_(missing),
        )
    )
    granted_at: dict[UUID, datetime] = {}
    for grant in session.execute(
        select(Grant.revision_id, Grant.created_at)
        .where(
            Grant.transfer_id == transfer_id,
            Grant.grantee_team_id == team_id,
            Grant.revision_id.in_(missing),
            Grant.withdrawn_at.is_(None),
        )
        .order_by(Grant.created_at)
    ):
        granted_at.setdefault(grant.revision_id, grant.created_at)
    fresh = [
        Receipt(transfer_id=transfer_id, team_id=team_id, revision_id=revision_id, granted_at=at)
        for revision_id, at in granted_at.items()
    ]
    session.add_all(fresh)
    return [*written, *fresh]


def was_sent_to(
    session: Session, *, trust: Trust, transfer_id: UUID, teams: Collection[OpenTeam], signed: bool = True
) -> set[UUID]:
    """The ids of those of some teams that were sent something by a transfer.

    Args:
        trust: which keys the session trusts.
        transfer_id: the transfer.
        teams: the teams.
        signed: whether a team of the school has to have signed it. Otherwise it is enough that the database says so.
    """
    sent: set[UUID] = set()
    for team in teams:
        of_team = team_versions(session, trust=trust, team=team, transfer_id=transfer_id)
        versions = of_team.get(transfer_id)
        if versions is not None and (versions.signed or not signed):
            sent.add(team.id)
    return sent


def granted_versions(
    session: Session, *, trust: Trust, transfer: Transfer
) -> dict[UUID, list[ReceiptOfVersion]]:
    """The versions that the school signed that it granted by a transfer and that wait for a team, by the team.

    What is for the safeguarding team waits for no other: whether anything in it is for another team, only that team can
    tell, and whether it has to do something about it would tell everybody.

    The school's own teams have grants by a transfer too. They count only where they receive it themselves.

    A version whose grant names a key that is not confirmed yet is among them. One without a receipt has one here that
    says that nobody has opened it, and that is not stored.

    Args:
        trust: which keys the session trusts.
        transfer: the transfer.
    """
    written: dict[tuple[UUID, UUID], Receipt] = {
        (receipt.team_id, receipt.revision_id): receipt
        for receipt in session.scalars(select(Receipt).where(Receipt.transfer_id == transfer.id))
    }
    signed_rows = SignedRows(session, trust, {})
    rows = signed_rows.grant_rows(Grant.transfer_id == transfer.id, *STANDING)
    receivers = _receivers(session, trust=trust, transfer=transfer, team_ids={row.team_id for row in rows})
    rows = [row for row in rows if row.team_id in receivers]
    found = signed_rows.grants(rows)
    by_team: dict[UUID, dict[UUID, ReceiptOfVersion]] = {}
    for row in rows:
        if row.id in found and OPENS_FIRST.get(row.owner) in (None, *receivers[row.team_id]):
            receipt = written.get((row.team_id, row.revision_id)) or _unopened(row)
            by_team.setdefault(row.team_id, {})[row.revision_id] = ReceiptOfVersion(
                receipt, row.owner, row.number
            )
    return {team_id: list(versions.values()) for team_id, versions in by_team.items()}


def _receivers(
    session: Session, *, trust: Trust, transfer: Transfer, team_ids: Collection[UUID]
) -> dict[UUID, frozenset[str]]:
    """Those of some teams that receive what a transfer's provider is sent, with their work: as they were confirmed,
    else as stored.
    """
    known = trust.current(session, list(team_ids))
    stored = session.scalars(select(Team).where(Team.id.in_(set(team_ids) - known.keys()))).all()
    work = [(team.id, team.organisation_id, team.purposes) for team in known.values()]
    work += [(team.id, team.organisation_id, frozenset(team.purposes)) for team in stored]
    return {
        team_id: purposes
        for team_id, organisation_id, purposes in work
        if organisation_id == transfer.provider_id and not RECEIVES.isdisjoint(purposes)
    }


def _unopened(row: GrantRow) -> Receipt:
    """A receipt, which is not stored, of a version that a team was granted and that nobody has opened."""
    return Receipt(
        transfer_id=row.transfer_id,
        team_id=row.team_id,
        revision_id=row.revision_id,
        granted_at=row.created_at,
    )


def newest(receipts: Iterable[ReceiptOfVersion]) -> list[ReceiptOfVersion]:
    """Each owner's newest version, out of one team's receipts of one transfer."""
    newest_by_owner: dict[str, ReceiptOfVersion] = {}
    for candidate in receipts:
        best = newest_by_owner.get(candidate.owner)
        if best is None or candidate.number > best.number:
            newest_by_owner[candidate.owner] = candidate
    return list(newest_by_owner.values())


def opened(receipts: Iterable[ReceiptOfVersion]) -> list[ReceiptOfVersion]:
    """The versions that the team has opened, out of its receipts."""
    return [candidate for candidate in receipts if candidate.receipt.opened_at is not None]


def state_of(receipts: Sequence[ReceiptOfVersion]) -> str:
    """What a team has done with a transfer, out of its receipts: `new`, `changed`, `opened` or `acknowledged`.

    `changed` means that it has opened an earlier version and not the newest one.
    """
    current = newest(receipts)
    if all(receipt.acknowledged_at for receipt, _, _ in current):
        return "acknowledged"
    if len(opened(current)) == len(current):
        return "opened"
    return "changed" if opened(receipts) else "new"
