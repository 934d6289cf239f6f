"""A real SMTP server, of aiosmtpd, takes what the outbox sends."""

from __future__ import annotations

import ast
import hashlib
import ipaddress
import logging
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update

from tests.mailbox import Mailbox, serving
from tests.store.rows import organisation
from transition_exchange import mail
from transition_exchange.config import Config
from transition_exchange.mail import ATTEMPTS, Sent, link_digest, send_due
from transition_exchange.places import folders
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, OutboxMail

NOW = datetime(2027, 6, 3, 10, 0, tzinfo=UTC)
ADDRESS = "senco@ashdown.example"


Serve = Callable[..., Config]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def serve(mailbox: Mailbox) -> Iterator[Serve]:
    """Start the server, with aiosmtpd's own options, and return settings that point to it."""
    with ExitStack() as running:

        def start(**options: Any) -> Config:
            return Config(
                smtp_host="127.0.0.1",
                smtp_port=running.enter_context(serving(mailbox, **options)),
                public_url="https://exchange.example.org",
                mail_from="exchange@example.org",
            )

        yield start


def queued(db: Database, template: str = "packs_waiting", to: str = ADDRESS, **figures: int) -> UUID:
    with db.write() as session:
        row = mail.queue(session, to=to, template=template, figures=figures or {"count": 3}, not_before=NOW)
        session.flush()
        return row.id


def row_of(db: Database, id: UUID) -> OutboxMail:
    with db.read() as session:
        return session.get_one(OutboxMail, id)


def test_a_mail_arrives_with_counts_and_a_link_and_its_address_is_forgotten(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    id = queued(db, count=3)
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
    queued(db)
    assert send_due(db, Config(), now=NOW) == Sent()
    assert send_due(db, serve(), now=NOW - timedelta(seconds=1)) == Sent()
    assert mailbox.mails == []


@pytest.mark.parametrize("figure", ["Ada Lovelace", 1.5, True, None])
def test_only_whole_numbers_can_be_put_into_a_mail(db: Database, figure: object) -> None:
    with pytest.raises(ValueError, match="whole number"), db.write() as session:
        mail.queue(session, to=ADDRESS, template="packs_waiting", figures={"count": figure})  # type: ignore[dict-item]


def invited(db: Database, **changes: object) -> UUID:
    school = organisation(db, "Ashdown School")
    with db.write() as session:
        invitation = Invitation(
            organisation_id=school, email=ADDRESS, name="A. Person", expires_at=NOW + timedelta(days=7)
        )
        for name, value in changes.items():
            setattr(invitation, name, value)
        session.add(invitation)
        session.flush()
        mail.queue(session, to=ADDRESS, template="invitation", invitation_id=invitation.id, not_before=NOW)
        return invitation.id


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
    assert invitation.link_digest == link_digest(token) == hashlib.sha256(token.encode()).hexdigest()
    assert invitation.link_sent_at == NOW


def test_each_attempt_makes_another_link(db: Database, mailbox: Mailbox, serve: Serve) -> None:
    invitation_id = invited(db)
    config = serve()
    mailbox.answers["DATA"] = "451 try later"
    assert send_due(db, config, now=NOW) == Sent(failed=1)
    with db.read() as session:
        first = session.get_one(Invitation, invitation_id).link_digest
    del mailbox.answers["DATA"]
    assert send_due(db, config, now=NOW + timedelta(minutes=5)) == Sent(sent=1)
    with db.read() as session:
        second = session.get_one(Invitation, invitation_id).link_digest
    assert second == link_digest(token_in(mailbox.mails[0])) != first


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
    id = queued(db)
    config = serve()
    mailbox.answers["DATA"] = "451 try later"
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


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What the exchange logged; aiosmtpd, in the same process, logs addresses."""
    ours = [record for record in caplog.records if record.name.startswith("transition_exchange")]
    return "\n".join(caplog.handler.format(record) for record in ours)


def test_an_address_that_the_server_refuses_is_given_up_at_once_and_the_others_go_on(
    db: Database, mailbox: Mailbox, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    refused = queued(db)
    mailbox.answers["RCPT"] = "550 ADDRESS is unknown here"
    config = serve()
    with caplog.at_level(logging.DEBUG):
        assert send_due(db, config, now=NOW) == Sent(given_up=1)
    row = row_of(db, refused)
    assert (row.given_up_at, row.to_address, row.last_error) == (NOW, None, "SMTPRecipientsRefused 550")
    assert str(refused) in logged(caplog)
    assert ADDRESS not in logged(caplog)
    assert "unknown here" not in logged(caplog)


@pytest.mark.parametrize("address", ["not an address\nBcc: other@example.org", "a@b@c", "", "<>"])
def test_an_address_that_is_none_stays_out_of_the_log(
    db: Database, mailbox: Mailbox, serve: Serve, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    queued(db, to=address)
    with caplog.at_level(logging.INFO):
        result = send_due(db, serve(), now=NOW)
    assert result.sent + result.given_up + result.failed == 1
    assert not address or address not in logged(caplog)


def test_a_server_that_is_down_is_asked_once_a_round(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    ids = [queued(db), queued(db)]
    config = Config(smtp_host="127.0.0.1", smtp_port=1)
    assert send_due(db, config, now=NOW) == Sent(failed=1)
    assert sorted(row_of(db, id).attempts for id in ids) == [0, 1]
    assert ADDRESS not in logged(caplog)


def test_a_worker_that_died_while_sending_loses_no_mail(db: Database, mailbox: Mailbox, serve: Serve) -> None:
    id = queued(db)
    with db.write() as session:
        session.execute(update(OutboxMail).values(attempts=1, not_before=NOW + timedelta(minutes=2)))
    config = serve()
    assert send_due(db, config, now=NOW) == Sent()
    assert send_due(db, config, now=NOW + timedelta(minutes=2)) == Sent(sent=1)
    assert row_of(db, id).attempts == 2


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
    queued(db)
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
    queued(db)
    assert send_due(db, config, now=NOW) == Sent(sent=1)


def test_every_text_that_the_deeds_name_exists_and_every_text_can_be_written(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    texts = {path.stem for folder in folders("templates") for path in (folder / "email").glob("[a-z]*.txt")}
    named = {
        word
        for path in Path(mail.__file__).parents[1].glob("exchange/**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword | ast.Assign)
        and (node.arg if isinstance(node, ast.keyword) else ast.unparse(node.targets[0])) == "template"
        for word in _words(node.value)
    }
    assert "packs_waiting" in named
    assert named <= texts
    for text in texts - {"invitation"}:
        for count in (1, 2):
            queued(db, text, count=count)
    assert send_due(db, serve(), now=NOW) == Sent(sent=2 * len(texts) - 2)
    for message in mailbox.mails:
        assert message["Subject"]
        assert "{" not in message.as_string()
        assert "nothing about any young person" in message.get_content()


def _words(value: ast.expr) -> set[str]:
    if isinstance(value, ast.IfExp):
        return _words(value.body) | _words(value.orelse)
    return {value.value} if isinstance(value, ast.Constant) and isinstance(value.value, str) else set()
