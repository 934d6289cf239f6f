"""Which transfers are real: those that a team of the record's school signed. A row alone sends nothing anywhere.

Whether the record is still there, `standings.py` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.key_rows import key_in_rows
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.statements import digest_of
from transition_exchange.sealing.transfers import RECALLED, SENT, TransferStatement
from transition_exchange.store.models import Record, Transfer

SIGNED_BY = "transition"
"""The purpose of the teams that send records and take them back. The others follow."""


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


def sign_kept(
    *, transfer: Transfer, team: OpenTeam, record: Record, at: datetime, overrules: Sequence[str]
) -> None:
    """Sign once more that a record goes to a provider, where something that is stored says that it was taken back.

    Args:
        transfer: the transfer, whose row is changed.
        team: the transition team that decided it.
        record: the record.
        at: when.
        overrules: the hashes of the events that say that it was taken back and do not count.
    """
    _sign(transfer, team=team, record=record, state=SENT, at=at, overrules=overrules)


def _sign(
    transfer: Transfer,
    *,
    team: OpenTeam,
    record: Record,
    state: str,
    at: datetime,
    overrules: Sequence[str] = (),
) -> None:
    statement = TransferStatement(
        area=record.area_id,
        record=record.id,
        transfer=transfer.id,
        provider=transfer.provider_id,
        state=state,
        at=at,
        previous=_digest(transfer),
        overrules=overrules,
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
        statement = TransferStatement.read(transfer.statement or "")
        about = (statement.area, statement.record, statement.transfer, statement.provider)
        row = (record.area_id, transfer.record_id, transfer.id, transfer.provider_id)
        if about != tuple(map(str, row)):
            return None  # copied from another row, which costs no check of its signature
        statement.check(transfer.signature or b"", signer.signing_public)
    except (BadSignature, UnknownFormat):
        return None
    return statement


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
