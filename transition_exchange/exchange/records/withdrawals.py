"""Answers that were taken back: a further version, signed like every other, says that those before it do not count.

Whether grants and parts of those before it are there decides nothing. While the signed version stands, rows that
somebody puts back bring none of them back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement

from transition_exchange.exchange.records.signed_rows import Found, SignedRows, VersionRow
from transition_exchange.store.models import Revision
from transition_exchange.stored_text import read_moment

MAY_WITHDRAW: ColumnElement[bool] = Revision.manifest.contains('"withdraws":')
"""The condition that a version may be one that takes others back. Only its manifest, once checked, says whether."""


class Withdrawal(NamedTuple):
    """A version that takes back all that its owner had answered before.

    Attributes:
        revision_id: the version.
        number: its number. Those with a lower one are taken back.
    """

    revision_id: UUID
    number: int


def withdrawals(
    signed_rows: SignedRows, *which: ColumnElement[bool]
) -> Mapping[tuple[UUID, str], Withdrawal]:
    """The newest versions that take others back, by record and owner.

    One whose key is not confirmed yet is among them: what was taken back is not shown until somebody can tell.

    Args:
        signed_rows: checks the rows.
        which: further conditions on the versions and their records.
    """
    rows, found = signed_rows.versions(MAY_WITHDRAW, *which)
    return {
        (row.record_id, row.owner): Withdrawal(row.id, row.number)
        for row in rows
        if row.id in found.awaited or found.signed.get(row.id)
    }


class Answered(NamedTuple):
    """What an owner's signed versions say of some records.

    Attributes:
        newest: the newest version that answers something, by record. Records whose answer was taken back have none.
        taken_back: when the answer was taken back, by record.
    """

    newest: Mapping[UUID, UUID]
    taken_back: Mapping[UUID, datetime]


def answered(rows: Sequence[VersionRow], found: Found) -> Answered:
    """Which records an owner has answered for, and of which it has taken its answer back.

    Args:
        rows: one owner's versions, the lowest number first.
        found: which of them are signed.
    """
    last = {row.record_id: row.id for row in rows if row.id in found.signed}
    return Answered(
        {record_id: version_id for record_id, version_id in last.items() if not found.signed[version_id]},
        {
            record_id: read_moment(found.signed[version_id])
            for record_id, version_id in last.items()
            if found.signed[version_id]
        },
    )
