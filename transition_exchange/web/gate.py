"""Only those who are named by a view's rule can reach it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.web.policy import declared
from transition_exchange.web.visits import (
    STAGES,
    Visit,
    current_visit,
    database,
    safe_next,
    session_cookie,
)

NOT_KEPT = frozenset({"csrf_token", "passphrase", "current_passphrase", "code", "proof"})
"""Form fields that are never kept for later."""


def enforce(app: Flask) -> None:
    """Let only those reach a view who are named by its rule."""

    @app.before_request
    def check_rule() -> Response | AnyResponse | None:
        if request.endpoint is None:
            return None  # no such page, or not this method: Flask says so
        declaration = declared(app, request.endpoint)
        if declaration is None:
            abort(403)
        rule = declaration.rule
        if rule.stage == "anyone":
            return None
        visit = current_visit()
        if STAGES.index(visit.stage) < STAGES.index(rule.stage):
            return _ask_to_sign_in(visit)
        if rule.stage == "full" and not rule.allows(visit):
            if rule.lacks_a_key(visit):
                return _lead_to_the_new_key()
            raise NotAllowed(rule.refusal(visit))
        return None


def _lead_to_the_new_key() -> AnyResponse:
    """Lead somebody to their team's new key. What they typed while it was changed is kept for them."""
    if request.method == "POST" and _keep_what_came_too_late():
        flash(
            "Your team’s key was changed meanwhile. We have kept what you typed until you have the new key."
        )
    return redirect(url_for("accounts.keys"), 303)


def _ask_to_sign_in(visit: Visit) -> AnyResponse:
    if visit.stage == "half":
        return redirect(url_for("accounts.code"), 303)
    values: dict[str, Any] = {}
    if request.method == "GET" and (target := safe_next(request.full_path.rstrip("?"))):
        values["next"] = target
    elif request.method == "POST" and _keep_what_came_too_late():
        values["kept"] = "yes"
    elif request.method == "POST" and (target := _page_of_the_button()):
        values["next"] = target
    return redirect(url_for("accounts.sign_in", **values), 303)


def _keep_what_came_too_late() -> bool:
    """Seal what somebody typed while their session ended to that person, who gets it back after signing in."""
    form = {name: request.form.getlist(name) for name in request.form if name not in NOT_KEPT}
    cookie = session_cookie()
    return bool(cookie and form) and late_saves.keep(
        db=database(), cookie=cookie, path=request.full_path.rstrip("?"), form=form
    )


def _page_of_the_button() -> str | None:
    """The page of ours on which somebody pressed a button too late, such as "Open"; None if they typed something."""
    if request.form.keys() - {"csrf_token"}:
        return None
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return None
    return safe_next(came_from.path + (f"?{came_from.query}" if came_from.query else ""))
