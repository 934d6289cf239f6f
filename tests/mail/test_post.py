"""Mails go over a trusted connection, and what a server says stays out of what is kept."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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


def test_without_a_connection_every_mail_would_fail_alike(message: EmailMessage) -> None:
    with Post(Config(smtp_host="127.0.0.1", smtp_port=1)) as post, pytest.raises(Unsendable) as why:
        post.send(message)
    assert (why.value.for_good, why.value.all_alike) == (False, True)
    assert why.value.__cause__ is None


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / "certificate.pem", folder / "key.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return path, context


def right_password(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    return AuthResult(success=getattr(data, "password", None) == b"right", handled=False)


def test_mail_goes_over_tls_that_is_begun_after_signing_in(
    db: Database, mailbox: Mailbox, serve: Serve, tmp_path: Path
) -> None:
    path, context = certificate(tmp_path)
    config = serve(
        tls_context=context, require_starttls=True, authenticator=right_password, auth_required=True
    )
    config = replace(config, smtp_starttls=True, smtp_user="exchange", smtp_password="wrong")
    waiting(db)
    assert send_due(db, config, now=NOW) == Sent(failed=1)
    config = replace(config, smtp_ca_file=path)
    assert send_due(db, config, now=NOW + timedelta(hours=1)) == Sent(failed=1)
    config = replace(config, smtp_password="right")
    assert send_due(db, config, now=NOW + timedelta(hours=2)) == Sent(sent=1)
    assert len(mailbox.mails) == 1


def test_mail_goes_over_tls_from_the_first_byte(
    db: Database, mailbox: Mailbox, serve: Serve, tmp_path: Path
) -> None:
    path, context = certificate(tmp_path)
    config = replace(serve(ssl_context=context), smtp_tls=True, smtp_ca_file=path)
    waiting(db)
    assert send_due(db, config, now=NOW) == Sent(sent=1)
