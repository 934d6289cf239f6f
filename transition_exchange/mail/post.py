"""Handing mails over to a server by SMTP (RFC 5321)."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from transition_exchange.config import Config
from transition_exchange.mail.failures import in_words
from transition_exchange.mail.unsendable import Unsendable

_TIMEOUT_SECONDS = 20


class Post:
    """One connection to the mail server for a whole round; the first mail opens it. Use it as a context manager."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._server: smtplib.SMTP | None = None
        self._hung_up = False

    def __enter__(self) -> Post:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over.

        Args:
            message: the mail.

        Raises:
            Unsendable: the server did not take it. The server's reply is dropped, since it repeats addresses.
        """
        try:
            self._server = self._server or self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise Unsendable(_label(error), all_alike=True, words=in_words(error)) from None
        try:
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Unsendable(
                _label(error, *codes),
                for_good=all(500 <= code < 600 for code in codes),
                words=in_words(error),
            ) from None
        except smtplib.SMTPDataError as error:
            raise Unsendable(
                _label(error), for_good=500 <= error.smtp_code < 600, words=in_words(error)
            ) from None
        except smtplib.SMTPNotSupportedError as error:
            # The address has letters that this server does not take: every other address is as good as before.
            raise Unsendable(_label(error), for_good=True, words=in_words(error)) from None
        except smtplib.SMTPServerDisconnected as error:
            # Some servers hang up at an address that they do not like. One that does so twice in a row is not well.
            self._close()
            again, self._hung_up = self._hung_up, True
            raise Unsendable(_label(error), all_alike=again, words=in_words(error)) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._close()
            raise Unsendable(
                _label(error), all_alike=isinstance(error, OSError), words=in_words(error)
            ) from None
        self._hung_up = False

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


def _label(error: Exception, *codes: int) -> str:
    if not codes and isinstance(error, smtplib.SMTPResponseException):
        codes = (error.smtp_code,)
    return " ".join([type(error).__name__, *(str(code) for code in codes)])[:100]
