"""What gunicorn answers and logs by itself, before the application is asked: nothing of the request is in either.

Its own pages quote the line or the header that it could not read, and so do its warnings, with the network address. An
address can be the link of an invitation. So an answer has a sentence of ours, and a line of the log the kind of error.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.http import errors  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from transition_exchange.web.security_headers import HEADERS, NO_STORE

_BROKEN = (
    "500 Internal Server Error",
    "Sorry, there is a problem with the service. Try again in a few minutes.",
)
_UNREADABLE = ("400 Bad Request", "This request cannot be read.")
_ANSWERS: tuple[tuple[type[Exception], tuple[str, str]], ...] = (
    # Headers that our own side tried to send come first: their kinds are kinds of unreadable headers too.
    (errors.InvalidResponseHeader, _BROKEN),
    (errors.InvalidResponseHeaderName, _BROKEN),
    (errors.ConfigurationProblem, _BROKEN),
    (errors.LimitRequestLine, ("414 URI Too Long", "The address of this request is too long.")),
    (
        errors.LimitRequestHeaders,
        ("431 Request Header Fields Too Large", "The head of this request is too long."),
    ),
    (
        errors.ExpectationFailed,
        ("417 Expectation Failed", "This request expects what this service does not do."),
    ),
    (errors.ForbiddenProxyRequest, ("403 Forbidden", "This request is not allowed.")),
    (
        errors.UnsupportedTransferCoding,
        ("501 Not Implemented", "The body of this request came in a way that this service does not read."),
    ),
    (errors.ParseException, _UNREADABLE),
)
"""The status and the sentence for each kind of error (RFC 9110, section 15; RFC 6585, section 5). The first counts."""

_HEADERS = {
    **HEADERS,
    "Connection": "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": NO_STORE,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def bare_answer(error: BaseException) -> bytes:
    """The whole answer to a request that never reached the application."""
    status, sentence = next((answer for kind, answer in _ANSWERS if isinstance(error, kind)), _BROKEN)
    body = f"{sentence}\n"
    headers = (f"{name}: {value}" for name, value in {**_HEADERS, "Content-Length": str(len(body))}.items())
    return "\r\n".join((f"HTTP/1.1 {status}", *headers, "", body)).encode()


class QuietLog(Logger):  # type: ignore[misc]
    """gunicorn's log, whose lines about an exception hold its kind and the lines of code, and no words of it."""

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Write one line about the exception that is being handled; the message may name the address of a page."""
        error = sys.exc_info()[1]
        frames = reversed(traceback.extract_tb(error.__traceback__ if error else None))
        lines = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in frames)
        self.error("%s while a request was served: %s", type(error).__qualname__, lines)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, and with our own bare answers."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what failed outside the application, and log what kind of error it was.

        Args:
            req: the request as far as it could be read, or None.
            client: the socket of the connection.
            addr: the network address, which is not written anywhere.
            exc: what was raised.
        """
        if isinstance(exc, errors.ParseException):
            self.log.warning("A request cannot be read: %s", type(exc).__qualname__)
        else:
            self.log.exception("")
        with contextlib.suppress(OSError):  # whoever sent it may be gone
            util.write_nonblock(client, bare_answer(exc))
