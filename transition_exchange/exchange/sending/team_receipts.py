"""What each receiving team has done with each version of a record that it was sent, as its receipts say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.store.models import Grant, Principal, Receipt, Revision, Team, Transfer


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
        deleted_at: when the team said that it has deleted what it kept, after the record was taken back.
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
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    newest: bool = True
    signed: bool = True

    @property
    def reached(self) -> bool:
        """Whether somebody at the provider has seen it or holds a file with it."""
        return self.opened_at is not None or self.given_out_at is not None


def receipts_of(
    session: Session, *, record_id: UUID, trust: Trust, signed_rows: SignedRows
) -> dict[UUID, list[TeamReceipt]]:
    """What the receipts of a record say, by transfer. The newest version of a team is the newest that was signed.

    Args:
        record_id: the record.
        trust: which keys the session trusts.
        signed_rows: checks the grants.
    """
    opener, holder, acknowledger = aliased(Principal), aliased(Principal), aliased(Principal)
    deleter = aliased(Principal)
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
    for (
        receipt,
        row_name,
        owner,
        number,
        opened_by,
        given_out_by,
        acknowledged_by,
        deleted_by,
    ) in session.execute(
        select(
            Receipt,
            Team.name,
            Revision.owner,
            Revision.number,
            opener.name,
            holder.name,
            acknowledger.name,
            deleter.name,
        )
        .join(Transfer, Transfer.id == Receipt.transfer_id)
        .join(Team, Team.id == Receipt.team_id)
        .join(Revision, Revision.id == Receipt.revision_id)
        .outerjoin(opener, opener.id == Receipt.opened_by)
        .outerjoin(holder, holder.id == Receipt.given_out_by)
        .outerjoin(acknowledger, acknowledger.id == Receipt.acknowledged_by)
        .outerjoin(deleter, deleter.id == Receipt.deleted_by)
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
                deleted_at=receipt.deleted_at,
                deleted_by=deleted_by,
                newest=signed and key not in seen,
                signed=signed,
            )
        )
        if signed:
            seen.add(key)
    return by_transfer
