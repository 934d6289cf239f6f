"""The one place that turns what went wrong into a page in plain English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import ClientDisconnected, HTTPException, MethodNotAllowed, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange import security_log
from transition_exchange.exchange.errors import (
    TAMPERED,
    Conflict,
    ExchangeError,
    Later,
    NotAllowed,
    NotConfirmedYet,
    NotFound,
    NotReady,
    Refused,
    Tampered,
)
from transition_exchange.proforma import UnknownVersion
from transition_exchange.store.away import is_away
from transition_exchange.store.unreadable import Unreadable
from transition_exchange.web import failures, gate, kept_forms, visits
from transition_exchange.web.open_forms import was_left_open
from transition_exchange.web.policy import DEFAULT_LIMIT, declared
from transition_exchange.web.problems import REFUSED, status_of
from transition_exchange.web.requests import UnreadableForm, drain
from transition_exchange.web.visits import current_visit, stop_reading

Plain = tuple[str, int]
Page = Plain | tuple[str, int, dict[str, str]]

REFUSALS: Mapping[int, security_log.Reason] = {403: "no_rule", 404: "not_found"}
"""What the security log says of a view that answers with a status of its own."""


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
    403: Words("You cannot do this", ("You cannot use this page.",)),
    404: NOT_FOUND,
    405: Words(
        "Start from the form",
        ("This address only takes what a form sends. Go back to the form and try again.",),
    ),
    409: Words("This cannot be done now", ("Go back and look at the page again.",)),
    413: Words(
        "You sent too much text",
        (
            "A page takes up to 2 MB of text at a time. Nothing was saved from the last step, and nothing saved before "
            "it is lost.",
            "Go back, open the page again and send less of it at a time. What you typed was not kept.",
        ),
    ),
    429: Words("Too many tries", ("Wait a few minutes, then try again.",)),
    500: Words(
        "Sorry, there is a problem with the service",
        ("Try again in a few minutes. What you saved before is kept.",),
    ),
    503: Words("The service is busy", ("Try again in a minute. What you saved before is kept.",)),
}
FILE_TOO_LARGE = Words(
    "The file is too large",
    (
        "A file may be up to 20 MB. It was not saved, and nothing saved before it is lost.",
        "Save the file as a PDF with smaller pictures, then open the page again and choose it. "
        "You have to fill in the rest of the form again too: it was not kept.",
    ),
)
AWAY = Words(
    "The service cannot be used just now",
    (
        "Try again in a minute. What you saved before is kept.",
        "If you had typed something, use your browser's back button: it may still be there.",
    ),
)
AWAY_SECONDS = 30
"""When to try again after the database could not be reached."""
UNREADABLE_FORM = Words(
    "We could not read what your browser sent",
    (
        "Nothing was saved from the last step, and nothing saved before it is lost.",
        "If you chose a file, its name may hold characters that cannot be read. Give it a name of letters, figures and "
        "hyphens, then open the page again and choose it. You have to fill in the rest of the form again too.",
    ),
)
NOT_WHOLE = Words(
    "What you sent did not arrive",
    (
        "It took too long, or the connection ended too early. Nothing was saved from the last step, and nothing saved "
        "before it is lost.",
        "Check your connection to the internet, then go back and try again.",
    ),
)
STALE_FORM = Words(
    "This page was open for too long",
    (
        "Your browser no longer has what proves that this form is yours. "
        "This happens when cookies were cleared or the browser was restarted.",
        "Use your browser's back button, copy what you typed if it is long, reload the page and try again.",
    ),
)
LEFT_OPEN = Words(
    "This page was open when somebody signed out",
    (
        "Nothing was saved. What was typed is kept for 24 hours for the person who signed out, and for nobody else. It "
        "is offered to them when they sign in again.",
    ),
)

PLAIN_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
LAST_RESORT = "Sorry, there is a problem with the service. Try again in a few minutes.\n"
"""What is answered if the error page itself breaks."""

NOT_AS_STORED = (
    "Something that this page needs cannot be read, is missing or is there twice. Nothing was changed. Try again. If "
    "it stays like this, tell the council’s NEET group and the people who run this service."
)

OWN_RECORD_TAMPERED = (
    "Something that is stored here is not what your school’s teams signed or saved, so it cannot be opened or sent. "
    "The database was damaged, or somebody has changed it. Tell the council’s NEET group and the people who run this "
    "service."
)
"""What a school reads of its own record in place of the words that are for whoever received one."""


def show(status: int, words: Words) -> Plain:
    """An error page."""
    return render_template("errors/error.html", words=words, status=status), status


def _broken(words: Words) -> Plain:
    """The page of what could not be shown. It reads nothing more: that may be the very thing that cannot be read."""
    stop_reading()
    return show(500, words)


def _for_exchange(error: ExchangeError) -> Page | AnyResponse:
    try:
        answer = _lead_on_or_keep(error)
    except (ExchangeError, Unreadable):
        answer = None  # what failed may be what this needs too
    except Exception as broken:
        failures.note(broken)
        stop_reading()  # what stands beside the page would break the same way
        answer = None
    return _refusal(error) if answer is None else answer


def _lead_on_or_keep(error: ExchangeError) -> AnyResponse | None:
    """Where else a form that was refused leads, if anywhere. Otherwise what was typed is kept."""
    if request.method == "POST" and isinstance(error, NotFound | NotAllowed | NotReady | Tampered):
        # Whoever is in two teams is let in by one of them. What needs the other's new key is not found then.
        declaration = declared(current_app, request.endpoint)
        if declaration is not None and declaration.rule.lacks_a_key(current_visit()):
            return gate.lead_to_the_new_key(certain=False)
    if isinstance(error, Conflict | NotReady | Tampered) or current_visit().actor is not None:
        # A page shows again itself what it refuses because of what was typed in a field. Any refusal that comes here
        # would lose it. The frame of the page says that it is kept.
        kept_forms.keep("refused")
    return None


def _refusal(error: ExchangeError) -> Page:
    match error:
        case NotFound():
            _note_refused("not_found")
            return show(404, NOT_FOUND)
        case NotAllowed():
            _note_refused("wrong_team")
            return show(403, Words(WORDS[403].title, (error.message,)))
        case Conflict() | NotReady() | NotConfirmedYet():
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
            _note("stored_piece.tampered", "signature")
            own = error.message == TAMPERED and request.blueprint == "school"
            return _broken(
                Words("This failed its safety check", (OWN_RECORD_TAMPERED if own else error.message,))
            )
        case _:
            return show(400, Words(WORDS[400].title, (error.message,)))


def _for_stored(error: Exception) -> Page | AnyResponse:
    """A row that cannot be read or is there twice, or that names a row or a version of the form that there is not."""
    return _for_exchange(Tampered(NOT_AS_STORED))


def _too_large() -> Words:
    """What was too large for the page that it was sent to: only some take a file."""
    declaration = declared(current_app, request.endpoint)
    return FILE_TOO_LARGE if declaration and declaration.limit > DEFAULT_LIMIT else WORDS[413]


def _for_http(error: HTTPException) -> Page | AnyResponse | HTTPException:
    status = error.code or 500
    if isinstance(error, SecurityError):
        _note_refused("wrong_address_of_service")
        # No page: it would be full of links to a strange host.
        return "This service has another address.\n", status, PLAIN_TEXT
    if status < 400:
        return error
    if isinstance(error, UnreadableForm):
        drain()
        return *show(400, UNREADABLE_FORM), {}
    if isinstance(error, ClientDisconnected):
        return *show(408, NOT_WHOLE), {}
    if isinstance(error, CSRFError):
        _note_refused("form_token")
        return _for_stale_form()
    if status == 413:
        drain()
        return *show(413, _too_large()), {}
    # An address that leads to no view at all is mistyped rather than refused.
    if status in REFUSALS and request.endpoint is not None:
        _note_refused(REFUSALS[status])
    nearest = status if status in WORDS else (400 if status < 500 else 500)
    # RFC 9110, section 15.5.6: the answer to a method that is not allowed lists those that are.
    methods = (error.valid_methods if isinstance(error, MethodNotAllowed) else None) or ()
    return *show(status, WORDS[nearest]), {"Allow": ", ".join(sorted(methods))} if methods else {}


def _for_stale_form() -> Page | AnyResponse:
    """A form that does not count any more, as those that were open when somebody signed out."""
    if not was_left_open():
        return *show(400, STALE_FORM), {}
    kept, visit = kept_forms.keep_for_whoever_left(), current_visit()
    declaration = declared(current_app, request.endpoint)
    if declaration is not None and declaration.rule.stage == "full" and visit.stage != "full":
        return gate.ask_to_sign_in(visit, kept=kept)
    return *show(400, LEFT_OPEN if kept else STALE_FORM), {}


def unreadable(error: Exception) -> Plain:
    """The page for a request that the server could not read."""
    visits.show_anyway()
    return show(400, WORDS[400])


def _note_refused(reason: security_log.Reason) -> None:
    _note("access.refused", reason)


def _note(event: security_log.Event, reason: security_log.Reason) -> None:
    """Write into the security log who was refused: the view by name, the person by id."""
    visit = current_visit()
    if reason == "form_token" and visit.principal_id is None:
        security_log.note_flood(event, reason=reason, route=request.endpoint)
        return
    security_log.note(
        event,
        reason=reason,
        route=request.endpoint,
        principal_id=visit.principal_id,
        organisation_id=visit.actor.organisation_id if visit.actor else None,
    )


def _for_away() -> Page:
    """The page while the database cannot be reached: it names nobody, because who is there cannot be asked either."""
    visits.name_nobody()
    return *show(503, AWAY), {"Retry-After": str(AWAY_SECONDS)}


def _for_anything(error: Exception) -> Page:
    failures.note(error)
    return _for_away() if is_away(error) else _broken(WORDS[500])


def _shown(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A handler whose page shows whatever else cannot be read: who is looking, or what waits for them."""

    @wraps(answer)
    def shown(error: Any) -> Any:
        visits.show_anyway()
        try:
            return answer(error)
        except Exception as broken:
            if current_app.testing:
                raise
            failures.note(broken)
            return LAST_RESORT, 500, PLAIN_TEXT

    return shown


def add_to(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(ExchangeError, _shown(_for_exchange))
    app.register_error_handler(HTTPException, _shown(_for_http))
    app.register_error_handler(Unreadable, _shown(_for_stored))
    app.register_error_handler(UnknownVersion, _shown(_for_stored))
    if not app.testing:  # tests want to see what broke
        app.register_error_handler(Exception, _shown(_for_anything))
    # What breaks an error page too, Flask would log with the address and with every message.
    app.log_exception = _note_what_escaped  # type: ignore[method-assign]


def _note_what_escaped(exc_info: Any) -> None:
    failures.note(exc_info[1])
