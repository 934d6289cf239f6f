"""Where one is signed in, and which browsers know one."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import plural
from transition_exchange.exchange.signing_in import browsers
from transition_exchange.exchange.signing_in.arguments import EndSession
from transition_exchange.web.accounts.blueprint import blueprint, is_demo
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.visits import current_actor, database


@blueprint.get("/account/browsers", endpoint="browsers")
@may(signed_in)
def own_browsers() -> str:
    """One's open sessions and known browsers."""
    found = browsers.own_browsers(db=database(), actor=current_actor())
    return render_template("accounts/browsers.html", browsers=found, asks_for_codes=not is_demo())


@blueprint.post("/account/browsers/end")
@may(signed_in)
def end_session() -> Response:
    """End one of one's sessions."""
    browsers.end_session(db=database(), actor=current_actor(), session_id=sent(EndSession)["session"])
    flash("You are signed out there.")
    return redirect(url_for("accounts.browsers"), 303)


@blueprint.post("/account/browsers/end-others")
@may(signed_in)
def end_other_sessions() -> Response:
    """End every session of one's own but this one."""
    ended = browsers.end_other_sessions(db=database(), actor=current_actor())
    flash(f"You were signed out in {plural(ended, 'other browser')}.")
    return redirect(url_for("accounts.browsers"), 303)


@blueprint.post("/account/browsers/<uuid:device_id>/forget")
@may(signed_in)
def forget_browser(device_id: UUID) -> Response:
    """Forget a browser that knows one."""
    browsers.forget_browser(db=database(), actor=current_actor(), device_id=device_id)
    flash("We have forgotten that browser.")
    return redirect(url_for("accounts.browsers"), 303)
