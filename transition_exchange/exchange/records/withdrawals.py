"""Answers that were taken back: a further version, signed like every other, says that those before it do not count.

Whether grants and parts of those before it are there decides nothing. While the signed version stands, rows that
somebody puts back bring none of them back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from transition_exchange.exchange.records.signed_rows import Found, SignedRows, VersionRow
from transition_exchange.store import chain
from transition_exchange.store.models import Event, Revision
from transition_exchange.stored_text import read_moment

MAY_WITHDRAW: ColumnElement[bool] = Revision.manifest.contains('"withdraws":')
"""The condition that a version may be one that takes others back. Only its manifest, once checked, says whether."""


TAKEN_BACK = "safeguarding.taken_back"
"""The kind of event by which a school's chain tells that an answer was taken back."""


class Withdrawal(NamedTuple):
    """A version that takes back all that its owner had answered before.

    Attributes:
        revision_id: the version.
        number: its number. Those with a lower one are taken back.
        before: the versions among those that answered nothing themselves, because they took others back.
    """

    revision_id: UUID
    number: int
    before: frozenset[UUID] = frozenset()


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
    newest: dict[tuple[UUID, str], Withdrawal] = {}
    for row in rows:
        if row.id in found.awaited or found.signed.get(row.id):
            place = (row.record_id, row.owner)
            earlier = newest.get(place)
            before = earlier.before | {earlier.revision_id} if earlier else frozenset()
            newest[place] = Withdrawal(row.id, row.number, before)
    return newest


class Answered(NamedTuple):
    """What the safeguarding team's signed versions say of some records.

    Attributes:
        newest: the newest version that answers something, by record. Records whose answer was taken back have none.
        taken_back: when the answer was taken back, by record.
        doubtful: records of which the school's log tells that the answer was taken back, while no version stands here
            that says so. Their answer counts neither as given nor as taken back.
    """

    newest: Mapping[UUID, UUID]
    taken_back: Mapping[UUID, datetime]
    doubtful: frozenset[UUID]


def answered(rows: Sequence[VersionRow], found: Found, *, told: Mapping[UUID, int] | None = None) -> Answered:
    """For which records the safeguarding team has answered, and of which it has taken its answer back.

    Args:
        rows: its versions, the lowest number first.
        found: which of them are signed.
        told: what the log tells (`taken_back_in_chain`), where it can be read.
    """
    last = {row.record_id: row for row in rows if row.id in found.signed}
    doubtful = frozenset(
        record_id for record_id, row in last.items() if (told or {}).get(record_id, 0) > row.number
    )
    return Answered(
        {
            record_id: row.id
            for record_id, row in last.items()
            if not found.signed[row.id] and record_id not in doubtful
        },
        {
            record_id: read_moment(found.signed[row.id])
            for record_id, row in last.items()
            if found.signed[row.id]
        },
        doubtful,
    )


def taken_back_in_chain(session: Session, school_id: UUID) -> Mapping[UUID, int]:
    """The number of the version by which an answer was last taken back, by record, as the school's log tells.

    Args:
        session: a session.
        school_id: the school.
    """
    numbers: dict[UUID, int] = {}
    for action in chain.told(session, school_id, Event.body.contains(f'"kind":"{TAKEN_BACK}"')):
        number = action.about.get("number")
        with suppress(ValueError):  # it names no record
            record_id = UUID(str(action.about.get("record")))
            if action.kind == TAKEN_BACK and isinstance(number, int):
                numbers[record_id] = max(number, numbers.get(record_id, 0))
    return numbers
