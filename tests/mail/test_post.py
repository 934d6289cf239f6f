"""Mails go over a trusted connection, and what a server says stays out of what is kept."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.certificates import Authority, Certified
from tests.mail.rows import ADDRESS, NOW, Serve, waiting
from tests.mailbox import Mailbox
from transition_exchange.config import Config
from transition_exchange.mail import Sent, send_due
from transition_exchange.mail.post import Post
from transition_exchange.mail.unsendable import Unsendable
from transition_exchange.store.database import Database


@pytest.fixture
def message() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "exchange@example.org", ADDRESS, "Hello"
    message.set_content("Hello")
    return message


@pytest.fixture
def post(serve: Serve) -> Iterator[Post]:
    with Post(serve()) as post:
        yield post


def test_one_connection_carries_a_whole_round(post: Post, mailbox: Mailbox, message: EmailMessage) -> None:
    for _ in range(3):
        post.send(message)
    assert len(mailbox.mails) == 3
    assert mailbox.connections == 1


@pytest.mark.parametrize(
    ("reply", "for_good"), [("451 ADDRESS: try later", False), ("554 ADDRESS: never", True)]
)
def test_a_mail_that_the_server_refuses_says_whether_for_good_and_repeats_no_address(
    post: Post, mailbox: Mailbox, message: EmailMessage, reply: str, for_good: bool
) -> None:
    mailbox.data_answer = reply.replace("ADDRESS", ADDRESS)
    with pytest.raises(Unsendable) as why:
        post.send(message)
    assert (why.value.for_good, why.value.all_alike) == (for_good, False)
    assert str(why.value) == f"SMTPDataError {reply[:3]}"
    mailbox.data_answer, mailbox.refused = None, {ADDRESS: reply}
    with pytest.raises(Unsendable) as why:
        post.send(message)
    assert (why.value.for_good, why.value.all_alike) == (for_good, False)
    assert str(why.value) == f"SMTPRecipientsRefused {reply[:3]}"
    mailbox.refused = {}
    post.send(message)
    assert len(mailbox.mails) == 1


def test_the_code_that_a_reply_begins_with_is_kept_and_nothing_else_of_it(
    post: Post, mailbox: Mailbox, message: EmailMessage
) -> None:
    for reply, kept in ((f"550 5.1.1 <{ADDRESS}> unknown", "550 5.1.1"), (f"550 {ADDRESS} 5.1.1", "550")):
        mailbox.refused = {ADDRESS: reply}
        with pytest.raises(Unsendable) as why:
            post.send(message)
        assert str(why.value) == f"SMTPRecipientsRefused {kept}"


def test_a_server_that_hangs_up_at_one_mail_is_tried_with_the_next(
    post: Post, mailbox: Mailbox, message: EmailMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang_up(*_: object) -> None:
        raise smtplib.SMTPServerDisconnected

    alike = []
    for hangs in (True, False, True, True):
        with monkeypatch.context() as patched:
            if hangs:
                patched.setattr(smtplib.SMTP, "send_message", hang_up)
                with pytest.raises(Unsendable) as why:
                    post.send(message)
                alike.append(why.value.all_alike)
            else:
                post.send(message)
    assert alike == [False, False, True], "twice in a row, it is the server and not the address"
    assert len(mailbox.mails) == 1


def test_without_a_connection_every_mail_would_fail_alike(message: EmailMessage) -> None:
    with Post(Config(smtp_host="127.0.0.1", smtp_port=1)) as post, pytest.raises(Unsendable) as why:
        post.send(message)
    assert (why.value.for_good, why.value.all_alike) == (False, True)
    assert why.value.__cause__ is None


def right_password(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    return AuthResult(success=getattr(data, "password", None) == b"right", handled=False)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


BEGUN, FROM_THE_FIRST_BYTE = "smtp_starttls", "smtp_tls"


def over_tls(serve: Serve, how: str, certified: Certified, **changes: Any) -> Config:
    """A server that speaks TLS in one of the two ways, and the settings that reach it so."""
    served = (
        serve(tls_context=certified.context(), require_starttls=True)
        if how == BEGUN
        else serve(ssl_context=certified.context())
    )
    return replace(served, smtp_starttls=how == BEGUN, smtp_tls=how == FROM_THE_FIRST_BYTE, **changes)


def test_mail_goes_over_tls_that_is_begun_after_signing_in(
    db: Database, mailbox: Mailbox, serve: Serve, authority: Authority
) -> None:
    config = serve(
        tls_context=authority.certify("127.0.0.1").context(),
        require_starttls=True,
        authenticator=right_password,
        auth_required=True,
    )
    config = replace(config, smtp_starttls=True, smtp_user="exchange", smtp_password="wrong")
    waiting(db)
    assert send_due(db, config, now=NOW) == Sent(failed=1)
    config = replace(config, smtp_ca_file=authority.file)
    assert send_due(db, config, now=NOW + timedelta(hours=1)) == Sent(failed=1)
    config = replace(config, smtp_password="right")
    assert send_due(db, config, now=NOW + timedelta(hours=2)) == Sent(sent=1)
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("how", [BEGUN, FROM_THE_FIRST_BYTE])
def test_mail_goes_to_a_server_whose_certificate_is_right(
    mailbox: Mailbox, serve: Serve, authority: Authority, message: EmailMessage, how: str
) -> None:
    certified = authority.certify("127.0.0.1")
    with Post(over_tls(serve, how, certified, smtp_ca_file=authority.file)) as post:
        post.send(message)
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("how", [BEGUN, FROM_THE_FIRST_BYTE])
@pytest.mark.parametrize("wrong", ["name", "issuer", "date", "not trusted here"])
def test_a_server_whose_certificate_is_wrong_gets_no_mail(
    mailbox: Mailbox,
    serve: Serve,
    authority: Authority,
    message: EmailMessage,
    tmp_path: Path,
    how: str,
    wrong: str,
) -> None:
    issuer = Authority(tmp_path, "Somebody Else") if wrong == "issuer" else authority
    host, days = ("localhost" if wrong == "name" else "127.0.0.1"), (-1 if wrong == "date" else 1)
    trusted = None if wrong == "not trusted here" else authority.file
    config = over_tls(serve, how, issuer.certify(host, days=days), smtp_ca_file=trusted)
    with Post(config) as post, pytest.raises(Unsendable) as why:
        post.send(message)
    assert (str(why.value), why.value.all_alike) == ("SSLCertVerificationError", True)
    assert mailbox.mails == []
    with Post(replace(config, smtp_without_verified_tls=True)) as post:
        post.send(message)
    assert len(mailbox.mails) == 1, "the setting named for it switches the check off"


def test_a_server_that_begins_no_tls_gets_no_mail(
    mailbox: Mailbox, serve: Serve, message: EmailMessage
) -> None:
    """So whoever removes the offer of STARTTLS on the way stops mail, and reads none."""
    with Post(replace(serve(), smtp_starttls=True)) as post, pytest.raises(Unsendable) as why:
        post.send(message)
    assert (str(why.value), why.value.all_alike) == ("SMTPNotSupportedError", True)
    assert mailbox.mails == []
