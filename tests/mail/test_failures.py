"""Why mail was not sent is said in words that name settings and nothing of what a server says."""

from __future__ import annotations

import logging
import smtplib
import socket
import ssl

import pytest

from tests.mail.rows import ADDRESS, NOW, waiting
from transition_exchange.config import Config
from transition_exchange.mail import Sent, send_due
from transition_exchange.mail.failures import in_words, refusal_in_words
from transition_exchange.store.database import Database


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, f"certificate verify failed for {ADDRESS}")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "setting"),
    [
        (certificate(62), "another name than SMTP_HOST"),
        (certificate(64), "another name than SMTP_HOST"),
        (certificate(10), "has expired"),
        (certificate(19), "SMTP_CA_FILE"),
        (ssl.SSLError(1, f"WRONG_VERSION_NUMBER {ADDRESS}"), "SMTP_TLS"),
        (smtplib.SMTPAuthenticationError(535, ADDRESS.encode()), "SMTP_USER and SMTP_PASSWORD"),
        (smtplib.SMTPNotSupportedError(ADDRESS), "SMTP_STARTTLS"),
        (smtplib.SMTPSenderRefused(550, b"no", ADDRESS), "MAIL_FROM"),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no")}), "receiver"),
        (smtplib.SMTPDataError(554, ADDRESS.encode()), "the mail"),
        (smtplib.SMTPServerDisconnected(ADDRESS), "SMTP_PORT"),
        (smtplib.SMTPConnectError(421, ADDRESS.encode()), "SMTP_HOST"),
        (socket.gaierror(-2, ADDRESS), "SMTP_HOST is unknown"),
        (ConnectionRefusedError(111, ADDRESS), "SMTP_HOST and SMTP_PORT"),
        (TimeoutError(ADDRESS), "in time"),
        (OSError(113, ADDRESS), "cannot be reached"),
        (ValueError(ADDRESS), "another reason"),
    ],
)
def test_each_failure_names_the_settings_to_look_at(error: Exception, setting: str) -> None:
    assert setting in in_words(error)
    assert ADDRESS not in in_words(error)


def test_the_log_says_which_setting_is_wrong(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    waiting(db)
    with caplog.at_level(logging.INFO):
        assert send_due(db, Config(smtp_host="127.0.0.1", smtp_port=1), now=NOW) == Sent(failed=1)
    assert "no mail server answers there: see SMTP_HOST and SMTP_PORT (ConnectionRefusedError)" in caplog.text


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("SMTPRecipientsRefused 550", "no such mailbox"),
        ("SMTPRecipientsRefused 550 5.1.1", "no such mailbox"),
        ("SMTPRecipientsRefused 550 5.7.1", "takes no mail from this service"),
        ("SMTPRecipientsRefused 550 5.1.2", "after the @"),
        ("SMTPRecipientsRefused 452 4.2.2", "full"),
        ("SMTPRecipientsRefused 599", "this address"),
        ("UnicodeEncodeError", "letters"),
    ],
)
def test_whoever_wrote_an_address_is_told_why_it_was_refused(label: str, words: str) -> None:
    assert words in refusal_in_words(label)


def test_a_failure_that_says_nothing_about_the_address_blames_none() -> None:
    assert [refusal_in_words(label) for label in ("gaierror", "SMTPServerDisconnected", "")] == ["", "", ""]
