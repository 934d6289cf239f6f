"""The area, its organisations, and their teams with their keys."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from transition_exchange.store.base import Base, Created, Digest, Id, one_of, refers_to
from transition_exchange.store.stored_values import StoredJson, Whole, list_of_words

ORGANISATION_KINDS = (
    "school",
    "special_school",
    "pupil_referral_unit",
    "school_with_sixth_form",
    "home_education",
    "college_group",
    "sixth_form_college",
    "training_provider",
    "community",
    "council",
)
SCHOOLS = ("school", "special_school", "pupil_referral_unit", "school_with_sixth_form")
"""The kinds that are schools: a learner's UPN, which belongs to a school career, goes on to these alone."""


class Area(Base):
    """A local authority area: what its organisations share.

    Attributes:
        la_code: the local authority's three-digit code.
        keep_months: how many months a record is kept after the leaving year.
        sample: whether everything in it is invented.
        rules: what decides a sending here, exactly as the NEET group signed it.
        rules_key_id: the key that signed it.
        closed_year: the newest leaving year that the council has closed, with all before it; None if it closed none.
    """

    __tablename__ = "areas"
    __table_args__ = (CheckConstraint("keep_months > 0", name="keep_months"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    la_code: Mapped[str | None] = mapped_column(String(3))
    keep_months: Mapped[int] = mapped_column(Whole(1, 1200), default=12)
    sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Created]
    rules: Mapped[str | None] = mapped_column(Text)
    rules_signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    rules_key_id: Mapped[UUID | None]  # no foreign key, as areas come before teams
    closed_year: Mapped[int | None] = mapped_column(Whole(1900, 9999))


class TermStart(Base):
    """The first day of an autumn term, as the council has set it, for the safeguarding clock.

    It is the term after the leaving year that has the number of the day's year. There is one of a year.
    """

    __tablename__ = "term_starts"
    __table_args__ = (UniqueConstraint("area_id", "first_day"),)

    id: Mapped[Id]
    area_id: Mapped[UUID] = refers_to("areas.id", index=False)
    first_day: Mapped[date]


class Organisation(Base):
    """A school, a provider or a council. Its capabilities say what it does; its kind does not.

    Attributes:
        sends: whether it sends learners' records.
        receives: whether it receives them.
        coordinates: whether it sees which transfers are incomplete.
        phone: the number to ring when something is missing.
        contact_name: who answers there.
    """

    __tablename__ = "organisations"
    __table_args__ = (one_of("kind", ORGANISATION_KINDS),)

    id: Mapped[Id]
    area_id: Mapped[UUID] = refers_to("areas.id")
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(30))
    sends: Mapped[bool] = mapped_column(default=False)
    receives: Mapped[bool] = mapped_column(default=False)
    coordinates: Mapped[bool] = mapped_column(default=False)
    urn: Mapped[str | None] = mapped_column(String(6))
    ukprn: Mapped[str | None] = mapped_column(String(8))
    laestab: Mapped[str | None] = mapped_column(String(8))
    la_code: Mapped[str | None] = mapped_column(String(3))
    phone: Mapped[str | None] = mapped_column(String(30))
    contact_name: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[Created]


class Campus(Base):
    """A place where a provider teaches."""

    __tablename__ = "campuses"

    id: Mapped[Id]
    organisation_id: Mapped[UUID] = refers_to("organisations.id", ondelete="CASCADE")
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(500))
    postcode: Mapped[str | None] = mapped_column(String(8))


class Team(Base):
    """The people of an organisation who share a job.

    Attributes:
        purposes: what the team is for, such as `["admissions", "exams"]`.
        notification_email: the address for notices about packs and questions; it may be shared.
    """

    __tablename__ = "teams"

    id: Mapped[Id]
    organisation_id: Mapped[UUID] = refers_to("organisations.id")
    name: Mapped[str] = mapped_column(String(200))
    purposes: Mapped[list[str]] = mapped_column(StoredJson(list_of_words))
    notification_email: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[Created]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class TeamContact(Base):
    """Whom to ring at a team that sends.

    Attributes:
        statement: the team's statement, exactly as one of its members signed it with the team's key.
        signature: the signature over it.
        team_key_id: the team's key that signed it.
    """

    __tablename__ = "team_contacts"
    __table_args__ = (UniqueConstraint("team_id"),)

    id: Mapped[Id]
    team_id: Mapped[UUID] = refers_to("teams.id", index=False)
    team_key_id: Mapped[UUID] = refers_to("team_keys.id")
    statement: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class TeamKey(Base):
    """One version of a team's public keys.

    Attributes:
        version: 1 for the team's first key, then one more for each.
        succession: the statement that this key takes the place of the one before, exactly as it was signed; None for
            the first.
        succession_signature: the signature of the key before over it.
        maker_signature: the signature over it of the member who made the key, as a person.
        voucher: the statement of another team of the organisation that this key is the team's own.
        voucher_key_id: the key that signed it.
        retirement: the statement that the key before counts no longer, which this key signed.
        confirmation_key_id: the NEET group's key that signed the confirmation.
        confirmation: the NEET group's statement of whose key this is, exactly as it was signed.
        confirmation_signature: the signature over it.
        second_key_id: the second confirmer's key, where the area requires a second confirmation.
        second_confirmation: its statement of whose key this is, exactly as it was signed.
        second_signature: the signature over it.
    """

    __tablename__ = "team_keys"
    __table_args__ = (
        UniqueConstraint("team_id", "version"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[Id]
    team_id: Mapped[UUID] = refers_to("teams.id", index=False)
    version: Mapped[int]
    kem_public: Mapped[bytes] = mapped_column(LargeBinary)
    signing_public: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Created]
    created_by: Mapped[UUID | None] = refers_to("principals.id")
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = refers_to("principals.id")
    confirmation_key_id: Mapped[UUID | None] = refers_to("team_keys.id")
    confirmation: Mapped[str | None] = mapped_column(Text)
    confirmation_signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    succession: Mapped[str | None] = mapped_column(Text)
    succession_signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    maker_signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    voucher: Mapped[str | None] = mapped_column(Text)
    voucher_signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    voucher_key_id: Mapped[UUID | None] = refers_to("team_keys.id")
    retirement: Mapped[str | None] = mapped_column(Text)
    retirement_signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    second_at: Mapped[datetime | None]
    second_by: Mapped[UUID | None] = refers_to("principals.id")
    second_key_id: Mapped[UUID | None] = refers_to("team_keys.id")
    second_confirmation: Mapped[str | None] = mapped_column(Text)
    second_signature: Mapped[bytes | None] = mapped_column(LargeBinary)


class KeyPin(Base):
    """A team's own note of another team's key that it believes, signed with its own key.

    Attributes:
        team_id: the team that pins.
        pinned_team_id: the team whose key it believes.
        fingerprint: the pinned key's fingerprint, in hexadecimal.
    """

    __tablename__ = "key_pins"
    __table_args__ = (Index(None, "team_id", "pinned_team_id", "fingerprint", unique=True),)

    id: Mapped[Id]
    team_id: Mapped[UUID] = refers_to("teams.id", index=False)
    pinned_team_id: Mapped[UUID] = refers_to("teams.id")
    fingerprint: Mapped[Digest]
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Created]
