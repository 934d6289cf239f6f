"""Where a record stands at a provider: what its school signed, the transfer's row and the school's log together.

Each of the three can say that the record was taken back, and only the statement is signed. Somebody who can write to
the database can put an older row back with the statement that was signed then. Nothing in the row tells, but the log
does. They can also append an event to the log that nobody caused. So where a signed statement says "sent" and something
else says "taken back", neither is believed. The transfer is disputed: nothing more goes there by itself, and pages say
why, until a team of the school signs which of the two is true. The same holds where the row names another provider than
the statement. To which provider a record went is what the statement says, wherever its school looks at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import chain as chain_of
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import moment
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.transfers import (
    awaited_statement,
    awaiting_statement,
    statement_of,
)
from transition_exchange.sealing.transfers import RECALLED, SENT, TransferStatement
from transition_exchange.store import chain
from transition_exchange.store.events import Action
from transition_exchange.store.models import Event, Record, Transfer

RECALL_EVENT = "transfer.recalled"
"""The kind of event by which a school's log tells that a transfer was taken back."""

Told = Literal["held", "disputed", "recalled", "unsigned"]
"""What follows from all that is stored about a transfer.

`held`: a team of the school signed that the record goes there, and nothing says otherwise. `disputed`: a team signed
it, and the row or the log says that it was taken back, or the row names another provider. `recalled`: a team signed
that it was taken back, or the record was sent there anew. `unsigned`: no team of the school signed anything about this
row that counts.
"""


@dataclass(frozen=True)
class Standing:
    """What is stored about one transfer, and what follows from it.

    Attributes:
        statement: the newest one about it; None if no team of its school signed one.
        events: those that tell that it was taken back and that the statement does not overrule, the oldest first.
        awaited: what a team of the school signed about it with a key that is not confirmed yet, where there is no
            statement; None if it signed nothing.
    """

    transfer: Transfer
    told: Told
    statement: TransferStatement | None
    events: tuple[Action, ...]
    awaited: TransferStatement | None = None

    @property
    def provider_id(self) -> UUID:
        """The provider that what was signed names; the row's, if nothing was signed about it."""
        signed = self.statement or self.awaited
        return UUID(str(signed.provider)) if signed is not None else self.transfer.provider_id

    @property
    def elsewhere(self) -> UUID | None:
        """The provider that the row names, where what was signed names another one."""
        return None if self.transfer.provider_id == self.provider_id else self.transfer.provider_id

    @property
    def event(self) -> Action | None:
        """The newest event that tells that it was taken back; None if there is none that counts."""
        return self.events[-1] if self.events else None

    @property
    def overrules(self) -> frozenset[str]:
        """The hashes of the events that do not count once the school has signed that the record stays."""
        before = self.statement.overrules if self.statement is not None else ()
        return frozenset(before) | {event.hash for event in self.events}

    @property
    def counts(self) -> bool:
        """Whether the provider holds the record by it, or may hold it where that is disputed."""
        return self.told in ("held", "disputed")

    @property
    def signed_at(self) -> datetime:
        """When the statement was signed; when the row says that the record was sent, if there is no statement."""
        if self.statement is None:
            return self.transfer.sent_at
        return datetime.fromisoformat(str(self.statement.at))

    @property
    def recalled_at(self) -> datetime | None:
        """When it was taken back, by the first of row, statement and log that says so."""
        if self.transfer.recalled_at is not None:
            return self.transfer.recalled_at
        if self.statement is not None and self.statement.state == RECALLED:
            return self.signed_at
        return self.event.at if self.event else None

    @property
    def seen(self) -> str:
        """A digest of what contradicts what, for a button that decides it; empty if nothing does.

        What comes after the page was shown, such as a colleague's real recall, is not decided with it.
        """
        if self.told != "disputed":
            return ""
        return self._digest(self.transfer.state)

    def where(self, left: Iterable[str]) -> str:
        """A digest of where the record is by all that is stored, for a button that takes it back.

        What the provider does with it meanwhile changes nothing about that.

        Args:
            left: what is left of the transfer besides its row (`Trace.named`).
        """
        return self._digest(self.told, str(self.provider_id), *sorted(left))

    def _digest(self, *further: str) -> str:
        said = [self.transfer.statement or "", str(self.transfer.provider_id), *further]
        return sha256("\n".join([*said, *(event.hash for event in self.events)]).encode()).hexdigest()

    def dispute(self, provider: str, *, elsewhere: str = "") -> str:
        """What contradicts what, and what to do about it; empty if nothing does.

        Args:
            provider: the name of the provider.
            elsewhere: the name of the provider that the row names, where that is another one.
        """
        if self.told != "disputed":
            return ""
        what = []
        if self.event:
            what.append(
                f"The log says that this was taken back on {moment(self.event.at)}, but what your school’s team "
                "signed says that it was sent."
            )
        elif self.transfer.state == RECALLED:
            what.append(
                "The database says that this was taken back, but neither the log nor what your school’s team signed "
                "says so."
            )
        if self.elsewhere:
            what.append(
                f"The database says that this went to {elsewhere}, but what your school’s team signed says that it "
                f"went to {provider}. While the database says so, {provider} cannot open the record here."
            )
        return (
            f"{' '.join(what)} Somebody has changed what is stored. Ask {provider} whether it has the record, and tell "
            "the council’s NEET group."
        )


def recalled_in_chain(session: Session, organisation_id: UUID) -> dict[UUID, tuple[Action, ...]]:
    """The events about each transfer that was taken back according to a school's log, the oldest first.

    An event that does not fit its hash, its neighbours and the end of the chain takes nothing back, and the page says
    that something cannot be read. One that fits may still be one that nobody caused: whoever writes an event can write
    the end of the chain too.
    """
    recalls: defaultdict[UUID, list[Action]] = defaultdict(list)
    for action in chain.told(session, organisation_id, Event.body.contains(f'"kind":"{RECALL_EVENT}"')):
        if action.kind == RECALL_EVENT:
            with suppress(ValueError):  # it names no transfer
                recalls[UUID(str(action.about.get("transfer")))].append(action)
    return {transfer_id: tuple(events) for transfer_id, events in recalls.items()}


def standing_of(
    session: Session,
    *,
    trust: Trust,
    record: Record,
    transfer: Transfer,
    recalls: Mapping[UUID, Sequence[Action]] | None = None,
) -> Standing:
    """What is stored about one transfer, and what follows from it.

    Args:
        trust: which keys the session trusts.
        record: the record that the row names.
        transfer: the row.
        recalls: what `recalled_in_chain` gives for the record's school; None to ask it.
    """
    statement = statement_of(session, trust=trust, record=record, transfer=transfer)
    if recalls is None:
        recalls = recalled_in_chain(session, record.organisation_id)
    overruled = frozenset(statement.overrules) if statement is not None else frozenset()
    events = [event for event in recalls.get(transfer.id, ()) if event.hash not in overruled]
    if statement is not None and statement.state == SENT:
        events += _of_others(record, transfer, statement, recalls)
    events.sort(key=lambda event: event.seq)
    told: Told
    if statement is None:
        told = "unsigned"
    elif statement.state != SENT:
        told = "recalled"
    else:
        moved = str(statement.provider) != str(transfer.provider_id)
        told = "disputed" if events or moved or transfer.state == RECALLED else "held"
    awaited = None
    if statement is None:
        awaited = awaiting_statement(session, trust=trust, record=record, transfer=transfer)
    return Standing(transfer, told, statement, tuple(events), awaited)


def _of_others(
    record: Record,
    transfer: Transfer,
    statement: TransferStatement,
    recalls: Mapping[UUID, Sequence[Action]],
) -> list[Action]:
    """The events by which another transfer of a record to the same provider was taken back after a statement.

    That other transfer may be gone, with what was signed about it. A school sends a record to a provider by one
    transfer at a time. So the record went there by the other one since, and the statement is an older one.
    """
    place, signed_at = (str(record.id), statement.provider), datetime.fromisoformat(str(statement.at))
    return [
        event
        for transfer_id, events in recalls.items()
        for event in events
        if transfer_id != transfer.id
        and (event.about.get("record"), event.about.get("provider")) == place
        and event.at > signed_at
        and event.hash not in statement.overrules
    ]


def standings(
    session: Session, *, trust: Trust, record: Record, recalls: Mapping[UUID, Sequence[Action]] | None = None
) -> list[Standing]:
    """All transfers of a record, the one that was signed last at the end.

    A school sends a record to a provider anew only after it has taken it back, or after what it signed before was lost.
    So of all that was signed about one provider, a sending or a recall, only the last counts. Rows of other transfers
    there that say "sent" were put back.

    Args:
        trust: which keys the session trusts.
        record: the record.
        recalls: as for `standing_of`.
    """
    if recalls is None:
        recalls = recalled_in_chain(session, record.organisation_id)
    found = [
        standing_of(session, trust=trust, record=record, transfer=transfer, recalls=recalls)
        for transfer in session.scalars(select(Transfer).where(Transfer.record_id == record.id))
    ]
    found.sort(key=lambda standing: (standing.signed_at, standing.transfer.id))
    last = {standing.provider_id: standing for standing in found if standing.statement is not None}
    return [
        replace(standing, told="recalled")
        if standing.counts and last[standing.provider_id] is not standing
        else standing
        for standing in found
    ]


@dataclass(frozen=True)
class Places:
    """Where a record is, and where it was.

    Attributes:
        holding: the transfers by which providers hold it, or may hold it where that is disputed, by signed provider.
        taken_back: when it was taken back from each provider that does not hold it any more, by what the school signed
            or by its log, whichever is later.
    """

    holding: Mapping[UUID, Standing]
    taken_back: Mapping[UUID, datetime]


def places(session: Session, *, trust: Trust, record: Record) -> Places:
    """Where a record is, and from whom it was taken back.

    Args:
        trust: which keys the session trusts.
        record: the record.

    Raises:
        NotConfirmedYet: a colleague's team signed a transfer with a new key that is not confirmed yet. To take it for
            one that nobody signed would send the record as if for the first time.
    """
    recalls = recalled_in_chain(session, record.organisation_id)
    found = standings(session, trust=trust, record=record, recalls=recalls)
    for standing in found:
        waits = awaited_statement(session, trust=trust, record=record, transfer=standing.transfer)
        if waits is not None:
            raise waits
    holding = {standing.provider_id: standing for standing in found if standing.counts}
    over: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for standing in found:
        if standing.statement is not None and standing.statement.state == RECALLED:
            over[standing.provider_id].append(standing.signed_at)
    for event in chain_of.from_iterable(recalls.values()):
        if event.about.get("record") == str(record.id):
            with suppress(ValueError):  # it names no provider
                over[UUID(str(event.about.get("provider")))].append(event.at)
    return Places(holding, {id: max(times) for id, times in over.items() if id not in holding})


def at_providers(session: Session, *, trust: Trust, record: Record) -> Mapping[UUID, Standing]:
    """The transfers by which providers hold a record, or may hold it, as `places` finds them."""
    return places(session, trust=trust, record=record).holding
