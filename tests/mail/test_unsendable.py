"""What becomes of a mail that was not sent, and of the round: it depends on why."""

from __future__ import annotations

import logging

import pytest

from tests.mail.rows import ADDRESS, NOW, Serve, logged, row_of, waiting
from tests.mailbox import Mailbox
from transition_exchange.config import Config
from transition_exchange.mail import Sent, send_due
from transition_exchange.mail.unsendable import Unsendable
from transition_exchange.store.database import Database


def test_a_failure_is_taken_to_pass_and_to_concern_one_mail_unless_it_says_otherwise() -> None:
    passing = Unsendable("SMTPDataError 451")
    assert (str(passing), passing.for_good, passing.all_alike) == ("SMTPDataError 451", False, False)


def test_an_address_that_the_server_refuses_is_given_up_at_once_and_the_others_go_on(
    db: Database, mailbox: Mailbox, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    refused = waiting(db)
    waiting(db, to="office@ashdown.example")
    mailbox.refused[ADDRESS] = "550 ADDRESS is unknown here"
    with caplog.at_level(logging.DEBUG):
        assert send_due(db, serve(), now=NOW) == Sent(given_up=1, sent=1)
    assert mailbox.recipients == ["office@ashdown.example"]
    row = row_of(db, refused)
    assert (row.given_up_at, row.to_address, row.last_error) == (NOW, None, "SMTPRecipientsRefused 550")
    assert str(refused) in logged(caplog)
    assert ADDRESS not in logged(caplog)
    assert "unknown here" not in logged(caplog)


def test_an_address_that_the_server_cannot_write_delays_nobody(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    """RFC 6531: a server takes letters beyond ASCII in an address only if it says so."""
    odd = waiting(db, to="zoë@ashdown.example")
    waiting(db, to="office@ashdown.example")
    assert send_due(db, serve(enable_SMTPUTF8=False), now=NOW) == Sent(given_up=1, sent=1)
    assert mailbox.recipients == ["office@ashdown.example"]
    assert row_of(db, odd).given_up_at == NOW


def test_a_server_that_hangs_up_at_one_address_delays_nobody(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    late = waiting(db)
    waiting(db, to="office@ashdown.example")
    waiting(db, to="head@ashdown.example")
    mailbox.refused[ADDRESS] = "421 ADDRESS: goodbye"
    assert send_due(db, serve(), now=NOW) == Sent(failed=1, sent=2)
    assert row_of(db, late).given_up_at is None


def test_a_server_that_hangs_up_again_and_again_is_left_alone_for_the_round(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    for number in range(5):
        waiting(db, to=f"{number}@ashdown.example")
    mailbox.hangs_up = True
    assert send_due(db, serve(), now=NOW) == Sent(failed=2)


def test_a_server_that_is_down_is_asked_once_a_round(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    ids = [waiting(db), waiting(db)]
    config = Config(smtp_host="127.0.0.1", smtp_port=1)
    assert send_due(db, config, now=NOW) == Sent(failed=1)
    assert sorted(row_of(db, id).attempts for id in ids) == [0, 1]
    assert ADDRESS not in logged(caplog)
