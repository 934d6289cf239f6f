"""What shows that a record was sent by a transfer about which no statement counts: signed grants, and the school's log.

Somebody who can write to the database can take the statement out of a transfer's row, change what makes it count, move
the row to another record, or remove it. Then nothing goes there by it. But it is not so that nobody has the record: the
school's teams signed what they granted by it, and the log says that they sent it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from transition_exchange.english import moment
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.confirmed_teams import teams_by_id
from transition_exchange.exchange.records.signed_rows import STANDING, GrantRow, SignedRows
from transition_exchange.exchange.records.standings import standings
from transition_exchange.store import chain
from transition_exchange.store.events import Action
from transition_exchange.store.models import Event, Grant, Record

SENT_EVENT, KEPT_EVENT = "record.sent", "transfer.kept"
NO_NAME = "a provider that nothing stored names any more"

_RECORD = re.compile(r'"record":"([0-9a-f-]{36})"')
_TRANSFER = re.compile(r'"transfer[0-9]*":"([0-9a-f-]{36})"')
_AT_ONCE = 100
"""How many transfers one query looks for in texts."""

Follows = Literal["lost", "replaced", "another"]
"""What follows about a transfer without a statement that counts.

`lost`: it is not certain whether the provider has the record. The log alone never ends that: whoever can write an event
can also write the end of the chain. `replaced`: no grant of it stands, and the school has signed since that the record
goes to that provider by another transfer, or that it took that one back. `another`: what is left says that it was
another record that was sent by it.
"""


@dataclass(frozen=True)
class Trace:
    """What is left of a transfer: one for each record and provider that signed grants or the log name.

    Attributes:
        record_id: the record that was sent.
        provider_id: where; None if nothing that is left says so.
        at: the latest time of all that shows it.
    """

    transfer_id: UUID
    record_id: UUID
    provider_id: UUID | None
    at: datetime
    follows: Follows

    @property
    def named(self) -> str:
        """Which record went where by it, and what follows, for a digest of it."""
        return f"{self.record_id} {self.provider_id} {self.follows}"

    def words(self, provider: str) -> str:
        """What is not certain, and what to do about it; empty if nothing is.

        Args:
            provider: the name of the provider.
        """
        if self.follows != "lost":
            return ""
        return (
            f"Your school sent this to {provider} on {moment(self.at)}, but what your school’s team signed about it is "
            f"gone from the database or was changed. Ask {provider} whether it has the record, and tell the council’s "
            "NEET group. If it should have it, send the record there again."
        )


Sending = tuple[UUID, UUID]
"""A record, and the transfer by which it was sent."""


@dataclass
class _Logged:
    """What all events together say of a sending: the providers, the first that was named first; and the latest time."""

    provider_ids: list[UUID]
    at: datetime


def traces_at(session: Session, *, trust: Trust, signed_rows: SignedRows, school_id: UUID) -> Sequence[Trace]:
    """What is left of a school's transfers about which no statement counts.

    Args:
        trust: which keys the session trusts.
        signed_rows: checks the rows of transfers and grants.
        school_id: the school.
    """
    rows, told = signed_rows.transfers(Record.organisation_id == school_id)
    records = select(Record.id).where(Record.organisation_id == school_id)
    found = _found(
        session,
        trust=trust,
        signed_rows=signed_rows,
        school_id=school_id,
        record_ids=set(session.scalars(records)),
        settled={(row.record_id, row.id) for row in rows if row.id in told},
        which=[],
    )
    return [trace for traces in found.values() for trace in traces]


def traces_of(session: Session, *, trust: Trust, signed_rows: SignedRows, record: Record) -> Sequence[Trace]:
    """What is left of one record's transfers about which no statement counts.

    Where a row names the record by which another one was sent, what is left of that is among them.

    Args:
        trust: which keys the session trusts.
        signed_rows: checks the rows of transfers and grants.
        record: the record.
    """
    rows, told = signed_rows.transfers(Record.id == record.id)
    unsigned = [row.id for row in rows if row.id not in told]
    which = [Event.body.contains(str(named)) for named in (record.id, *unsigned[:_AT_ONCE])]
    records = select(Record.id).where(Record.organisation_id == record.organisation_id)
    found = _found(
        session,
        trust=trust,
        signed_rows=signed_rows,
        school_id=record.organisation_id,
        record_ids={record.id, *session.scalars(records)} if unsigned else {record.id},
        settled={(record.id, row.id) for row in rows if row.id in told},
        which=which,
    )
    own = found.get(record.id, [])
    others = set(unsigned) - {trace.transfer_id for trace in own}
    return own + [
        replace(trace, follows="another")
        for record_id, traces in found.items()
        for trace in traces
        if record_id != record.id and trace.transfer_id in others
    ]


def _found(
    session: Session,
    *,
    trust: Trust,
    signed_rows: SignedRows,
    school_id: UUID,
    record_ids: Collection[UUID],
    settled: Collection[Sending],
    which: Sequence[ColumnElement[bool]],
) -> dict[UUID, list[Trace]]:
    """What is left of transfers, by record.

    Args:
        trust: which keys the session trusts.
        signed_rows: checks the rows of grants.
        school_id: the school.
        record_ids: its records.
        settled: the sendings about which a statement counts, or may once a key is confirmed.
        which: one of these conditions holds for the events that are looked at; none if all are.
    """
    logged = _logged(session, school_id, record_ids, settled, which)
    granted = _granted(session, signed_rows, school_id, record_ids, settled)
    providers = _providers(session, trust, school_id, granted)
    found: defaultdict[UUID, list[Trace]] = defaultdict(list)
    for sending in logged.keys() | granted.keys():
        record_id, transfer_id = sending
        times = [row.created_at for row in granted.get(sending, ())]
        named: list[UUID | None] = [*sorted(providers.get(sending, ()))]
        if sending in logged:
            times.append(logged[sending].at)
            named += logged[sending].provider_ids
        found[record_id] += [
            Trace(transfer_id, record_id, provider_id, max(times), "lost")
            for provider_id in dict.fromkeys(named or [None])
        ]
    # One that cannot be read is left out, which is counted: it keeps nobody from the others.
    records = {record.id: record for record in session.scalars(select(Record).where(Record.id.in_(found)))}
    return {
        record_id: _replaced(session, trust, records[record_id], traces, granted)
        if record_id in records
        else traces
        for record_id, traces in found.items()
    }


def _replaced(
    session: Session, trust: Trust, record: Record, traces: Sequence[Trace], granted: Collection[Sending]
) -> list[Trace]:
    """The same, with those marked after which the school has signed something about a transfer to that provider.

    Args:
        granted: the sendings of which signed grants stand. On these somebody still depends.
    """
    signed = [
        (standing.provider_id, standing.signed_at)
        for standing in standings(session, trust=trust, record=record)
        if standing.statement is not None
    ]
    return [
        replace(trace, follows="replaced")
        if (record.id, trace.transfer_id) not in granted
        and any(to == trace.provider_id and at > trace.at for to, at in signed)
        else trace
        for trace in traces
    ]


def _logged(
    session: Session,
    school_id: UUID,
    record_ids: Collection[UUID],
    settled: Collection[Sending],
    which: Sequence[ColumnElement[bool]],
) -> dict[Sending, _Logged]:
    """What the school's log says of sendings that are not settled.

    What an event says is looked at only if it fits the chain. Which transfers it may be about is read from the texts
    before, because to check all events of a school would take long. No event takes back what another one says.
    """
    texts = select(Event.body).where(
        Event.organisation_id == school_id, Event.body.contains(f'"kind":"{SENT_EVENT}"')
    )
    known = {(str(record_id), str(transfer_id)) for record_id, transfer_id in settled}
    here = {str(id) for id in record_ids}
    unsettled: set[tuple[str, str]] = set()
    for text in session.scalars(texts.where(or_(*which)) if which else texts):
        unsettled.update(product(here.intersection(_RECORD.findall(text)), _TRANSFER.findall(text)))
    unsettled -= known
    wanted = sorted({transfer_id for _, transfer_id in unsettled})
    actions: dict[str, Action] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        about = or_(*(Event.body.contains(id) for id in wanted[start : start + _AT_ONCE]))
        kinds = or_(*(Event.body.contains(f'"kind":"{kind}"') for kind in (SENT_EVENT, KEPT_EVENT)))
        actions |= {action.hash: action for action in chain.told(session, school_id, about & kinds)}
    logged: dict[Sending, _Logged] = {}
    for action in sorted(actions.values(), key=lambda action: action.seq):
        for name, value in action.about.items():
            sending = (str(action.about.get("record")), str(value))
            if name.startswith("transfer") and sending in unsettled:
                entry = logged.setdefault((UUID(sending[0]), UUID(sending[1])), _Logged([], action.at))
                entry.at = max(entry.at, action.at)
                with suppress(ValueError):  # it names no provider
                    place = action.about.get(f"provider{name.removeprefix('transfer')}")
                    entry.provider_ids.append(UUID(str(place)))
    return logged


def _granted(
    session: Session,
    signed_rows: SignedRows,
    school_id: UUID,
    record_ids: Collection[UUID],
    settled: Collection[Sending],
) -> dict[Sending, list[GrantRow]]:
    """The grants that stand and that the school's teams signed, by sendings that are not settled."""
    of_school = [Record.organisation_id == school_id, Grant.transfer_id.is_not(None), *STANDING]
    if len(record_ids) == 1:
        of_school.append(Record.id.in_(record_ids))
    named = select(Grant.record_id, Grant.transfer_id).join(Record, Record.id == Grant.record_id)
    sendings = session.execute(named.where(*of_school).distinct())
    unsettled = sorted({row.transfer_id for row in sendings if tuple(row) not in settled})
    granted: defaultdict[Sending, list[GrantRow]] = defaultdict(list)
    for start in range(0, len(unsettled), _AT_ONCE):
        rows = signed_rows.grant_rows(*of_school, Grant.transfer_id.in_(unsettled[start : start + _AT_ONCE]))
        found = signed_rows.grants(rows)
        for row in rows:
            sending = (row.record_id, row.transfer_id)
            if row.id in found and row.record_id in record_ids and sending not in settled:
                granted[sending].append(row)
    return dict(granted)


def _providers(
    session: Session, trust: Trust, school_id: UUID, granted: Mapping[Sending, Sequence[GrantRow]]
) -> dict[Sending, set[UUID]]:
    """The organisations of the teams that got something by sendings, but for the school's own, by sending."""
    team_ids = {row.team_id for rows in granted.values() for row in rows}
    teams = teams_by_id(session, trust=trust, team_ids=team_ids) if team_ids else {}
    return {
        sending: {
            team.identity.organisation_id for row in rows if (team := teams[row.team_id]).identity is not None
        }
        - {school_id}
        for sending, rows in granted.items()
    }
