"""Changes of teams' names and purposes: proposed, accepted by the team, confirmed by the NEET group."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from transition_exchange.store.base import Base, Created, Id, one_of, refers_to
from transition_exchange.store.stored_values import StoredJson, words_or_none

CHANGE_OUTCOMES = ("done", "refused", "withdrawn")


class TeamChange(Base):
    """A change of a team's name, its organisation's name or its purposes. What stays as it is, is None.

    Attributes:
        statement: the team's acceptance, exactly as one of its members signed it with the team's key.
        signature: the signature over it.
        confirmation: while the change is open, the NEET group's confirmation of the team as it becomes, which waits for
            the second confirmer; the one that stands with the key holds until then. Once it is done, the one before,
            which tells what the team and its organisation were called.
        confirmation_signature: the signature over it.
        confirmation_key_id: the key that signed it.
        outcome: how it ended; None while it is open. The acceptance of one that is done stays, because members who
            were away follow it later.
    """

    __tablename__ = "team_changes"
    __table_args__ = (
        one_of("outcome", CHANGE_OUTCOMES),
        Index(
            "uq_team_changes_open",
            "team_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        Index(None, "team_id"),
    )

    id: Mapped[Id]
    team_id: Mapped[UUID] = refers_to("teams.id", index=False)
    name: Mapped[str | None] = mapped_column(String(200))
    organisation_name: Mapped[str | None] = mapped_column(String(200))
    purposes: Mapped[list[str] | None] = mapped_column(StoredJson(words_or_none))
    proposed_by: Mapped[UUID | None] = refers_to("principals.id")
    created_at: Mapped[Created]
    statement: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    accepted_by: Mapped[UUID | None] = refers_to("principals.id")
    accepted_at: Mapped[datetime | None]
    confirmation: Mapped[str | None] = mapped_column(Text)
    confirmation_signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    confirmation_key_id: Mapped[UUID | None] = refers_to("team_keys.id")
    confirmed_by: Mapped[UUID | None] = refers_to("principals.id")
    confirmed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    closed_at: Mapped[datetime | None]
