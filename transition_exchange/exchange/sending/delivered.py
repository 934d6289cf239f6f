"""Which teams of a provider have a version: those that the school's teams signed that they granted it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.awaited import awaited_by
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.ledger_memory import CheckedRow
from transition_exchange.exchange.records.signed_rows import STANDING, SignedRows
from transition_exchange.exchange.records.withdrawals import answered_at
from transition_exchange.exchange.sending.readers import provider_teams
from transition_exchange.proforma import UnknownVersion, load
from transition_exchange.store.models import Grant, Receipt, Record, Revision, Transfer


def teams_granted(
    session: Session, *, trust: Trust, transfer: Transfer, provider_id: UUID, revision_id: UUID
) -> frozenset[UUID]:
    """The teams of a provider that have a version by a transfer.

    A team of the school's own sixth form may write the record too, and has a grant for that. Only there a receipt has
    to say that it got the version as a reader.

    Args:
        trust: which keys the session trusts.
        transfer: the transfer.
        provider_id: the provider, as the school signed it.
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
    if record.organisation_id != provider_id:
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
    """An owner's newest versions at a school, and which of them went out by which transfers.

    A version went out if each team of the provider was granted it that reads something of it, as far as that is known
    without opening the record: of the safeguarding team's sections nothing is ever held back.

    Args:
        trust: which keys the session trusts.
        checked: where the session keeps the rows whose signatures it has checked.
        school_id: the school.
        owner: the sending purpose that releases the versions.

    Returns:
        The newest version that was signed, by record, where the owner has not taken its answer back; and pairs of a
        transfer and a version that went out by it, also where a key that signed a grant is not confirmed yet.
    """
    of_school = (Revision.owner == owner, Record.organisation_id == school_id)
    signed_rows = SignedRows(session, trust, checked)
    _, _, said = answered_at(signed_rows, school_id=school_id, owner=owner)
    newest = said.newest
    places = [
        (transfer_id, newest[record_id], provider_id, form)
        for transfer_id, record_id, provider_id, form in session.execute(
            select(Transfer.id, Transfer.record_id, Transfer.provider_id, Record.version)
            .join(Record, Record.id == Transfer.record_id)
            .where(Record.organisation_id == school_id)
        )
        if record_id in newest
    ]
    needed = _needed(session, trust, school_id, owner, {place[2:] for place in places})
    wanted = {
        (transfer_id, version_id, team_id)
        for transfer_id, version_id, provider_id, form in places
        for team_id in needed[provider_id, form]
    }
    rows = [
        row
        for row in signed_rows.grant_rows(*of_school, *STANDING)
        if (row.transfer_id, row.revision_id, row.team_id) in wanted
    ]
    found = signed_rows.grants(rows)
    granted = {(row.transfer_id, row.revision_id, row.team_id) for row in rows if row.id in found}
    at_home = {transfer_id for transfer_id, _, provider_id, _ in places if provider_id == school_id}
    received = _received(session, at_home)
    granted = {place for place in granted if place[0] not in at_home or place in received}
    return newest, frozenset(
        (transfer_id, version_id)
        for transfer_id, version_id, provider_id, form in places
        if needed[provider_id, form]
        and all((transfer_id, version_id, team_id) in granted for team_id in needed[provider_id, form])
    )


def _received(session: Session, transfer_ids: Collection[UUID]) -> set[tuple[UUID, UUID, UUID]]:
    """The receipts of some transfers, each as transfer, version and team."""
    if not transfer_ids:
        return set()
    columns = select(Receipt.transfer_id, Receipt.revision_id, Receipt.team_id)
    rows = session.execute(columns.where(Receipt.transfer_id.in_(transfer_ids)))
    return {(transfer_id, revision_id, team_id) for transfer_id, revision_id, team_id in rows}


def _needed(
    session: Session, trust: Trust, school_id: UUID, owner: str, kinds: Collection[tuple[UUID, str]]
) -> Mapping[tuple[UUID, str], frozenset[UUID]]:
    """The teams to which a version has to be granted, by provider and form; none where a team is lacking altogether."""
    provider_ids = {provider_id for provider_id, _ in kinds}
    teams = provider_teams(session, trust=trust, school_id=school_id, owner=owner, provider_ids=provider_ids)
    needed: dict[tuple[UUID, str], frozenset[UUID]] = {}
    for provider_id, form in kinds:
        needed[provider_id, form] = frozenset()
        with suppress(UnknownVersion):  # the row names no form, so what went out cannot be told
            if not teams[provider_id].lacks_first:
                reading = teams[provider_id].reading(load(form), {})
                needed[provider_id, form] = frozenset(team.id for team, _ in reading)
    return needed
