"""Events: an append-only hash chain for each organisation, its head, and the signed heads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from transition_exchange.store.base import Base, Digest, Id, refers_to


class Event(Base):
    """One action.

    Attributes:
        seq: 1 for the organisation's first event, then one more for each.
        body: the exact text that was hashed. It contains the hash of the previous event.
        hash: SHA-256 of `body` in UTF-8, in hexadecimal.
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("organisation_id", "seq"), CheckConstraint("seq >= 1", name="seq"))

    id: Mapped[Id]
    organisation_id: Mapped[UUID] = refers_to("organisations.id", index=False)
    seq: Mapped[int]
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[Digest]


class ChainHead(Base):
    """The end of an organisation's chain. Appending locks its row."""

    __tablename__ = "chain_heads"

    organisation_id: Mapped[UUID] = refers_to("organisations.id", index=False, primary_key=True)
    seq: Mapped[int]
    hash: Mapped[Digest]


class SignedHead(Base):
    """The head of a chain, signed with the installation key.

    Attributes:
        signature: Ed25519, in hexadecimal.
    """

    __tablename__ = "signed_heads"
    __table_args__ = (UniqueConstraint("organisation_id", "seq"),)

    id: Mapped[Id]
    organisation_id: Mapped[UUID] = refers_to("organisations.id", index=False)
    seq: Mapped[int]
    hash: Mapped[Digest]
    signed_at: Mapped[datetime]
    signature: Mapped[str] = mapped_column(String(128))
