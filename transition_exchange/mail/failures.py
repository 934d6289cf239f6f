"""Why mail could not be handed over, in words that name the settings concerned. The server's own words are left out."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable

_HOSTNAME_MISMATCH, _ADDRESS_MISMATCH, _EXPIRED = 62, 64, 10
"""What OpenSSL calls a certificate that bears another name or address, or that has expired (x509_vfy.h)."""


def in_words(error: Exception) -> str:
    """Say why mail could not be handed over, and which settings to look at.

    Args:
        error: what `smtplib` or the operating system raised. Nothing of its text is repeated, since it may hold
            addresses.
    """
    return next(
        (words(error) for kind, words in _WORDS if isinstance(error, kind)), "it failed for another reason"
    )


def _about_a_certificate(error: Exception) -> str:
    code = getattr(error, "verify_code", None)
    if code in (_HOSTNAME_MISMATCH, _ADDRESS_MISMATCH):
        return "the server's certificate bears another name than SMTP_HOST"
    if code == _EXPIRED:
        return "the certificate of the server in SMTP_HOST has expired"
    return "the certificate of the server in SMTP_HOST is by an authority that is not trusted here: see SMTP_CA_FILE"


def _always(words: str) -> Callable[[Exception], str]:
    return lambda error: words


_WORDS: tuple[tuple[type[Exception], Callable[[Exception], str]], ...] = (
    (ssl.SSLCertVerificationError, _about_a_certificate),
    (ssl.SSLError, _always("TLS could not begin: see SMTP_PORT, SMTP_TLS and SMTP_STARTTLS")),
    (smtplib.SMTPAuthenticationError, _always("the server does not take SMTP_USER and SMTP_PASSWORD")),
    (
        smtplib.SMTPNotSupportedError,
        _always("the server offers no STARTTLS or no signing in: see SMTP_STARTTLS and SMTP_USER"),
    ),
    (smtplib.SMTPSenderRefused, _always("the server does not take the sender: see MAIL_FROM and SMTP_USER")),
    (smtplib.SMTPRecipientsRefused, _always("the server does not take the receiver's address")),
    (smtplib.SMTPDataError, _always("the server does not take the mail")),
    (
        smtplib.SMTPServerDisconnected,
        _always("the server ended the connection: see SMTP_PORT, SMTP_TLS and SMTP_STARTTLS"),
    ),
    (
        smtplib.SMTPException,
        _always("the server does not answer as a mail server: see SMTP_HOST and SMTP_PORT"),
    ),
    (socket.gaierror, _always("the name in SMTP_HOST is unknown")),
    (ConnectionRefusedError, _always("no mail server answers there: see SMTP_HOST and SMTP_PORT")),
    (TimeoutError, _always("no answer came in time: see SMTP_HOST and SMTP_PORT")),
    (OSError, _always("the server in SMTP_HOST cannot be reached")),
)


def refusal_in_words(label: str) -> str:
    """Say to whoever wrote an address why mail to it was refused.

    Args:
        label: what `OutboxMail.last_error` keeps: the kind of the failure and the codes of the server's reply
            (RFC 5321, 4.2; RFC 3463, 3).

    Returns:
        The reason; empty if the failure says nothing about the address.
    """
    kind, *codes = label.split() or [""]
    if kind in ("UnicodeEncodeError", "SMTPNotSupportedError"):
        return "this mail server takes no address with such letters"
    if kind not in ("SMTPRecipientsRefused", "SMTPDataError"):
        return ""
    for code in reversed(codes):  # the enhanced ones, which say more, come last
        for beginning, words in _REFUSALS:
            if code == beginning or (beginning.endswith(".") and code.startswith(beginning)):
                return words
    return "the mail server does not take mail for this address"


_REFUSALS = (
    ("5.1.2", "no such place for e-mail: see what stands after the @"),
    ("5.1.", "no such mailbox"),
    ("5.2.2", "the mailbox is full"),
    ("4.2.2", "the mailbox is full"),
    ("5.2.", "the mailbox takes no mail"),
    ("5.7.", "their mail server takes no mail from this service"),
    ("550", "no such mailbox"),
    ("551", "no such mailbox"),
    ("552", "the mailbox is full"),
    ("553", "no such mailbox"),
)
