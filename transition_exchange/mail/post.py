"""Handing mails over to a server by SMTP (RFC 5321)."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage

from transition_exchange.config import Config
from transition_exchange.mail.failures import in_words
from transition_exchange.mail.unsendable import Unsendable

_TIMEOUT_SECONDS = 20
_ENHANCED = re.compile(rb"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
"""An enhanced status code at the beginning of a reply (RFC 3463)."""

NOT_ASCII = "the server takes no address with such letters: give one without accents and special characters"


class Post:
    """One connection to the mail server for a whole round; the first mail opens it. Use it as a context manager."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._server: smtplib.SMTP | None = None
        self._ended_in_a_row = 0

    def __enter__(self) -> Post:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over.

        Args:
            message: the mail.

        What a server says about one address concerns that mail alone. Some end the connection over one; only where they
        do it twice in a row would every other mail fail as well.

        Raises:
            Unsendable: the server did not take it. The server's reply is dropped, since it repeats addresses.
        """
        try:
            # `smtplib` lets go of a connection that the server has ended, as with a reply of 421 (RFC 5321, 3.8).
            if (server := self._server) is None or server.sock is None:
                server = self._server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise Unsendable(_label(error), all_alike=True, words=in_words(error)) from None
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Unsendable(
                _label(error, *codes, replies=[reply for _, reply in error.recipients.values()]),
                for_good=all(500 <= code < 600 for code in codes),
                words=in_words(error),
            ) from None
        except smtplib.SMTPDataError as error:
            raise Unsendable(
                _label(error), for_good=500 <= error.smtp_code < 600, words=in_words(error)
            ) from None
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            # The address has letters beyond ASCII, and this server takes none (RFC 6531).
            self._close()
            raise Unsendable(_label(error), for_good=True, words=NOT_ASCII) from None
        except (OSError, ValueError) as error:
            self._close()
            self._ended_in_a_row += 1
            everybody = isinstance(error, smtplib.SMTPSenderRefused) or self._ended_in_a_row > 1
            raise Unsendable(_label(error), all_alike=everybody, words=in_words(error)) from None
        self._ended_in_a_row = 0

    def _connect(self) -> smtplib.SMTP:
        config = self._config
        trusted = _context(config)
        server: smtplib.SMTP
        if config.smtp_tls:
            server = smtplib.SMTP_SSL(
                config.smtp_host, config.smtp_port, timeout=_TIMEOUT_SECONDS, context=trusted
            )
        else:
            server = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=_TIMEOUT_SECONDS)
        try:
            if config.smtp_starttls:
                server.starttls(context=trusted)
            if config.smtp_user:
                server.login(config.smtp_user, config.smtp_password)
        except BaseException:
            server.close()
            raise
        return server

    def _close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()


def _context(config: Config) -> ssl.SSLContext:
    """TLS 1.2 or later, with the server's name and certificate verified unless a setting switches that off."""
    context = ssl.create_default_context(cafile=config.smtp_ca_file)
    if config.smtp_without_verified_tls:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _label(error: Exception, *codes: int, replies: Sequence[bytes] = ()) -> str:
    """The kind of a failure, with the codes of the server's reply, in which nothing can stand but digits."""
    if not codes and isinstance(error, smtplib.SMTPResponseException):
        codes = (error.smtp_code,)
        replies = [error.smtp_error] if isinstance(error.smtp_error, bytes) else []
    enhanced = [found[1].decode() for reply in replies if (found := _ENHANCED.match(reply))]
    return " ".join([type(error).__name__, *(str(code) for code in codes), *enhanced])[:100]
