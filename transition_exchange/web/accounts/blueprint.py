"""The blueprint, and what its views share: the cost of a try, the browser, and how a session begins in it."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.config import Config
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.signing_in import devices, late_saves, sessions
from transition_exchange.exchange.signing_in.devices import Browser
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.web import failures
from transition_exchange.web.accounts.user_agents import in_words
from transition_exchange.web.open_forms import close_forms_of_others
from transition_exchange.web.visits import database, safe_next, session_cookie, set_cookie

blueprint = Blueprint("accounts", __name__)


def memory_kib() -> int:
    """What a try at a passphrase costs here."""
    return _config().passphrase_memory_kib


def is_demo() -> bool:
    """Whether this is the demo's own installation, where a sample area asks for no second factor."""
    return _config().demo


def address() -> str:
    """The network address of the request."""
    return request.remote_addr or "unknown"


def browser() -> Browser:
    """The browser of the request, for an action that signs somebody in."""
    return Browser(
        known=request.cookies.get(current_app.config["DEVICE_COOKIE"], ""),
        session=session_cookie(),
        words=in_words(request.user_agent.string),
    )


def onward(signed_in: SignedIn, target: str | None) -> Response:
    """Send somebody on who has just got further in signing in, with their new cookies.

    Args:
        signed_in: how far they have got.
        target: where they wanted to go in the first place.
    """
    wanted = safe_next(target)
    actor = _resumed(signed_in.cookie)
    if actor is not None:
        close_forms_of_others(actor.principal_id)
    if signed_in.stage == "half":
        place = url_for("accounts.set_up" if signed_in.set_up else "accounts.code", next=wanted)
    elif signed_in.choose_passphrase:
        place = url_for("accounts.passphrase")
    elif actor is not None and _something_waits(actor):
        place = url_for("accounts.unsaved", next=wanted)
    else:
        place = wanted or url_for("pages.home")
    response = redirect(place, 303)
    set_cookie(response, signed_in.cookie)
    if signed_in.known:
        response.set_cookie(
            current_app.config["DEVICE_COOKIE"],
            signed_in.known,
            max_age=int(devices.KNOWN_FOR.total_seconds()),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _config() -> Config:
    config: Config = current_app.extensions["config"]
    return config


def _resumed(cookie: str) -> Actor | None:
    """Who has just signed in; None if that cannot be read, or the second step is still to come."""
    try:
        session = sessions.resume(db=database(), cookie=cookie)
    except Exception as error:
        # The session has begun and the one before it has ended: without its cookie the browser would have neither.
        failures.note(error)
        return None
    return session.actor if session else None


def _something_waits(actor: Actor) -> bool:
    try:
        return bool(late_saves.waiting(db=database(), actor=actor))
    except Exception as error:
        failures.note(error)
        return False
