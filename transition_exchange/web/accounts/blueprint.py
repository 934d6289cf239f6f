"""The blueprint, and what its views share: the cost of a try, and how a session begins in the browser."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.config import Config
from transition_exchange.exchange.signing_in import devices, late_saves, sessions
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.web.visits import database, safe_next, set_cookie

blueprint = Blueprint("accounts", __name__)


def memory_kib() -> int:
    """What a try at a passphrase costs here."""
    config: Config = current_app.extensions["config"]
    return config.passphrase_memory_kib


def address() -> str:
    """The network address of the request."""
    return request.remote_addr or "unknown"


def onward(signed_in: SignedIn, target: str | None) -> Response:
    """Send somebody on who has just got further in signing in, with their new cookies.

    Args:
        signed_in: how far they have got.
        target: where they wanted to go in the first place.
    """
    wanted = safe_next(target)
    if signed_in.stage == "half":
        place = url_for("accounts.set_up" if signed_in.set_up else "accounts.code", next=wanted)
    elif signed_in.choose_passphrase:
        place = url_for("accounts.passphrase")
    elif _something_waits(signed_in.cookie):
        place = url_for("accounts.unsaved", next=wanted)
    else:
        place = wanted or url_for("pages.home")
    response = redirect(place, 303)
    set_cookie(response, signed_in.cookie)
    if signed_in.device:
        response.set_cookie(
            current_app.config["DEVICE_COOKIE"],
            signed_in.device,
            max_age=int(timedelta(days=devices.REMEMBERED_FOR.days).total_seconds()),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _something_waits(cookie: str) -> bool:
    session = sessions.resume(db=database(), cookie=cookie)
    return bool(session and session.actor and late_saves.waiting(db=database(), actor=session.actor))
