"""Transfers: one record going to one provider, its receipts, and the provider's queries."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from transition_exchange.purposes import SENDING
from transition_exchange.store.base import Base, Created, Id, one_of, refers_to
from transition_exchange.store.models.organisations import Organisation
from transition_exchange.store.models.records import Record

TRANSFER_STATES = (
    "sent",
    "received",
    "acknowledged",
    "queried",
    "enrolled",
    "did_not_arrive",
    "recalled",
    "moved",
)


class Transfer(Base):
    """One record going to one provider. It exists from the first sending on.

    Attributes:
        provider_id: the receiving organisation.
        statement: the school's newest statement that it sent the record or took it back, exactly as it was signed.
        team_key_id: the key that signed it.
        safeguarding_due: the day by which the receiving safeguarding team should have opened its section.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        one_of("state", TRANSFER_STATES),
        Index(
            "uq_transfers_current",
            "record_id",
            "provider_id",
            unique=True,
            sqlite_where=text("state <> 'recalled'"),
            postgresql_where=text("state <> 'recalled'"),
        ),
        Index(None, "provider_id", "state"),
    )

    id: Mapped[Id]
    record_id: Mapped[UUID] = refers_to("records.id", ondelete="CASCADE")
    provider_id: Mapped[UUID] = refers_to("organisations.id", index=False)
    sent_at: Mapped[Created]
    sent_by: Mapped[UUID | None] = refers_to("principals.id")
    state: Mapped[str] = mapped_column(String(20), default="sent")
    received_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]
    recalled_by: Mapped[UUID | None] = refers_to("principals.id")
    safeguarding_due: Mapped[date | None]
    statement: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    team_key_id: Mapped[UUID | None] = refers_to("team_keys.id")

    record: Mapped[Record] = relationship(lazy="raise_on_sql")
    provider: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class Receipt(Base):
    """What one team did with one revision that a transfer brought it.

    Attributes:
        opened_at: when somebody of the team first opened it to look at it.
        given_out_at: when a file with it first left the exchange, alone or in a table of many records.
        acknowledged_at: when the team first told the school that it has what it needs.
        deleted_at: when somebody of the team said that it has deleted what it kept, after the record was taken back.
    """

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("transfer_id", "team_id", "revision_id"),)

    id: Mapped[Id]
    transfer_id: Mapped[UUID] = refers_to("transfers.id", ondelete="CASCADE", index=False)
    team_id: Mapped[UUID] = refers_to("teams.id")
    revision_id: Mapped[UUID] = refers_to("revisions.id", ondelete="CASCADE")
    granted_at: Mapped[Created]
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[UUID | None] = refers_to("principals.id")
    given_out_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None] = refers_to("principals.id")
    given_out_by: Mapped[UUID | None] = refers_to("principals.id")
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[UUID | None] = refers_to("principals.id")


class Query(Base):
    """A question from a receiving team to an owner of the record. The section that it is about is sealed."""

    __tablename__ = "queries"
    __table_args__ = (one_of("owner", SENDING),)

    id: Mapped[Id]
    transfer_id: Mapped[UUID] = refers_to("transfers.id", ondelete="CASCADE")
    asking_team_id: Mapped[UUID] = refers_to("teams.id")
    owner: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[Created]
    opened_by: Mapped[UUID | None] = refers_to("principals.id")
    closed_at: Mapped[datetime | None]


class QueryMessage(Base):
    """One message of a query, sealed under a key of its own."""

    __tablename__ = "query_messages"

    id: Mapped[Id]
    query_id: Mapped[UUID] = refers_to("queries.id", ondelete="CASCADE")
    from_team_id: Mapped[UUID] = refers_to("teams.id")
    from_principal_id: Mapped[UUID | None] = refers_to("principals.id")
    sent_at: Mapped[Created]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class QueryKeyring(Base):
    """The key of one message, sealed to one of the teams that the query concerns."""

    __tablename__ = "query_keyrings"

    id: Mapped[Id]
    message_id: Mapped[UUID] = refers_to("query_messages.id", ondelete="CASCADE")
    team_id: Mapped[UUID] = refers_to("teams.id")
    team_key_id: Mapped[UUID] = refers_to("team_keys.id")
    keyring: Mapped[bytes] = mapped_column(LargeBinary)
