"""Which transfers are real: those that a team of the record's school signed. A row alone sends nothing anywhere.

Whether the record is still there, `standings.py` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.errors import NotConfirmedYet, Tampered
from transition_exchange.exchange.keys.awaited import awaited_by, awaited_team
from transition_exchange.exchange.keys.key_rows import key_in_rows
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.statements import digest_of
from transition_exchange.sealing.transfers import RECALLED, SENT, TransferStatement
from transition_exchange.store.models import Record, Transfer

SIGNED_BY = "transition"
"""The purpose of the teams that send records and take them back. The others follow."""


def reference_of(transfer_id: UUID) -> str:
    """What people call a transfer by where they may not know the learner's numbers: two groups of four characters,
    nothing personal. The hyphen keeps a sheet from reading one as a number.

    Page, PDF, file name and data say the same. It comes from the id, which is random and stands in what was signed of
    the transfer, so no row can give another.
    """
    return f"{transfer_id.hex[:4]}-{transfer_id.hex[4:8]}".upper()


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
    _sign(transfer, team=team, record=record, provider_id=provider_id, state=SENT, at=at)
    return transfer


def sign_recall(
    *, transfer: Transfer, team: OpenTeam, record: Record, provider_id: UUID, at: datetime
) -> None:
    """Sign that a transfer is taken back. The statement names the one before.

    Args:
        transfer: the transfer, whose row is changed.
        team: the transition team that takes it back.
        record: the record.
        provider_id: the provider, as the statement before names it. The row is made to name it too.
        at: when.
    """
    _sign(transfer, team=team, record=record, provider_id=provider_id, state=RECALLED, at=at)


def sign_kept(
    *,
    transfer: Transfer,
    team: OpenTeam,
    record: Record,
    provider_id: UUID,
    at: datetime,
    overrules: Sequence[str],
) -> None:
    """Sign once more that a record goes to a provider, where something that is stored says that it was taken back.

    Args:
        transfer: the transfer, whose row is changed.
        team: the transition team that decided it.
        record: the record.
        provider_id: as for `sign_recall`.
        at: when.
        overrules: the hashes of the events that say that it was taken back and do not count.
    """
    _sign(
        transfer,
        team=team,
        record=record,
        provider_id=provider_id,
        state=SENT,
        at=at,
        overrules=overrules,
    )


def _sign(
    transfer: Transfer,
    *,
    team: OpenTeam,
    record: Record,
    provider_id: UUID,
    state: str,
    at: datetime,
    overrules: Sequence[str] = (),
) -> None:
    statement = TransferStatement(
        area=record.area_id,
        record=record.id,
        transfer=transfer.id,
        provider=provider_id,
        state=state,
        at=at,
        previous=_digest(transfer),
        overrules=overrules,
    )
    transfer.provider_id = provider_id
    transfer.statement, transfer.signature = statement.text(), statement.sign(team.secret.signing)
    transfer.team_key_id = team.key_id


def _digest(transfer: Transfer) -> str | None:
    return digest_of(transfer.statement) if transfer.statement else None


class SentRow(NamedTuple):
    """What the rows of a transfer and of its record say, as far as the statement about the transfer must say it too.

    Attributes:
        area: the id of the record's area.
        school: the id of the record's school.
        record: the id of the record.
        transfer: the id of the transfer.
        provider: the id of the receiving organisation.
        key: the id of the key that signed the statement.
    """

    area: UUID
    school: UUID
    record: UUID
    transfer: UUID
    provider: UUID
    key: UUID | None
    statement: str | None
    signature: bytes | None

    @classmethod
    def of(cls, record: Record, transfer: Transfer) -> SentRow:
        """The same out of the rows."""
        return cls(
            area=record.area_id,
            school=record.organisation_id,
            record=transfer.record_id,
            transfer=transfer.id,
            provider=transfer.provider_id,
            key=transfer.team_key_id,
            statement=transfer.statement,
            signature=transfer.signature,
        )

    def signed_by(self, team: TeamIdentity | None, signing_public: bytes) -> TransferStatement | None:
        """The statement, if a team that may send the school's records signed it about this row; else None.

        Args:
            team: whose key the row names; None if it is nobody's who counts.
            signing_public: that key.
        """
        return self._signed_by(team, signing_public, provider=str(self.provider))

    def signed_anywhere(self, team: TeamIdentity | None, signing_public: bytes) -> TransferStatement | None:
        """The same, also where the row names another provider than the statement: the provider is what was signed.

        Args:
            team: as for `signed_by`.
            signing_public: as for `signed_by`.
        """
        return self._signed_by(team, signing_public, provider=None)

    def _signed_by(
        self, team: TeamIdentity | None, signing_public: bytes, *, provider: str | None
    ) -> TransferStatement | None:
        if team is None or team.organisation_id != self.school or SIGNED_BY not in team.signs_for:
            return None
        try:
            statement = TransferStatement.read(self.statement or "")
            about = (statement.area, statement.record, statement.transfer)
            if about != tuple(map(str, (self.area, self.record, self.transfer))):
                return None  # copied from another row, which costs no check of its signature
            if provider not in (None, statement.provider):
                return None
            statement.check(self.signature or b"", signing_public)
        except (BadSignature, UnknownFormat):
            return None
        return statement


def statement_of(
    session: Session, *, trust: Trust, record: Record, transfer: Transfer
) -> TransferStatement | None:
    """The newest statement about a transfer; None if it is not one that its school signed about this row.

    Where the record goes is what the statement says. The row may name another provider: somebody has changed it.

    Args:
        trust: which keys the session trusts.
        record: the record that the row names.
        transfer: the row.
    """
    key = key_in_rows(session, transfer.team_key_id)
    signer = trust.known(session, key) if key else None
    return SentRow.of(record, transfer).signed_anywhere(signer, signer.signing_public) if signer else None


def awaiting_statement(
    session: Session, *, trust: Trust, record: Record, transfer: Transfer
) -> TransferStatement | None:
    """The newest statement about a transfer that a team of the school signed with a key that waits to be confirmed.

    Args:
        trust: which keys the session trusts.
        record: the record that the row names.
        transfer: the row.
    """
    key = key_in_rows(session, transfer.team_key_id)
    team = awaited_team(session, trust=trust, key=key) if key else None
    return SentRow.of(record, transfer).signed_anywhere(team, key.signing_public) if key else None


def awaited_statement(
    session: Session, *, trust: Trust, record: Record, transfer: Transfer
) -> NotConfirmedYet | None:
    """Why the newest statement about a transfer cannot be checked for now.

    Args:
        trust: which keys the session trusts.
        record: the record that the row names.
        transfer: the row.

    Returns:
        None unless a team of the school that may send its records really signed it about this row, with a key that
        waits to be confirmed.
    """
    if awaiting_statement(session, trust=trust, record=record, transfer=transfer) is None:
        return None
    key = key_in_rows(session, transfer.team_key_id)
    return awaited_by(session, trust=trust, key_id=key.id) if key else None


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
