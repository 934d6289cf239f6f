"""Records: their revisions, sealed parts and attachments, grants and cards."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from transition_exchange.purposes import SENDING
from transition_exchange.store.base import Base, Created, Digest, Id, one_of, refers_to, utc_now
from transition_exchange.store.models.organisations import Organisation
from transition_exchange.store.stored_values import Whole
from transition_exchange.stored_text import YEARS

CARD_STATES = ("due", "post", "ledger")


class Record(Base):
    """One learner's answers for one leaving year. The columns hold only what every learner has.

    Attributes:
        version: its pro-forma version, such as `core/2027.1`.
        delete_on: the day on which it is deleted, with everything that belongs to it.
        everybody_gaps: the number of gaps among the fields that everybody is asked for.
        started: whether anything was typed after the learner was added.
        typed_by: whose automatic saves the record's cards and columns do not follow yet; None if they do.
    """

    __tablename__ = "records"
    __table_args__ = (
        CheckConstraint("everybody_gaps >= 0", name="everybody_gaps"),
        Index(None, "organisation_id", "leaving_year"),
        Index(None, "delete_on"),
    )

    id: Mapped[Id]
    area_id: Mapped[UUID] = refers_to("areas.id")
    organisation_id: Mapped[UUID] = refers_to("organisations.id", index=False)
    leaving_year: Mapped[int] = mapped_column(Whole(YEARS.start, YEARS.stop))
    version: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[Created]
    created_by: Mapped[UUID | None] = refers_to("principals.id")
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    delete_on: Mapped[date]
    complete: Mapped[bool] = mapped_column(default=False)
    everybody_gaps: Mapped[int] = mapped_column(default=0)
    started: Mapped[bool] = mapped_column(default=False)
    typed_by: Mapped[UUID | None] = refers_to("principals.id")

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class Revision(Base):
    """One owner's sections of a record: the draft (number 0), or a released revision, which never changes.

    Attributes:
        manifest: the signed list of ciphertext digests, exactly as it was signed; None for a draft.
        team_key_id: the key that signed the manifest.
    """

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("record_id", "owner", "number"),
        one_of("owner", SENDING),
        CheckConstraint("number >= 0", name="number"),
    )

    id: Mapped[Id]
    record_id: Mapped[UUID] = refers_to("records.id", ondelete="CASCADE", index=False)
    owner: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None] = refers_to("principals.id")
    team_key_id: Mapped[UUID | None] = refers_to("team_keys.id")
    manifest: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)


class Attachment(Base):
    """An attached file. Its kind, name and number of pages are sealed with it."""

    __tablename__ = "attachments"
    __table_args__ = (one_of("owner", SENDING),)

    id: Mapped[Id]
    record_id: Mapped[UUID] = refers_to("records.id", ondelete="CASCADE")
    owner: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[Created]
    created_by: Mapped[UUID | None] = refers_to("principals.id")
    removed_at: Mapped[datetime | None]


class Part(Base):
    """One sealed piece. `Ciphertexts` holds its bytes under the same id.

    Attributes:
        tag: random and new at every save. A save that names another tag came too late.
        digest: SHA-256 of the ciphertext, in hexadecimal.
        size: the length of the ciphertext, which was padded.
    """

    __tablename__ = "parts"

    id: Mapped[Id]
    record_id: Mapped[UUID] = refers_to("records.id", ondelete="CASCADE")
    revision_id: Mapped[UUID | None] = refers_to("revisions.id", ondelete="CASCADE")
    transfer_id: Mapped[UUID | None] = refers_to("transfers.id", ondelete="CASCADE")
    attachment_id: Mapped[UUID | None] = refers_to("attachments.id", ondelete="CASCADE")
    name: Mapped[str] = mapped_column(String(100))
    tag: Mapped[str] = mapped_column(String(32))
    digest: Mapped[Digest]
    size: Mapped[int]
    stored_at: Mapped[Created]


class Ciphertext(Base):
    """Sealed bytes, where they are stored in the database. Read them through `Ciphertexts` only."""

    __tablename__ = "ciphertexts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Grant(Base):
    """A grant of the keys of a revision or an attachment to a team.

    Attributes:
        keyring: the part keys, sealed to the receiving team's key; None once withdrawn or kept.
        kept: what the keyring held, which the receiving team sealed to itself under a newer key.
        kept_key_id: that newer key.
        statement: the grantor's statement, exactly as it was signed.
    """

    __tablename__ = "grants"
    __table_args__ = (Index(None, "grantee_team_id", "record_id"),)

    id: Mapped[Id]
    record_id: Mapped[UUID] = refers_to("records.id", ondelete="CASCADE")
    revision_id: Mapped[UUID | None] = refers_to("revisions.id", ondelete="CASCADE")
    attachment_id: Mapped[UUID | None] = refers_to("attachments.id", ondelete="CASCADE")
    transfer_id: Mapped[UUID | None] = refers_to("transfers.id", ondelete="CASCADE")
    grantor_team_id: Mapped[UUID] = refers_to("teams.id")
    grantor_key_id: Mapped[UUID] = refers_to("team_keys.id")
    grantee_team_id: Mapped[UUID] = refers_to("teams.id", index=False)
    grantee_key_id: Mapped[UUID] = refers_to("team_keys.id")
    created_at: Mapped[Created]
    keyring: Mapped[bytes | None] = mapped_column(LargeBinary)
    statement: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    withdrawn_at: Mapped[datetime | None]
    kept: Mapped[bytes | None] = mapped_column(LargeBinary)
    kept_key_id: Mapped[UUID | None] = refers_to("team_keys.id")


class Card(Base):
    """The fields of one record, or of one transfer of it, that one team's lists need.

    Attributes:
        state: `due` where the team has no key yet, `post` when sealed to its key, `ledger` when under its ledger key.
        card_format: the version of the content of `sealed`; older ones are rewritten.
    """

    __tablename__ = "cards"
    __table_args__ = (
        one_of("state", CARD_STATES),
        Index(
            "uq_cards_of_record",
            "team_id",
            "record_id",
            unique=True,
            sqlite_where=text("transfer_id IS NULL"),
            postgresql_where=text("transfer_id IS NULL"),
        ),
        Index(
            "uq_cards_of_transfer",
            "team_id",
            "transfer_id",
            unique=True,
            sqlite_where=text("transfer_id IS NOT NULL"),
            postgresql_where=text("transfer_id IS NOT NULL"),
        ),
        Index(None, "team_id", "state"),
        Index(None, "team_id", "changed_at"),
    )

    id: Mapped[Id]
    team_id: Mapped[UUID] = refers_to("teams.id", index=False)
    record_id: Mapped[UUID] = refers_to("records.id", ondelete="CASCADE")
    transfer_id: Mapped[UUID | None] = refers_to("transfers.id", ondelete="CASCADE")
    team_key_id: Mapped[UUID | None] = refers_to("team_keys.id")
    state: Mapped[str] = mapped_column(String(10))
    card_format: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
