"""The one place that turns what went wrong into a page in plain English."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from transition_exchange.exchange.errors import (
    Conflict,
    ExchangeError,
    Later,
    NotAllowed,
    NotFound,
    NotReady,
    Refused,
    Tampered,
)
from transition_exchange.web.problems import REFUSED, status_of
from transition_exchange.web.requests import drain

log = logging.getLogger(__name__)

Page = tuple[str, int] | tuple[str, int, dict[str, str]]


@dataclass(frozen=True)
class Words:
    """What an error page says."""

    title: str
    paragraphs: tuple[str, ...]


# The same page for what is missing and for what is somebody else's.
NOT_FOUND = Words(
    "Page not found",
    (
        "If you typed the web address, check it is correct.",
        "If you followed a link, what it led to may have been taken back or deleted, or it is not yours to see.",
    ),
)
WORDS = {
    400: Words("We could not use what you sent", ("Go back, check what you typed and try again.",)),
    403: Words(
        "You cannot do this", ("Your teams cannot use this page. An administrator can add you to one.",)
    ),
    404: NOT_FOUND,
    405: Words(
        "Start from the form",
        ("This address only takes what a form sends. Go back to the form and try again.",),
    ),
    409: Words("This cannot be done now", ("Go back and look at the page again.",)),
    413: Words(
        "That is too large",
        (
            "A file may be up to 20 MB. Nothing was saved from the last step, and nothing saved before it is lost.",
            "Use your browser's back button: what you typed is still there. Then choose a smaller file, "
            "or save it as a PDF with smaller pictures.",
        ),
    ),
    429: Words("Too many tries", ("Wait a few minutes, then try again.",)),
    500: Words(
        "Sorry, there is a problem with the service",
        ("Try again in a few minutes. What you saved before is kept.",),
    ),
    503: Words("The service is busy", ("Try again in a minute. What you saved before is kept.",)),
}
STALE_FORM = Words(
    "This page was open for too long",
    (
        "Your browser no longer has what proves that this form is yours. "
        "This happens when cookies were cleared or the browser was restarted.",
        "Use your browser's back button, copy what you typed if it is long, reload the page and try again.",
    ),
)


def show(status: int, words: Words) -> Page:
    """An error page."""
    return render_template("errors/error.html", words=words, status=status), status


def _for_exchange(error: ExchangeError) -> Page:
    match error:
        case NotFound():
            return show(404, NOT_FOUND)
        case NotAllowed():
            return show(403, Words(WORDS[403].title, (error.message,)))
        case Conflict() | NotReady():
            return show(409, Words(WORDS[409].title, (error.message,)))
        case Later():
            status = status_of(error)
            page = render_template(
                "errors/error.html", words=Words(WORDS[status].title, (error.message,)), status=status
            )
            return page, status, {"Retry-After": str(error.retry_after)}
        case Refused():
            return show(REFUSED, Words(WORDS[400].title, (error.message,)))
        case Tampered():
            log.error("a stored piece failed its check on %s", request.endpoint)
            return show(500, Words("This failed its safety check", (error.message,)))
        case _:
            return show(400, Words(WORDS[400].title, (error.message,)))


def _for_http(error: HTTPException) -> Page | HTTPException:
    if isinstance(error, SecurityError):
        return (
            "This service has another address.",
            400,
        )  # no page: it would be full of links to a strange host
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(error, CSRFError):
        return show(400, STALE_FORM)
    if status == 413:
        drain()
    nearest = status if status in WORDS else (400 if status < 500 else 500)
    return show(status, WORDS[nearest])


def _for_anything(error: Exception) -> Page:
    # Messages of exceptions may quote what somebody typed, so only their kind and the lines of code are logged.
    frames = traceback.extract_tb(error.__traceback__)
    lines = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames))
    log.error("%s on %s: %s", type(error).__qualname__, request.endpoint, lines)
    return show(500, WORDS[500])


def add_to(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(ExchangeError, _for_exchange)
    app.register_error_handler(HTTPException, _for_http)
    if not app.testing:  # tests want to see what broke
        app.register_error_handler(Exception, _for_anything)
