"""The outbox loses no mail, sends none twice, and keeps no address and no link longer than it must."""

from __future__ import annotations

import contextlib
import hashlib
import re
import sqlite3
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from tests.mail.rows import ADDRESS, NOW, Serve, invited, row_of, waiting
from tests.mailbox import Mailbox
from transition_exchange.config import Config
from transition_exchange.mail.outbox import ATTEMPTS, Sent, send_due
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, OutboxMail
from transition_exchange.store.tokens import token_digest


def test_a_mail_arrives_with_counts_and_a_link_and_its_address_is_forgotten(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    id = waiting(db, count=3)
    assert send_due(db, serve(), now=NOW) == Sent(sent=1)
    (arrived,) = mailbox.mails
    assert mailbox.recipients == [ADDRESS]
    assert (arrived["Subject"], arrived["From"]) == ("3 new records waiting", "exchange@example.org")
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert "3 records have been sent to your team." in arrived.get_content()
    assert "https://exchange.example.org/\r\n" in arrived.get_content()
    row = row_of(db, id)
    assert (row.sent_at, row.to_address, row.last_error) == (NOW, None, None)
    assert send_due(db, serve(), now=NOW + timedelta(days=1)) == Sent()


def test_nothing_goes_before_its_time_and_without_a_server_nothing_goes(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    waiting(db)
    assert send_due(db, Config(), now=NOW) == Sent()
    assert send_due(db, serve(), now=NOW - timedelta(seconds=1)) == Sent()
    assert mailbox.mails == []


def token_in(message: EmailMessage) -> str:
    found = re.search(r"https://exchange\.example\.org/join/(\S+)", message.get_content())
    assert found is not None
    return found[1]


def test_a_one_time_link_is_made_on_sending_and_only_its_digest_is_kept(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    invitation_id = invited(db)
    with db.read() as session:
        assert session.get_one(Invitation, invitation_id).link_digest is None
    assert send_due(db, serve(), now=NOW) == Sent(sent=1)
    (arrived,) = mailbox.mails
    token = token_in(arrived)
    assert len(token) >= 43
    assert "join Ashdown School" in arrived.get_content()
    assert "10 June 2027" in arrived.get_content()
    assert "A. Person" not in arrived.as_string()
    with db.read() as session:
        invitation = session.get_one(Invitation, invitation_id)
    assert invitation.link_digest == token_digest(token) == hashlib.sha256(token.encode()).hexdigest()
    assert invitation.link_sent_at == NOW


def test_each_attempt_makes_another_link(db: Database, mailbox: Mailbox, serve: Serve) -> None:
    invitation_id = invited(db)
    config = serve()
    mailbox.data_answer = "451 try later"
    assert send_due(db, config, now=NOW) == Sent(failed=1)
    with db.read() as session:
        first = session.get_one(Invitation, invitation_id).link_digest
    mailbox.data_answer = None
    assert send_due(db, config, now=NOW + timedelta(minutes=5)) == Sent(sent=1)
    with db.read() as session:
        second = session.get_one(Invitation, invitation_id).link_digest
    assert second == token_digest(token_in(mailbox.mails[0])) != first


@pytest.mark.parametrize("change", ["accepted_at", "cancelled_at", "expires_at"])
def test_an_invitation_that_is_over_is_not_sent(
    db: Database, mailbox: Mailbox, serve: Serve, change: str
) -> None:
    invited(db, **{change: NOW})
    assert send_due(db, serve(), now=NOW) == Sent(dropped=1)
    assert mailbox.mails == []
    with db.read() as session:
        assert session.scalars(select(OutboxMail)).all() == []


def test_a_mail_that_failed_waits_longer_each_time_and_is_given_up_in_the_end(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    id = waiting(db)
    config = serve()
    mailbox.data_answer = "451 try later"
    now, waits = NOW, []
    for _ in range(ATTEMPTS - 1):
        assert send_due(db, config, now=now) == Sent(failed=1)
        assert send_due(db, config, now=now + timedelta(seconds=1)) == Sent()
        waits.append(row_of(db, id).not_before - now)
        now += waits[-1]
    assert waits[:3] == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert max(waits) == timedelta(hours=6)
    assert sum(waits, timedelta()) > timedelta(days=2)
    assert send_due(db, config, now=now) == Sent(given_up=1)
    row = row_of(db, id)
    assert (row.attempts, row.to_address, row.last_error) == (ATTEMPTS, None, "SMTPDataError 451")
    assert send_due(db, config, now=now + timedelta(days=9)) == Sent()


def test_a_worker_that_died_while_sending_loses_no_mail(db: Database, mailbox: Mailbox, serve: Serve) -> None:
    id = waiting(db)
    with db.write() as session:
        session.execute(update(OutboxMail).values(attempts=1, not_before=NOW + timedelta(minutes=2)))
    config = serve()
    assert send_due(db, config, now=NOW) == Sent()
    assert send_due(db, config, now=NOW + timedelta(minutes=2)) == Sent(sent=1)
    assert row_of(db, id).attempts == 2


def test_an_address_that_the_server_cannot_write_delays_nobody_elses_mail(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    refused, others = waiting(db), [waiting(db) for _ in range(2)]
    with db.write() as session:
        mail = session.get_one(OutboxMail, refused)
        mail.to_address, mail.created_at = "mary.o\u2019neill@example.org", NOW - timedelta(days=1)
    assert send_due(db, serve(enable_SMTPUTF8=False), now=NOW) == Sent(sent=2, given_up=1)
    assert [row_of(db, id).sent_at for id in others] == [NOW, NOW]
    assert row_of(db, refused).last_error == "SMTPNotSupportedError"


SPOILT = {
    "figures": "UPDATE outbox_mails SET figures = '[1]' WHERE to_address = 'spoilt@example.org'",
    "attempts": "UPDATE outbox_mails SET attempts = 'x' WHERE to_address = 'spoilt@example.org'",
    "many attempts": "UPDATE outbox_mails SET attempts = 100000 WHERE to_address = 'spoilt@example.org'",
    "attempts at their end": "UPDATE outbox_mails SET attempts = 2147483647 WHERE to_address = 'spoilt@example.org'",
    "created_at": "UPDATE outbox_mails SET created_at = 'never' WHERE to_address = 'spoilt@example.org'",
    "template": "UPDATE outbox_mails SET template = x'ff00' WHERE to_address = 'spoilt@example.org'",
    "id": "UPDATE outbox_mails SET id = 'half' WHERE to_address = 'spoilt@example.org'",
    "not_before": "UPDATE outbox_mails SET not_before = '2020-01-01 x' WHERE to_address = 'spoilt@example.org'",
    "organisation": "UPDATE organisations SET created_at = 'never'",
    "area": "UPDATE areas SET closed_year = 'x'",
    "expires_at": "UPDATE invitations SET expires_at = 'never'",
    "no organisation": f"UPDATE invitations SET organisation_id = '{uuid4().hex}'",
}


@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_row_that_cannot_be_read_holds_up_no_other_mail(
    db: Database, mailbox: Mailbox, serve: Serve, spoilt: str
) -> None:
    """SQLite takes any value in any column."""
    invited(db)
    for address in ("spoilt@example.org", "good@example.org"):
        waiting(db, to=address)
    with db.write() as session:
        first = OutboxMail.to_address.is_distinct_from("good@example.org")
        session.execute(update(OutboxMail).where(first).values(not_before=NOW - timedelta(days=9)))
    with contextlib.closing(sqlite3.connect(str(db.engine.url.database))) as file:
        file.execute(SPOILT[spoilt])
        file.commit()
    config = serve()
    for hours in (0, 7):
        send_due(db, config, now=NOW + timedelta(hours=hours))
    assert mailbox.recipients.count("good@example.org") == 1
