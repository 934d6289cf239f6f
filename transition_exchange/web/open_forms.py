"""Forms that are open in a browser when somebody signs out in it, or somebody else in.

They count for nobody who comes next. What is typed in them is kept for whoever had them open, and for nobody else.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from flask import current_app, request
from flask import session as browser_session
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from transition_exchange.exchange.signing_in import ending

LEFT_CSRF = "left_csrf"
"""Where the browser's own session keeps what proves that a form was opened before somebody signed out in it."""

LEFT_BY = "left_by"
"""Where it keeps a digest of the cookie that keeps such forms for whoever had them open."""

WHOSE = "whose"
"""Where it keeps a digest of the id of whoever signed in last: a shared browser still has it when they have left."""


def set_left_cookie(response: Response, value: str) -> None:
    """Give the browser what keeps forms for somebody who has just signed out. It opens nothing."""
    response.set_cookie(
        f"{current_app.config['SIGN_IN_COOKIE']}-left",
        value,
        max_age=int(ending.KEPT_AFTER_SIGN_OUT.total_seconds()),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def left_cookie() -> str:
    """What the last person who signed out in this browser has left behind; empty if nothing."""
    return request.cookies.get(f"{current_app.config['SIGN_IN_COOKIE']}-left", "")


def was_left_open() -> bool:
    """Whether the form that was sent is one of those that were open when the last person signed out.

    They are that person's alone: the browser still holds the cookie of the sign-out that closed them.
    """
    if browser_session.get(LEFT_BY) != _digest(left_cookie()):
        return False
    try:
        validate_csrf(request.form.get("csrf_token"), token_key=LEFT_CSRF)
    except ValidationError:
        return False
    return True


def leave_open_forms(left: str) -> None:
    """From now on, no form that is open in this browser counts: whoever had them open has signed out.

    Args:
        left: what the browser gets to keep them for that person (`set_left_cookie`); empty if nothing.
    """
    browser_session[LEFT_CSRF] = browser_session.pop("csrf_token", None)
    browser_session[LEFT_BY] = _digest(left)


def close_forms_of_others(principal_id: UUID) -> None:
    """When somebody signs in, close the forms that somebody else has left open in this browser without signing out."""
    whose = _digest(str(principal_id))
    if browser_session.get(WHOSE) not in (None, whose):
        browser_session.pop("csrf_token", None)
    browser_session[WHOSE] = whose


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
