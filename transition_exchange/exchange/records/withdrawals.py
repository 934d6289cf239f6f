"""Answers that were taken back: a further version, signed like every other, says that those before it do not count.

Whether grants and parts of those before it are there decides nothing. While the signed version stands, rows that
somebody puts back bring none of them back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.records.released_manifests import signed_manifest
from transition_exchange.exchange.records.signed_rows import Found, SignedRows, VersionRow
from transition_exchange.store import chain
from transition_exchange.store.base import CLOCKS_DIFFER, utc_now
from transition_exchange.store.models import Event, Record, Revision
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


def answered(rows: Sequence[VersionRow], found: Found, *, doubtful: Collection[UUID] = ()) -> Answered:
    """For which records the safeguarding team has answered, and of which it has taken its answer back.

    Args:
        rows: its versions, the lowest number first.
        found: which of them are signed.
        doubtful: of which records the log says otherwise (`doubtful_answers`), where it can be read.
    """
    last = {row.record_id: row for row in rows if row.id in found.signed}
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
        frozenset(doubtful),
    )


def answered_at(
    signed_rows: SignedRows, *, school_id: UUID, owner: str, now: datetime | None = None
) -> tuple[Sequence[VersionRow], Found, Answered]:
    """The versions of an owner at a school, and what its team has answered, with what the school's log tells.

    Args:
        signed_rows: checks the rows.
        school_id: the school.
        owner: the sending purpose that releases the versions.
        now: the present moment; None for the clock's.

    Returns:
        The versions, the lowest number first; which of them are signed; and what follows.
    """
    rows, found = signed_rows.versions(Revision.owner == owner, Record.organisation_id == school_id)
    doubtful = doubtful_answers(signed_rows, rows, found, school_id=school_id, now=now or utc_now())
    return rows, found, answered(rows, found, doubtful=doubtful)


def doubtful_answers(
    signed_rows: SignedRows, rows: Sequence[VersionRow], found: Found, *, school_id: UUID, now: datetime
) -> frozenset[UUID]:
    """The records of which the log tells that their answer was taken back, while no version says so.

    An event counts against the newest version if it names a later number and is later than what the team signed. So a
    version that is released afterwards ends the doubt, whatever number an invented event names. One that lies in the
    future does not count.
    """
    last = {row.record_id: row for row in rows if row.id in found.signed}
    told: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for record_id, number, at in taken_back_in_chain(signed_rows.session, school_id):
        row = last.get(record_id)
        if row is not None and number > row.number and at <= now + CLOCKS_DIFFER:
            told[record_id].append(at)
    doubtful = set[UUID]()
    for record_id, moments in told.items():
        try:
            revision = signed_rows.session.get_one(Revision, last[record_id].id)
            manifest = signed_manifest(signed_rows.session, trust=signed_rows.trust, revision=revision)
        except DAMAGED:  # spoilt since the session checked it
            doubtful.add(record_id)
            continue
        if max(moments) > read_moment(str(manifest.released_at)):
            doubtful.add(record_id)
    return frozenset(doubtful)


def is_doubtful(session: Session, *, trust: Trust, record: Record, owner: str) -> bool:
    """Whether the log tells that a record's newest answer was taken back, while no version says so."""
    signed_rows = SignedRows(session, trust, {})
    rows, found = signed_rows.versions(Revision.owner == owner, Revision.record_id == record.id)
    return bool(doubtful_answers(signed_rows, rows, found, school_id=record.organisation_id, now=utc_now()))


def taken_back_in_chain(session: Session, school_id: UUID) -> Sequence[tuple[UUID, int, datetime]]:
    """Which answers were taken back as the school's log tells: the record, the number of the version, and when.

    Args:
        session: a session.
        school_id: the school.
    """
    found = []
    for action in chain.told(session, school_id, Event.body.contains(f'"kind":"{TAKEN_BACK}"')):
        number = action.about.get("number")
        with suppress(ValueError):  # it names no record
            record_id = UUID(str(action.about.get("record")))
            if action.kind == TAKEN_BACK and isinstance(number, int):
                found.append((record_id, number, action.at))
    return found
