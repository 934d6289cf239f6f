"""Which transfers are real: those that a team of the record's school signed. A row alone sends nothing anywhere."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.awaited import awaited_by
from transition_exchange.exchange.keys.key_rows import key_in_rows
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.statements import digest_of
from transition_exchange.sealing.transfers import RECALLED, SENT, TransferStatement
from transition_exchange.store import chain
from transition_exchange.store.models import Event, Record, Transfer

SIGNED_BY = "transition"
"""The purpose of the teams that send records and take them back. The others follow."""
RECALL_EVENT = "transfer.recalled"
"""The kind of event by which a school's chain of events tells that a transfer was taken back."""


def sign_sent(
    *, team: OpenTeam, record: Record, transfer_id: UUID, provider_id: UUID, at: datetime
) -> Transfer:
    """A new transfer, signed.

    Args:
        team: the transition team that sends.
        record: what is sent.
        transfer_id: the id of the new transfer.
        provider_id: the receiving organisation.
        at: when it is sent.
    """
    transfer = Transfer(
        id=transfer_id, record_id=record.id, provider_id=provider_id, sent_at=at, state="sent"
    )
    _sign(transfer, team=team, record=record, state=SENT, at=at)
    return transfer


def sign_recall(*, transfer: Transfer, team: OpenTeam, record: Record, at: datetime) -> None:
    """Sign that a transfer is taken back. The statement names the one before.

    Args:
        transfer: the transfer, whose row is changed.
        team: the transition team that takes it back.
        record: the record.
        at: when.
    """
    _sign(transfer, team=team, record=record, state=RECALLED, at=at)


def _sign(transfer: Transfer, *, team: OpenTeam, record: Record, state: str, at: datetime) -> None:
    statement = TransferStatement(
        area=record.area_id,
        record=record.id,
        transfer=transfer.id,
        provider=transfer.provider_id,
        state=state,
        at=at,
        previous=_digest(transfer),
    )
    transfer.statement, transfer.signature = statement.text(), statement.sign(team.secret.signing)
    transfer.team_key_id = team.key_id


def _digest(transfer: Transfer) -> str | None:
    return digest_of(transfer.statement) if transfer.statement else None


def statement_of(
    session: Session, *, trust: Trust, record: Record, transfer: Transfer
) -> TransferStatement | None:
    """The newest statement about a transfer; None if it is not one that its school signed about this row.

    Args:
        trust: which keys the session trusts.
        record: the record that the row names.
        transfer: the row.
    """
    key = key_in_rows(session, transfer.team_key_id)
    signer = trust.known(session, key) if key else None
    if (
        signer is None
        or signer.organisation_id != record.organisation_id
        or SIGNED_BY not in signer.signs_for
    ):
        return None
    try:
        statement = TransferStatement.verify(
            transfer.statement or "", transfer.signature or b"", signer.signing_public
        )
    except (BadSignature, UnknownFormat):
        return None
    about = (statement.area, statement.record, statement.transfer, statement.provider)
    row = (record.area_id, transfer.record_id, transfer.id, transfer.provider_id)
    return statement if about == tuple(map(str, row)) else None


def recalled_in_chain(session: Session, organisation_id: UUID) -> dict[UUID, datetime]:
    """The transfers that were taken back according to a school's chain of events, with the time of each.

    Somebody who can write to the database can put a transfer's whole row back as it was before, with the statement that
    was signed then. The event stays, and removing it as well breaks the chain, which the audit shows. An event that
    does not fit its hash and its neighbours takes nothing back, and the page says that something cannot be read.
    """
    recalled: dict[UUID, datetime] = {}
    for action in chain.told(session, organisation_id, Event.body.contains(f'"kind":"{RECALL_EVENT}"')):
        if action.kind == RECALL_EVENT:
            with suppress(ValueError):  # it names no transfer
                recalled[UUID(str(action.about.get("transfer")))] = action.at
    return recalled


def signed_anew(
    session: Session, *, trust: Trust, record: Record, transfer: Transfer, team: OpenTeam
) -> bytes:
    """The signature of a team's newest key over the newest statement about a transfer, whose text stays as it is.

    Args:
        trust: which keys the session trusts.
        record: the record that the row names.
        transfer: the row.
        team: the team, one of whose keys signed the statement before.

    Raises:
        Tampered: the statement is not one that the record's school signed about this row.
    """
    statement = statement_of(session, trust=trust, record=record, transfer=transfer)
    if statement is None:
        raise Tampered
    return statement.sign(team.secret.signing)


def is_held(
    session: Session,
    *,
    trust: Trust,
    record: Record,
    transfer: Transfer,
    recalled: Collection[UUID] | None = None,
) -> bool:
    """Whether a provider holds a record by a transfer: its school signed the sending, and has not taken it back since.

    The signed statement, the row and the school's chain of events are each enough to say that it was taken back.
    Turning the row back to an earlier state sends nothing.

    Args:
        trust: which keys the session trusts.
        record: the record that the row names.
        transfer: the row.
        recalled: what `recalled_in_chain` tells of the record's school; None to ask it.
    """
    statement = statement_of(session, trust=trust, record=record, transfer=transfer)
    if statement is None or statement.state != SENT or transfer.state == RECALLED:
        return False
    if recalled is None:
        recalled = recalled_in_chain(session, record.organisation_id)
    return transfer.id not in recalled


def held(session: Session, *, trust: Trust, record: Record) -> dict[UUID, Transfer]:
    """The transfers by which providers hold a record, by provider.

    Raises:
        NotConfirmedYet: a colleague's team signed one with a new key that is not confirmed yet. To take it for one that
            nobody signed would send the record as if for the first time.
    """
    recalled = recalled_in_chain(session, record.organisation_id)
    transfers = session.scalars(select(Transfer).where(Transfer.record_id == record.id)).all()
    for transfer in transfers:
        waits = awaited_by(session, trust=trust, key_id=transfer.team_key_id)
        if waits is not None:
            raise waits
    return {
        transfer.provider_id: transfer
        for transfer in transfers
        if is_held(session, trust=trust, record=record, transfer=transfer, recalled=recalled)
    }
