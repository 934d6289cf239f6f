"""Which teams of a provider have a version: those that the school's teams signed that they granted it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.awaited import awaited_by
from transition_exchange.exchange.keys.team_identities import organisations_of
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.ledger_memory import CheckedRow
from transition_exchange.exchange.records.signed_rows import STANDING, GrantRow, SignedRows
from transition_exchange.store.models import Grant, Receipt, Record, Revision, Transfer


def teams_granted(
    session: Session, *, trust: Trust, transfer: Transfer, revision_id: UUID
) -> frozenset[UUID]:
    """The teams of a provider that have a version by a transfer.

    A team of the school's own sixth form may write the record too, and has a grant for that. Only there a receipt has
    to say that it got the version as a reader.

    Args:
        trust: which keys the session trusts.
        transfer: the transfer.
        revision_id: the version.

    Raises:
        NotConfirmedYet: a grant names a key that is not confirmed yet. To take it for none would send the version
            again.
    """
    signed_rows = SignedRows(session, trust, {})
    rows = signed_rows.grant_rows(
        Grant.transfer_id == transfer.id, Grant.revision_id == revision_id, *STANDING
    )
    found = signed_rows.grants(rows)
    for row in rows:
        if row.id in found.awaited and (waits := awaited_by(session, trust=trust, key_id=row.key)):
            raise waits
    granted = frozenset(row.team_id for row in rows if row.id in found.signed)
    record = session.get_one(Record, transfer.record_id)
    if record.organisation_id != transfer.provider_id:
        return granted
    return granted.intersection(
        session.scalars(
            select(Receipt.team_id).where(
                Receipt.transfer_id == transfer.id, Receipt.revision_id == revision_id
            )
        )
    )


def delivered(
    session: Session, *, trust: Trust, checked: dict[UUID, CheckedRow], school_id: UUID, owner: str
) -> tuple[Mapping[UUID, UUID], frozenset[tuple[UUID, UUID]]]:
    """An owner's newest versions at a school, and which versions went out by which transfers.

    Args:
        trust: which keys the session trusts.
        checked: where the session keeps the rows whose signatures it has checked.
        school_id: the school.
        owner: the sending purpose that releases the versions.

    Returns:
        The newest version that was signed, by record; and pairs of a transfer and a version of which a team of the
        provider was granted something, also where the key that signed it is not confirmed yet. Whose a team is that
        was granted something is what was confirmed of it, whatever its row says.
    """
    of_school = (Revision.owner == owner, Record.organisation_id == school_id)
    signed_rows = SignedRows(session, trust, checked)
    versions, released = signed_rows.versions(*of_school)
    newest = {row.record_id: row.id for row in versions if row.id in released}
    got_it = (
        select(Grant.grantee_team_id)
        .join(Record, Record.id == Grant.record_id)
        .join(Revision, Revision.id == Grant.revision_id)
        .where(*of_school, Grant.transfer_id.is_not(None))
        .distinct()
    )
    organisations = organisations_of(session, trust=trust, team_ids=session.scalars(got_it).all())
    own_teams = [team_id for team_id, organisation in organisations.items() if organisation == school_id]
    to_provider = or_(Grant.grantee_team_id.not_in(own_teams), Transfer.provider_id == school_id)
    by_place: defaultdict[tuple[UUID, UUID], list[GrantRow]] = defaultdict(list)
    for row in signed_rows.grant_rows(*of_school, *STANDING, to_provider):
        if newest.get(row.record_id) == row.revision_id:
            by_place[row.transfer_id, row.revision_id].append(row)
    # One signed grant is enough. The others are looked at only where the first is not signed.
    first = signed_rows.grants([rows[0] for rows in by_place.values()])
    others = [row for rows in by_place.values() if rows[0].id not in first for row in rows[1:]]
    further = signed_rows.grants(others)
    return newest, frozenset(
        place for place, rows in by_place.items() if any(row.id in first or row.id in further for row in rows)
    )
