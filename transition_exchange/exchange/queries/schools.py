"""Which school a question goes to: the one whose transition team signed that it sent the record.

The record's row names a school too, and whoever can write to the database can put another one there. So a question is
asked only of the school that signed the transfer. The asking team signs that school with its words, and the buttons of
the pages carry it.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.transfers import awaited_statement, statement_of
from transition_exchange.store.models import Record, Transfer


def school_of(session: Session, *, trust: Trust, record: Record, transfer: Transfer) -> UUID:
    """The id of the school that sent a record by a transfer.

    Args:
        trust: which keys the session trusts.
        record: the record that the transfer's row names.
        transfer: the row.

    Raises:
        NotConfirmedYet: it was signed with a key that is not confirmed yet.
        Tampered: no transition team of the school that the record's row names signed this transfer.
    """
    provider_of(session, trust=trust, record=record, transfer=transfer)
    return record.organisation_id


def provider_of(session: Session, *, trust: Trust, record: Record, transfer: Transfer) -> UUID:
    """The id of the provider to which the record's school signed a transfer, whether or not it took it back.

    Args:
        trust: which keys the session trusts.
        record: the record that the transfer's row names.
        transfer: the row.

    Raises:
        NotConfirmedYet: as `school_of`.
        Tampered: as `school_of`.
    """
    statement = statement_of(session, trust=trust, record=record, transfer=transfer)
    if statement is None:
        raise awaited_statement(session, trust=trust, record=record, transfer=transfer) or Tampered
    return UUID(str(statement.provider))


def seen_of(*, transfer_id: UUID, asking_team_id: UUID, school_id: UUID, owner: str = "") -> str:
    """Whom a question concerns, in one word.

    Args:
        transfer_id: the transfer.
        asking_team_id: the team that asks.
        school_id: the school that answers.
        owner: the sending purpose that answers; empty where it is still to be chosen on the page.
    """
    return f"{transfer_id}.{owner}.{asking_team_id}.{school_id}"
