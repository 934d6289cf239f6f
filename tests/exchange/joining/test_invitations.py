"""Invitations as rows: their mail, how long they are valid, and the list of open ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.exchange.people import Accounts
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import invitations, inviting
from transition_exchange.store.models import OutboxMail


def test_an_invitation_queues_one_e_mail_about_nobody(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    with accounts.db.read() as session:
        before = session.scalar(select(func.count(OutboxMail.id)))
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    with accounts.db.read() as session:
        assert session.scalar(select(func.count(OutboxMail.id))) == (before or 0) + 1
        queued = session.scalars(
            select(OutboxMail).where(OutboxMail.invitation_id == invited.invitation_id)
        ).one()
    assert (queued.to_address, queued.template, queued.figures) == ("alex@school.example", "invitation", {})


@pytest.mark.parametrize("email", ["", "sam", "sam@", "@school.example", "sam school@school.example"])
def test_what_is_no_e_mail_address_is_refused(accounts: Accounts, email: str) -> None:
    sam = accounts.school(accounts.found())
    with pytest.raises(Refused) as refusal:
        inviting.invite_person(
            db=accounts.db,
            actor=accounts.actor(sam),
            name="Eve",
            email=email,
            team_ids=[accounts.actor(sam).teams[0].id],
            now=accounts.clock.now,
        )
    assert "email" in refusal.value.fields


def test_an_invitation_is_valid_for_a_fortnight() -> None:
    assert timedelta(days=14) == invitations.VALID_FOR
