"""Only those who are named by a view's rule can reach it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.web import kept_forms, visits
from transition_exchange.web.policy import declared
from transition_exchange.web.visits import (
    STAGES,
    Visit,
    current_visit,
    safe_next,
)


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
            visits.show_anyway()
            return None
        visit = current_visit()
        if STAGES.index(visit.stage) < STAGES.index(rule.stage):
            return ask_to_sign_in(visit)
        if rule.stage == "full" and not rule.allows(visit):
            if rule.lacks_a_key(visit):
                return lead_to_the_new_key()
            raise NotAllowed(rule.refusal(visit))
        return None


def lead_to_the_new_key(*, certain: bool = True) -> AnyResponse:
    """Lead somebody to their team's new key. What they typed while it was changed is kept for them.

    Args:
        certain: whether it is the new key that they lack. Somebody in two teams may lack the key of one of them and
            have sent something that cannot be done for another reason, such as a question about a pack that was taken
            back.
    """
    kept_forms.turned_away()
    if kept_forms.keep("key" if certain else "refused"):
        flash(
            "Your team’s key was changed meanwhile. We have kept what you typed until you have the new key."
            if certain
            else "This could not be done. We have kept what you typed. It may need the new key of one of your teams, "
            "or what it was about may have been taken back or deleted. Take the new key, then try again."
        )
    return redirect(url_for("accounts.keys"), 303)


def ask_to_sign_in(visit: Visit, *, kept: bool = False) -> AnyResponse:
    """Lead somebody who is not signed in to where they can, and from there back. What they typed is kept if it can be.

    Args:
        kept: whether it is kept already.
    """
    kept_forms.turned_away()
    if visit.stage == "half":
        return redirect(url_for("accounts.code"), 303)
    values: dict[str, Any] = {}
    if request.method != "POST" and (target := safe_next(request.full_path.rstrip("?"))):
        values["next"] = target
    elif kept or kept_forms.keep("session"):
        values["kept"] = "yes"
    elif request.method == "POST" and (target := _page_of_the_button()):
        values["next"] = target
    elif kept_forms.typed():
        values["kept"] = "no"  # signed out on purpose, or too long ago: nothing is left to seal it with
    return redirect(url_for("accounts.sign_in", **values), 303)


def _page_of_the_button() -> str | None:
    """The page of ours on which somebody pressed a button too late, such as "Open"; None if they typed something."""
    declaration = declared(current_app, request.endpoint)
    if declaration is not None and declaration.saves and request.form.keys() - {"csrf_token"}:
        return None
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return None
    return safe_next(came_from.path + (f"?{came_from.query}" if came_from.query else ""))
