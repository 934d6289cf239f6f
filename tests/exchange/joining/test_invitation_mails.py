"""The state of an invitation's mail is said, and nobody is flooded by sending it again."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import invitation_mails, inviting
from transition_exchange.exchange.joining.invitations import open_invitations
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Invitation, OutboxMail


def send_again(accounts: Accounts, person: Person, invitation_id: UUID) -> None:
    inviting.send_again(
        db=accounts.db, actor=accounts.actor(person), invitation_id=invitation_id, now=accounts.clock.now
    )


def words(accounts: Accounts, person: Person) -> tuple[str, bool]:
    (one,) = open_invitations(db=accounts.db, actor=accounts.actor(person), now=accounts.clock.now)
    return one.mail.words, one.mail.refused


def set_mail(accounts: Accounts, invitation_id: UUID, **columns: object) -> None:
    """The newest mail of an invitation as the outbox leaves it."""
    with accounts.db.write() as session:
        mail = session.scalars(
            select(OutboxMail)
            .where(OutboxMail.invitation_id == invitation_id)
            .order_by(OutboxMail.created_at.desc())
        ).first()
        assert mail is not None
        for name, value in columns.items():
            setattr(mail, name, value)


def mails(accounts: Accounts, invitation_id: UUID) -> int:
    with accounts.db.read() as session:
        return len(
            session.scalars(select(OutboxMail.id).where(OutboxMail.invitation_id == invitation_id)).all()
        )


@pytest.mark.parametrize(
    ("columns", "said", "refused"),
    [
        ({}, "Waits to be sent.", False),
        ({"attempts": 1}, "Waits to be sent.", False),
        ({"attempts": 2, "last_error": "gaierror"}, "Not sent yet. We have tried 2 times", False),
        (
            {"attempts": 1, "last_error": "SMTPRecipientsRefused 452 4.2.2"},
            "Not sent yet: the mailbox",
            False,
        ),
        (
            {"attempts": 1, "last_error": "SMTPRecipientsRefused 550", "given_up": True},
            "Refused: no such",
            True,
        ),
        ({"attempts": 20, "last_error": "gaierror", "given_up": True}, "not be sent in 20 attempts", True),
        ({"attempts": 1, "sent": True}, "Sent 3 June 2027.", False),
    ],
)
def test_how_far_the_mail_is_stands_beside_the_invitation(
    accounts: Accounts, columns: dict[str, object], said: str, refused: bool
) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    now = accounts.clock.now
    plain = {name: value for name, value in columns.items() if name not in ("given_up", "sent")}
    ended = {
        "given_up_at": now if "given_up" in columns else None,
        "sent_at": now if "sent" in columns else None,
    }
    set_mail(accounts, invited.invitation_id, **plain, **ended)
    assert said in words(accounts, sam)[0]
    assert words(accounts, sam)[1] is refused


def test_where_no_mail_is_kept_the_day_of_the_link_is_said_and_not_that_one_was_sent(
    accounts: Accounts,
) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    with accounts.db.write() as session:
        session.delete(
            session.scalars(select(OutboxMail).where(OutboxMail.invitation_id == invited.invitation_id)).one()
        )
    assert words(accounts, sam)[0] == invitation_mails.NO_MAIL.words
    accounts.link(invited.invitation_id)
    assert words(accounts, sam)[0] == "None is kept here. The link was made on 3 June 2027."


def test_a_mail_that_waits_already_is_not_sent_twice(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    send_again(accounts, sam, invited.invitation_id)
    assert mails(accounts, invited.invitation_id) == 1


def test_an_address_gets_only_some_mails_a_day(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    for _ in range(invitation_mails.TO_ONE_A_DAY - 1):
        set_mail(accounts, invited.invitation_id, sent_at=accounts.clock.wait(minutes=1))
        send_again(accounts, sam, invited.invitation_id)
    set_mail(accounts, invited.invitation_id, sent_at=accounts.clock.now)
    with pytest.raises(Refused) as refused:
        send_again(accounts, sam, invited.invitation_id)
    assert refused.value.message == invitation_mails.ENOUGH_TO_ONE
    inviting.cancel(
        db=accounts.db, actor=accounts.actor(sam), invitation_id=invited.invitation_id, now=accounts.clock.now
    )
    other = accounts.invite(sam, "Alex Aide", "SEND and transition")
    set_mail(accounts, other.invitation_id, sent_at=accounts.clock.now)
    with pytest.raises(Refused):
        send_again(accounts, sam, other.invitation_id)
    accounts.clock.wait(days=1, minutes=5)
    accounts.sign_in(sam)
    send_again(accounts, sam, other.invitation_id)


def test_one_person_sends_only_so_many_again_within_a_day(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitation_mails, "A_DAY", 2)
    sam = accounts.school(accounts.found())
    ids = [
        accounts.invite(sam, name, "SEND and transition").invitation_id
        for name in ("Alex Aide", "Bea Aide", "Cleo Aide")
    ]
    now = utc_now()  # events are written with the clock's own time
    again = partial(inviting.send_again, db=accounts.db, actor=accounts.actor(sam))
    for id in ids[:2]:
        again(invitation_id=id, now=now)
    with accounts.db.read() as session:
        before = session.get_one(Invitation, ids[2]).expires_at
    with pytest.raises(Refused) as refused:
        again(invitation_id=ids[2], now=now + timedelta(minutes=5))
    assert refused.value.message == invitation_mails.ENOUGH
    with accounts.db.read() as session:
        assert session.get_one(Invitation, ids[2]).expires_at == before
    again(invitation_id=ids[2], now=now + timedelta(days=1, minutes=5))
