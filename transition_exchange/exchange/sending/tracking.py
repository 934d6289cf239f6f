"""Following a record: its versions, and which of them each team of each provider opened, was given and acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotConfirmedYet, NotFound
from transition_exchange.exchange.keys.confirmed_names import confirmed_names
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.records.standings import Standing, standings
from transition_exchange.exchange.records.transfers import awaited_statement
from transition_exchange.sealing.transfers import RECALLED, SENT
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Grant,
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
        team: the name of the team, as it was confirmed; of a team without a confirmed key, as its row says.
        owner: the sending purpose that released the version.
        number: the number of the version among that owner's versions.
        opened_at: when somebody first opened it to look at it.
        given_out_at: when somebody first downloaded it, alone or in a table of many records. A version that nobody
            has opened was in such a table.
        newest: whether it is the newest of that owner's versions that the team was granted.
        signed: whether a team of the school signed that this team was granted the version. If not, somebody may have
            put the receipt there.
    """

    team: str
    owner: str
    number: int
    granted_at: datetime
    opened_at: datetime | None
    opened_by: str | None
    given_out_at: datetime | None
    given_out_by: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    newest: bool = True
    signed: bool = True

    @property
    def reached(self) -> bool:
        """Whether somebody at the provider has seen it or holds a file with it."""
        return self.opened_at is not None or self.given_out_at is not None


@dataclass(frozen=True)
class Delivered:
    """One transfer of a record, as its school follows it.

    Attributes:
        provider: the name of the provider, as it was confirmed; as its row says, with "(not confirmed)", while none is.
        genuine: whether a team of the school signed it. Nothing is sent by one that is not genuine.
        waits: why that cannot be checked for now, because the key that signed it is not confirmed yet; empty otherwise.
        dispute: what contradicts that the record is there, and what to do about it (`Standing.dispute`); empty if
            nothing does.
        disputed: a digest of that (`Standing.seen`), which a decision about it names.
        receipts: one for each team and version; of each team and owner, the newest version first.
    """

    transfer_id: UUID
    provider_id: UUID
    provider: str
    state: str
    sent_at: datetime
    sent_by: str | None
    recalled_at: datetime | None
    recalled_by: str | None
    safeguarding_due: date | None
    genuine: bool = True
    waits: str = ""
    dispute: str = ""
    disputed: str = ""
    receipts: tuple[TeamReceipt, ...] = ()

    @property
    def current(self) -> tuple[TeamReceipt, ...]:
        """The receipts of the newest versions that the teams were granted."""
        return tuple(receipt for receipt in self.receipts if receipt.newest)

    @property
    def doubtful(self) -> tuple[TeamReceipt, ...]:
        """The receipts of versions that no team of the school signed that it granted."""
        return tuple(receipt for receipt in self.receipts if not receipt.signed)

    def reached_before(self, receipt: TeamReceipt) -> TeamReceipt | None:
        """The newest earlier version that says more about a team than the receipt of this one does.

        Returns:
            The newest that the team has opened or, if there is none, the newest that it holds in a table of many
            records; None if it has opened this version, or no earlier version says more.
        """
        if receipt.opened_at is not None:
            return None
        earlier = [
            before
            for before in self.reached
            if (before.team, before.owner) == (receipt.team, receipt.owner) and before.number < receipt.number
        ]
        if receipt.given_out_at is not None:
            earlier = [before for before in earlier if before.opened_at is not None]
        return max(earlier, key=lambda before: (before.opened_at is not None, before.number), default=None)

    @property
    def opened(self) -> tuple[TeamReceipt, ...]:
        """The receipts of the versions that were opened."""
        return tuple(receipt for receipt in self.receipts if receipt.opened_at is not None)

    @property
    def reached(self) -> tuple[TeamReceipt, ...]:
        """The receipts of the versions that were opened or given out, by teams that may keep something of them."""
        return tuple(receipt for receipt in self.receipts if receipt.reached)


@dataclass(frozen=True)
class ReleasedVersion:
    """A version that an owner released.

    Attributes:
        signed: whether a team that does the owner's work signed it. If not, somebody may have put its row there.
        waits: whether that cannot be checked for now, because the key that signed it is not confirmed yet.
    """

    owner: str
    number: int
    released_at: datetime
    released_by: str | None
    signed: bool = True
    waits: bool = False


@dataclass(frozen=True)
class Track:
    """Where a record was sent: its transfers with the recalled ones last, and its versions, each the newest first."""

    delivered: tuple[Delivered, ...]
    versions: tuple[ReleasedVersion, ...]

    def transfer(self, transfer_id: UUID) -> Delivered:
        """One of the transfers.

        Raises:
            NotFound: the record has no transfer with this id.
        """
        for transfer in self.delivered:
            if transfer.transfer_id == transfer_id:
                return transfer
        raise NotFound


def track(*, db: Database, actor: Actor, record_id: UUID) -> Track:
    """Follow a record of the actor's own school.

    Raises:
        NotFound: the record is unknown or belongs to another organisation.
    """
    with db.read() as session:
        record = own_record(session, actor, record_id)
        trust = trust_of(session, actor)
        signed_rows = SignedRows(session, trust, {})
        _, released = signed_rows.versions(Revision.record_id == record_id)
        versions = [
            ReleasedVersion(
                revision.owner,
                revision.number,
                revision.released_at,
                name,
                signed=revision.id in released.signed,
                waits=revision.id in released.awaited,
            )
            for revision, name in session.execute(
                select(Revision, Principal.name)
                .outerjoin(Principal, Principal.id == Revision.released_by)
                .where(Revision.record_id == record_id, Revision.number > 0)
                .order_by(Revision.released_at.desc())
            )
            if revision.released_at is not None
        ]
        receipts = _receipts(session, record_id, trust, signed_rows)
        sender, recaller = aliased(Principal), aliased(Principal)
        rows = session.execute(
            select(Transfer, Organisation.name, sender.name, recaller.name)
            .join(Organisation, Organisation.id == Transfer.provider_id)
            .outerjoin(sender, sender.id == Transfer.sent_by)
            .outerjoin(recaller, recaller.id == Transfer.recalled_by)
            .where(Transfer.record_id == record_id)
            .order_by((Transfer.state == "recalled"), Transfer.sent_at.desc())
        ).all()
        names = confirmed_names(
            session, trust=trust, organisation_ids={transfer.provider_id for transfer, *_ in rows}
        )
        by_id = {
            standing.transfer.id: standing for standing in standings(session, trust=trust, record=record)
        }
        delivered = [
            _delivered(
                by_id[transfer.id],
                names.get(transfer.provider_id, f"{name} (not confirmed)"),
                sent_by,
                recalled_by,
                receipts.get(transfer.id, ()),
                waits=awaited_statement(session, trust=trust, record=record, transfer=transfer),
            )
            for transfer, name, sent_by, recalled_by in rows
        ]
    return Track(delivered=tuple(delivered), versions=tuple(versions))


def _delivered(
    standing: Standing,
    provider: str,
    sent_by: str | None,
    recalled_by: str | None,
    receipts: Sequence[TeamReceipt],
    *,
    waits: NotConfirmedYet | None,
) -> Delivered:
    """A transfer as its school follows it.

    That it was taken back is read from the signed statement too. Where that is disputed, it is shown as it was sent.

    Args:
        waits: why its statement cannot be checked for now; None if it can, or never will.
    """
    transfer, state, recalled_at = standing.transfer, standing.transfer.state, None
    if standing.told == "disputed":
        state = SENT if state == RECALLED else state
    elif RECALLED in (state, standing.told):
        state, recalled_at = RECALLED, standing.recalled_at
    return Delivered(
        transfer_id=transfer.id,
        provider_id=transfer.provider_id,
        provider=provider,
        state=state,
        sent_at=transfer.sent_at,
        sent_by=sent_by,
        recalled_at=recalled_at,
        recalled_by=recalled_by,
        safeguarding_due=transfer.safeguarding_due,
        genuine=standing.statement is not None,
        waits=waits.message if waits else "",
        dispute=standing.dispute(provider),
        disputed=standing.seen,
        receipts=tuple(receipts),
    )


def _receipts(
    session: Session, record_id: UUID, trust: Trust, signed_rows: SignedRows
) -> dict[UUID, list[TeamReceipt]]:
    """What the receipts of a record say, by transfer. The newest version of a team is the newest that was signed."""
    opener, holder, acknowledger = aliased(Principal), aliased(Principal), aliased(Principal)
    by_transfer: dict[UUID, list[TeamReceipt]] = {}
    seen: set[tuple[UUID, UUID, str]] = set()
    team_ids = session.scalars(
        select(Receipt.team_id).join(Transfer).where(Transfer.record_id == record_id).distinct()
    ).all()
    known = trust.current(session, team_ids)
    grants = signed_rows.grant_rows(Grant.record_id == record_id)
    found = signed_rows.grants(grants)
    granted = {
        (grant.transfer_id, grant.team_id, grant.revision_id) for grant in grants if grant.id in found.signed
    }
    for receipt, row_name, owner, number, opened_by, given_out_by, acknowledged_by in session.execute(
        select(
            Receipt,
            Team.name,
            Revision.owner,
            Revision.number,
            opener.name,
            holder.name,
            acknowledger.name,
        )
        .join(Transfer, Transfer.id == Receipt.transfer_id)
        .join(Team, Team.id == Receipt.team_id)
        .join(Revision, Revision.id == Receipt.revision_id)
        .outerjoin(opener, opener.id == Receipt.opened_by)
        .outerjoin(holder, holder.id == Receipt.given_out_by)
        .outerjoin(acknowledger, acknowledger.id == Receipt.acknowledged_by)
        .where(Transfer.record_id == record_id)
        .order_by(Revision.owner.desc(), Team.created_at, Team.name, Revision.number.desc())
    ):
        key = (receipt.transfer_id, receipt.team_id, owner)
        team = known.get(receipt.team_id)
        signed = (receipt.transfer_id, receipt.team_id, receipt.revision_id) in granted
        by_transfer.setdefault(receipt.transfer_id, []).append(
            TeamReceipt(
                team=team.name if team else f"{row_name} (not confirmed)",
                owner=owner,
                number=number,
                granted_at=receipt.granted_at,
                opened_at=receipt.opened_at,
                opened_by=opened_by,
                given_out_at=receipt.given_out_at,
                given_out_by=given_out_by,
                acknowledged_at=receipt.acknowledged_at,
                acknowledged_by=acknowledged_by,
                newest=signed and key not in seen,
                signed=signed,
            )
        )
        if signed:
            seen.add(key)
    return by_transfer
