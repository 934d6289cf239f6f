"""Following a record: its versions, and which of them each team of each provider opened, was given and acknowledged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotConfirmedYet, NotFound
from transition_exchange.exchange.keys.confirmed_names import confirmed_names
from transition_exchange.exchange.keys.readiness import contact_of
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.open_questions import state_for, waiting_for
from transition_exchange.exchange.records.opened_versions import state_of_newest, unopened
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.records.standings import Standing, standings
from transition_exchange.exchange.records.traces import NO_NAME, Trace, traces_of
from transition_exchange.exchange.records.transfers import awaited_statement
from transition_exchange.exchange.sending.team_receipts import TeamReceipt, receipts_of
from transition_exchange.purposes import SENDING
from transition_exchange.sealing.transfers import RECALLED, SENT
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Principal, Revision, Transfer


@dataclass(frozen=True)
class Delivered:
    """One transfer of a record, as its school follows it.

    Attributes:
        provider_id: the provider that the school signed; the one that is left of it or that the row names, if none was.
        provider: its name, as it was confirmed; as its row says, with "(not confirmed)", while none is.
        elsewhere: the name of the provider that the row names, where that is another one; empty otherwise.
        genuine: whether a team of the school signed it. Nothing is sent by one that is not genuine.
        follows: what is left of one that is not genuine (`records.traces.Follows`); empty if nothing is, so that
            somebody may have put it there.
        stored: whether it has a row. If not, nothing can be decided about it.
        waits: why that cannot be checked for now, because the key that signed it is not confirmed yet; empty otherwise.
        dispute: what contradicts that the record is there, and what to do about it (`Standing.dispute`, `Trace.words`);
            empty if nothing does.
        disputed: a digest of that (`Standing.seen`), which a decision about it names.
        where: a digest of where the record is by all that is stored, which a recall names.
        ring: whom to ring there and on which number, as it was entered for the provider; empty if nothing was.
        receipts: one for each team and version; of each team and owner, the newest version first.
    """

    transfer_id: UUID
    provider_id: UUID | None
    provider: str
    state: str
    sent_at: datetime
    sent_by: str | None
    recalled_at: datetime | None
    recalled_by: str | None
    safeguarding_due: date | None
    genuine: bool = True
    waits: str = ""
    dispute: str = ""
    disputed: str = ""
    elsewhere: str = ""
    follows: str = ""
    stored: bool = True
    where: str = ""
    ring: str = ""
    receipts: tuple[TeamReceipt, ...] = ()

    @property
    def current(self) -> tuple[TeamReceipt, ...]:
        """The receipts of the newest versions that the teams were granted."""
        return tuple(receipt for receipt in self.receipts if receipt.newest)

    @property
    def doubtful(self) -> tuple[TeamReceipt, ...]:
        """The receipts of versions that no team of the school signed that it granted."""
        return tuple(receipt for receipt in self.receipts if not receipt.signed)

    def reached_before(self, receipt: TeamReceipt) -> TeamReceipt | None:
        """The newest earlier version that says more about a team than the receipt of this one does.

        Returns:
            The newest that the team has opened or, if there is none, the newest that it holds in a table of many
            records; None if it has opened this version, or no earlier version says more.
        """
        if receipt.opened_at is not None:
            return None
        earlier = [
            before
            for before in self.reached
            if (before.team, before.owner) == (receipt.team, receipt.owner) and before.number < receipt.number
        ]
        if receipt.given_out_at is not None:
            earlier = [before for before in earlier if before.opened_at is not None]
        return max(earlier, key=lambda before: (before.opened_at is not None, before.number), default=None)

    @property
    def opened(self) -> tuple[TeamReceipt, ...]:
        """The receipts of the versions that were opened."""
        return tuple(receipt for receipt in self.receipts if receipt.opened_at is not None)

    @property
    def reached(self) -> tuple[TeamReceipt, ...]:
        """The receipts of the versions that were opened or given out, by teams that may keep something of them."""
        return tuple(receipt for receipt in self.receipts if receipt.reached)


@dataclass(frozen=True)
class ReleasedVersion:
    """A version that an owner released.

    Attributes:
        signed: whether a team that does the owner's work signed it. If not, somebody may have put its row there.
        waits: whether that cannot be checked for now, because the key that signed it is not confirmed yet.
        withdraws: whether it takes back what the owner had answered before.
    """

    owner: str
    number: int
    released_at: datetime
    released_by: str | None
    signed: bool = True
    waits: bool = False
    withdraws: bool = False


@dataclass(frozen=True)
class Track:
    """Where a record was sent: its transfers with the recalled ones last, and its versions, each the newest first."""

    delivered: tuple[Delivered, ...]
    versions: tuple[ReleasedVersion, ...]

    def transfer(self, transfer_id: UUID) -> Delivered:
        """One of the transfers.

        Raises:
            NotFound: the record has no transfer with this id.
        """
        for transfer in self.delivered:
            if transfer.transfer_id == transfer_id:
                return transfer
        raise NotFound


def track(*, db: Database, actor: Actor, record_id: UUID) -> Track:
    """Follow a record of the actor's own school.

    Raises:
        NotFound: the record is unknown or belongs to another organisation.
    """
    with db.read() as session:
        record = own_record(session, actor, record_id)
        trust = trust_of(session, actor)
        signed_rows = SignedRows(session, trust, {})
        _, released = signed_rows.versions(Revision.record_id == record_id)
        versions = [
            ReleasedVersion(
                revision.owner,
                revision.number,
                revision.released_at,
                name,
                signed=revision.id in released.signed,
                waits=revision.id in released.awaited,
                withdraws=bool(released.signed.get(revision.id)),
            )
            for revision, name in session.execute(
                select(Revision, Principal.name)
                .outerjoin(Principal, Principal.id == Revision.released_by)
                .where(Revision.record_id == record_id, Revision.number > 0)
                .order_by(Revision.released_at.desc())
            )
            if revision.released_at is not None
        ]
        receipts = receipts_of(session, record_id=record_id, trust=trust, signed_rows=signed_rows)
        sender, recaller = aliased(Principal), aliased(Principal)
        rows = session.execute(
            select(Transfer, sender.name, recaller.name)
            .outerjoin(sender, sender.id == Transfer.sent_by)
            .outerjoin(recaller, recaller.id == Transfer.recalled_by)
            .where(Transfer.record_id == record_id)
            .order_by((Transfer.state == "recalled"), Transfer.sent_at.desc())
        ).all()
        by_id = {
            standing.transfer.id: standing for standing in standings(session, trust=trust, record=record)
        }
        left = traces_of(session, trust=trust, signed_rows=signed_rows, record=record)
        names = _names(session, trust, by_id.values(), left)
        left_of: defaultdict[UUID, list[Trace]] = defaultdict(list)
        for trace in left:
            left_of[trace.transfer_id].append(trace)
        delivered = [
            _delivered(
                by_id[transfer.id],
                names,
                sent_by,
                recalled_by,
                receipts.get(transfer.id, ()),
                left=left_of[transfer.id],
                waits=awaited_statement(session, trust=trust, record=record, transfer=transfer),
            )
            for transfer, sent_by, recalled_by in rows
        ]
        gone = [
            _gone(trace, names)
            for trace in left
            if trace.follows == "lost"
            and (trace.transfer_id not in by_id or trace is not left_of[trace.transfer_id][0])
        ]
        asked = frozenset[UUID]().union(
            *(
                waiting_for(session, school_id=record.organisation_id, owner=owner)
                for owner in SENDING
                if actor.team_for(owner)
            )
        )
        rung = _rung(session, [one.provider_id for one in delivered])
        # Of somebody who is in both teams, what the transition team sent says how far it is, as on its list.
        owner = next((owner for owner in SENDING if actor.team_for(owner)), SENDING[0])
        nobody_opened = unopened(session, Transfer.record_id == record_id, owner=owner)
        delivered = [
            replace(
                one,
                ring=rung.get(one.provider_id, "") if one.provider_id else "",
                state=state_of_newest(
                    state_for(one.state, one.transfer_id, asked), one.transfer_id, nobody_opened
                ),
            )
            for one in delivered
        ]
    return Track(delivered=(*gone, *delivered), versions=tuple(versions))


def _names(
    session: Session, trust: Trust, stored: Collection[Standing], left: Collection[Trace]
) -> Mapping[UUID, str]:
    """What the providers are called to which something went by what was signed, by what is left, or by a row."""
    ids = {standing.transfer.provider_id for standing in stored}
    ids |= {standing.provider_id for standing in stored}
    ids |= {trace.provider_id for trace in left if trace.provider_id is not None}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    named = {organisation_id: f"{name} (not confirmed)" for organisation_id, name in rows}
    return named | confirmed_names(session, trust=trust, organisation_ids=ids)


def _rung(session: Session, provider_ids: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """Whom to ring at some providers, as it was entered for them."""
    ids = {provider_id for provider_id in provider_ids if provider_id is not None}
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {organisation.id: contact_of(organisation) for organisation in rows}


def _gone(trace: Trace, names: Mapping[UUID, str]) -> Delivered:
    """A transfer by what is left of it: it has no row any more, or its row stands for another provider."""
    provider = names.get(trace.provider_id, NO_NAME) if trace.provider_id else NO_NAME
    return Delivered(
        transfer_id=trace.transfer_id,
        provider_id=trace.provider_id,
        provider=provider,
        state=SENT,
        sent_at=trace.at,
        sent_by=None,
        recalled_at=None,
        recalled_by=None,
        safeguarding_due=None,
        genuine=False,
        follows=trace.follows,
        stored=False,
        dispute=trace.words(provider),
    )


def _follows(standing: Standing, trace: Trace | None) -> str:
    """What follows about a transfer without a statement that counts; empty if nothing that is left tells."""
    if trace is not None:
        return trace.follows
    signed = standing.statement or standing.awaited
    return "recalled" if signed is None and standing.events and standing.transfer.state == RECALLED else ""


def _delivered(
    standing: Standing,
    names: Mapping[UUID, str],
    sent_by: str | None,
    recalled_by: str | None,
    receipts: Sequence[TeamReceipt],
    *,
    left: Sequence[Trace],
    waits: NotConfirmedYet | None,
) -> Delivered:
    """A transfer as its school follows it.

    That it was taken back is read from the signed statement too. Where that is disputed, it is shown as it was sent.

    Args:
        names: what the providers are called, by id.
        left: what is left of it, if no statement about it counts.
        waits: why its statement cannot be checked for now; None if it can, or never will.
    """
    trace = left[0] if left else None
    transfer, state, recalled_at = standing.transfer, standing.transfer.state, None
    lost = trace is not None and trace.follows == "lost"
    if standing.told == "disputed" or lost:
        state = SENT if state == RECALLED else state
    elif RECALLED in (state, standing.told):
        state, recalled_at = RECALLED, standing.recalled_at
    place = trace.provider_id if trace is not None and trace.provider_id else standing.provider_id
    provider = names.get(place, NO_NAME)
    moved = place != transfer.provider_id and (trace is None or trace.follows != "another")
    elsewhere = names.get(transfer.provider_id, NO_NAME) if moved else ""
    return Delivered(
        transfer_id=transfer.id,
        provider_id=place,
        provider=provider,
        state=state,
        sent_at=transfer.sent_at,
        sent_by=sent_by,
        recalled_at=recalled_at,
        recalled_by=recalled_by,
        safeguarding_due=transfer.safeguarding_due,
        genuine=standing.statement is not None,
        waits=waits.message if waits else "",
        dispute=trace.words(provider) if trace else standing.dispute(provider, elsewhere=elsewhere),
        disputed=standing.seen,
        elsewhere=elsewhere,
        follows=_follows(standing, trace),
        where=standing.where(one.named for one in left),
        receipts=tuple(receipts),
    )
