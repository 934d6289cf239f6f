"""People: what unlocks their keys, their memberships, invitations and sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from transition_exchange.store.base import Base, Created, Digest, Id, one_of, refers_to
from transition_exchange.store.models.organisations import Organisation, Team
from transition_exchange.store.stored_values import StoredJson, list_of_ids

PRINCIPAL_KINDS = ("person",)
UNLOCK_KINDS = ("passphrase", "recovery")
SESSION_STAGES = ("code", "full")
PROOFS = ("passphrase", "code")
OWN_NOTICES = ("none", "at_once", "daily")


class Principal(Base):
    """Who acts.

    Attributes:
        email: the address for signing in, in lower case.
        second_factor: the secret of the second factor, sealed to the person.
        second_factor_last_step: the time step of the last accepted code, because no code works twice.
        second_factor_next: the secret of another authenticator app that is not confirmed yet, sealed likewise.
        address_book: what the person remembers of colleagues' and other teams' keys, sealed to themselves.
        own_notices: whether, and when, they get their teams' notices themselves, besides the team's address.
    """

    __tablename__ = "principals"
    __table_args__ = (
        one_of("kind", PRINCIPAL_KINDS),
        one_of("own_notices", OWN_NOTICES),
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index("uq_principals_email", "email", unique=True),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20), default="person")
    organisation_id: Mapped[UUID] = refers_to("organisations.id")
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    administrator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Created]
    removed_at: Mapped[datetime | None]
    second_factor: Mapped[bytes | None] = mapped_column(LargeBinary)
    second_factor_confirmed_at: Mapped[datetime | None]
    second_factor_last_step: Mapped[int | None]
    second_factor_next: Mapped[bytes | None] = mapped_column(LargeBinary)
    address_book: Mapped[bytes | None] = mapped_column(LargeBinary)
    own_notices: Mapped[str] = mapped_column(String(10), default=OWN_NOTICES[0])

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class Unlock(Base):
    """The person's private key, wrapped under a passphrase or a recovery code.

    Attributes:
        wrapped: the wrapped key with its Argon2id parameters, as JSON text.
        proven_at: when a recovery code was typed back once.
        used_at: when it last opened the key.
    """

    __tablename__ = "unlocks"
    __table_args__ = (one_of("kind", UNLOCK_KINDS),)

    id: Mapped[Id]
    principal_id: Mapped[UUID] = refers_to("principals.id", ondelete="CASCADE")
    kind: Mapped[str] = mapped_column(String(20))
    wrapped: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]
    proven_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class Membership(Base):
    """A person in a team, with the team's secret sealed to them.

    Attributes:
        team_key_id: the team key whose secret `sealed` holds; both are None where the provider keeps its own key.
        sealed: the team's secret, under a key that only the person's seed gives.
        statement: the statement of the person's own public keys, exactly as the team's key signed it.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_current",
            "principal_id",
            "team_id",
            "team_key_id",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    principal_id: Mapped[UUID] = refers_to("principals.id")
    team_id: Mapped[UUID] = refers_to("teams.id")
    team_key_id: Mapped[UUID | None] = refers_to("team_keys.id")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    added_by: Mapped[UUID | None] = refers_to("principals.id")
    created_at: Mapped[Created]
    removed_at: Mapped[datetime | None]
    statement: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)

    principal: Mapped[Principal] = relationship(lazy="raise_on_sql", foreign_keys=principal_id)
    team: Mapped[Team] = relationship(lazy="raise_on_sql")


class Handover(Base):
    """A team's new key on its way to a member who was not there when it was made.

    Attributes:
        team_key_id: the new key.
        taker_id: the member who gets it.
        giver_id: the member who made it.
        sealed: the key, sealed to the taker and signed by the giver.
    """

    __tablename__ = "handovers"
    __table_args__ = (UniqueConstraint("taker_id", "team_key_id"),)

    id: Mapped[Id]
    team_key_id: Mapped[UUID] = refers_to("team_keys.id")
    taker_id: Mapped[UUID] = refers_to("principals.id", index=False)
    giver_id: Mapped[UUID] = refers_to("principals.id")
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Created]


class Invitation(Base):
    """An invitation to join an organisation and some of its teams.

    Attributes:
        link_digest: SHA-256 of the token in the e-mailed link, in hexadecimal; the token itself is stored nowhere.
        bundle: the teams' secrets, wrapped under the spoken code of the member who completed the invitation.
        failures: wrong spoken codes so far.
        statement: what the person who made it signed about it; None if the operator made it.
        signature: their signature, with their own key.
    """

    __tablename__ = "invitations"
    __table_args__ = (Index("uq_invitations_link_digest", "link_digest", unique=True),)

    id: Mapped[Id]
    organisation_id: Mapped[UUID] = refers_to("organisations.id")
    email: Mapped[str | None] = mapped_column(String(254))
    name: Mapped[str | None] = mapped_column(String(200))
    administrator: Mapped[bool] = mapped_column(default=False)
    team_ids: Mapped[list[str]] = mapped_column(StoredJson(list_of_ids), default=list)
    invited_by: Mapped[UUID | None] = refers_to("principals.id")
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]
    link_digest: Mapped[str | None] = mapped_column(String(64))
    link_sent_at: Mapped[datetime | None]
    bundle: Mapped[str | None] = mapped_column(Text)
    completed_by: Mapped[UUID | None] = refers_to("principals.id")
    completed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_principal_id: Mapped[UUID | None] = refers_to("principals.id")
    cancelled_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    statement: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class SignInSession(Base):
    """A signed-in browser.

    Attributes:
        id: SHA-256 of the cookie's token, in hexadecimal.
        stage: `code` between passphrase and second factor, then `full`.
        wrapped_key: the person's private key, under a key that only the cookie gives.
        browser: the browser and its system in a few fixed words, such as "Firefox on Windows".
        device_id: the browser's row among those that this person has signed in with before.
        failures: wrong passphrases and codes that were typed in this session since the last right one.
        proven_at: when the person last gave their passphrase or a code again in this session.
        proven_by: which of the two it was.
        late_keys: what seals a form to the person that comes with the cookie after the session has ended, under another
            key that only the cookie gives. It stays when `wrapped_key` is wiped; it cannot open anything.
    """

    __tablename__ = "sign_in_sessions"
    __table_args__ = (
        one_of("stage", SESSION_STAGES),
        one_of("proven_by", PROOFS),
        Index(None, "last_seen_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    principal_id: Mapped[UUID] = refers_to("principals.id", ondelete="CASCADE")
    stage: Mapped[str] = mapped_column(String(10))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Created]
    last_seen_at: Mapped[Created]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(60), default="")
    device_id: Mapped[UUID | None] = refers_to("remembered_devices.id", ondelete="SET NULL")
    failures: Mapped[int] = mapped_column(default=0)
    proven_at: Mapped[datetime | None]
    proven_by: Mapped[str | None] = mapped_column(String(10))
    late_keys: Mapped[bytes | None] = mapped_column(LargeBinary)


class RememberedDevice(Base):
    """A browser with which a person has signed in fully. Strangers' wrong tries do not slow it down.

    Attributes:
        expires_at: when it is forgotten unless the person signs in with it again.
        no_code_until: until when it needs no second factor; None if the person did not ask for that.
        browser: as for a session.
        failures: wrong passphrases and codes from this browser since the last right one.
    """

    __tablename__ = "remembered_devices"
    __table_args__ = (Index("uq_remembered_devices_token_digest", "token_digest", unique=True),)

    id: Mapped[Id]
    principal_id: Mapped[UUID] = refers_to("principals.id", ondelete="CASCADE")
    token_digest: Mapped[Digest]
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[Created]
    no_code_until: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(60), default="")
    failures: Mapped[int] = mapped_column(default=0)
    last_failure_at: Mapped[datetime | None]


class AddressSlowdown(Base):
    """How often signing in failed from one network address, or to one account. Of either a keyed digest is stored."""

    __tablename__ = "address_slowdowns"

    address_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_failure_at: Mapped[Created]


class LateSave(Base):
    """A form that a person sent after their session ended, kept sealed to them for a day.

    Attributes:
        sealed: the form and its address, sealed to the person's public key.
    """

    __tablename__ = "late_saves"

    id: Mapped[Id]
    principal_id: Mapped[UUID] = refers_to("principals.id", ondelete="CASCADE")
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Created]
    expires_at: Mapped[datetime]
