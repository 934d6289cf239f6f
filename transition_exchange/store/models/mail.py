"""E-mails that wait to be sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from transition_exchange.store.base import Base, Created, Id, refers_to, utc_now
from transition_exchange.store.stored_values import StoredJson, figures


class OutboxMail(Base):
    """One e-mail: a text and its numbers. The action that causes it writes it in its own transaction.

    Attributes:
        to_address: the recipient; None once the mail was sent or given up.
        template: the name of a text in `templates/email`.
        figures: whole numbers by name; nothing about a person.
        invitation_id: the invitation whose link is made when the mail is sent.
        not_before: the time of the next attempt.
        sent_at: when it was sent.
        attempts: how many attempts began.
        last_error: the kind of the last failure and the codes of the server's reply, never its text, which may repeat
            the address.
        given_up_at: when the attempts stopped.
    """

    __tablename__ = "outbox_mails"
    __table_args__ = (
        Index(
            "ix_outbox_mails_waiting",
            "not_before",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    to_address: Mapped[str | None] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(60))
    figures: Mapped[dict[str, int]] = mapped_column(StoredJson(figures), default=dict)
    invitation_id: Mapped[UUID | None] = refers_to("invitations.id", ondelete="CASCADE")
    created_at: Mapped[Created]
    not_before: Mapped[datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(100))
    given_up_at: Mapped[datetime | None]

    @validates("figures")
    def _only_whole_numbers(self, _: str, figures: dict[str, int]) -> dict[str, int]:
        # Nothing about a person can get into an e-mail, whichever action writes it.
        if any(type(figure) is not int for figure in figures.values()):
            raise ValueError("an e-mail gives whole numbers only")
        return figures
