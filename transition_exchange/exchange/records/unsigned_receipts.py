"""Receipts that no grant stands for: somebody put them there, or removed the grant. A receipt alone says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.sealing.transfers import RECALLED
from transition_exchange.store.models import Grant, Receipt, Record, Revision, Transfer


def unsigned_receipts(signed_rows: SignedRows, *, school_id: UUID) -> Mapping[str, frozenset[UUID]]:
    """The transfers of a school with a receipt of a version that the team was not granted, by the version's owner.

    What was taken back is not among them: then the grants are deleted, and the receipts stay.

    Args:
        signed_rows: checks the rows, and remembers what it has checked.
        school_id: the school.
    """
    of_school = (Record.organisation_id == school_id, Transfer.state != RECALLED)
    receipts = signed_rows.session.execute(
        select(Receipt.transfer_id, Receipt.team_id, Receipt.revision_id, Revision.owner)
        .join(Transfer, Transfer.id == Receipt.transfer_id)
        .join(Record, Record.id == Transfer.record_id)
        .join(Revision, Revision.id == Receipt.revision_id)
        .where(*of_school)
    )
    owners = {
        (transfer_id, team_id, revision_id): owner for transfer_id, team_id, revision_id, owner in receipts
    }
    grants = [
        row
        for row in signed_rows.grant_rows(*of_school, Grant.transfer_id.is_not(None))
        if (row.transfer_id, row.team_id, row.revision_id) in owners
    ]
    found = signed_rows.grants(grants)
    granted = {(row.transfer_id, row.team_id, row.revision_id) for row in grants if row.id in found}
    doubtful: dict[str, set[UUID]] = {}
    for place, owner in owners.items():
        if place not in granted:
            doubtful.setdefault(owner, set()).add(place[0])
    return {owner: frozenset(transfers) for owner, transfers in doubtful.items()}
