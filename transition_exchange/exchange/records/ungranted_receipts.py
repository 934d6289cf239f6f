"""Receipts without a grant: somebody put them there, or removed the grant. A receipt alone says nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from transition_exchange.sealing.transfers import RECALLED
from transition_exchange.store.models import Grant, Receipt, Record, Revision, Transfer


def receipts_without_grant(session: Session, *, school_id: UUID) -> Mapping[str, frozenset[UUID]]:
    """The transfers of a school with a receipt of a version that the team was not granted, by the version's owner.

    Whether a grant counts is not looked at here: a list of 400 learners has thousands. The page of one record does.
    What was taken back is left out, because then the grants are deleted and the receipts stay.

    Args:
        session: a read session.
        school_id: the school.
    """
    grant_of_receipt = and_(
        Grant.transfer_id == Receipt.transfer_id,
        Grant.revision_id == Receipt.revision_id,
        Grant.grantee_team_id == Receipt.team_id,
    )
    rows = session.execute(
        select(Revision.owner, Receipt.transfer_id)
        .join(Transfer, Transfer.id == Receipt.transfer_id)
        .join(Record, Record.id == Transfer.record_id)
        .join(Revision, Revision.id == Receipt.revision_id)
        .outerjoin(Grant, grant_of_receipt)
        .where(Record.organisation_id == school_id, Transfer.state != RECALLED, Grant.id.is_(None))
        .distinct()
    )
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    for owner, transfer_id in rows:
        found[owner].add(transfer_id)
    return {owner: frozenset(transfers) for owner, transfers in found.items()}
