"""Signing in and out."""

from __future__ import annotations

from flask import current_app, flash, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import clock
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.signing_in import credentials, sessions
from transition_exchange.web.accounts.blueprint import (
    NO_PROBLEMS,
    address,
    blueprint,
    memory_kib,
    onward,
    problems,
)
from transition_exchange.web.policy import half, may, public, signed_in
from transition_exchange.web.templating import seconds_left
from transition_exchange.web.visits import current_visit, database, drop_cookie, safe_next, session_cookie

Answer = str | Response | tuple[str, int]


@blueprint.route("/account/sign-in", methods=["GET", "POST"])
@may(public)
def sign_in() -> Answer:
    """E-mail address and passphrase."""
    target = safe_next(request.values.get("next"))
    if request.method == "GET":
        if current_visit().stage == "full":
            return redirect(target or url_for("pages.home"))
        return _sign_in_page("accounts/sign_in.html", next=target, kept=request.args.get("kept") == "yes")
    try:
        begun = credentials.give_passphrase(
            db=database(),
            email=request.form.get("email", ""),
            passphrase=request.form.get("passphrase", ""),
            address=address(),
            device=request.cookies.get(current_app.config["DEVICE_COOKIE"]),
            memory_kib=memory_kib(),
        )
    except Refused as refused:
        return _sign_in_page("accounts/sign_in.html", refused, next=target), 400
    return onward(begun, target)


@blueprint.route("/account/recover", methods=["GET", "POST"])
@may(public)
def recover() -> Answer:
    """E-mail address and recovery code, where the passphrase is forgotten."""
    target = safe_next(request.values.get("next"))
    if request.method == "GET":
        return _sign_in_page("accounts/recover.html", next=target)
    try:
        begun = credentials.give_recovery_code(
            db=database(),
            email=request.form.get("email", ""),
            code=request.form.get("code", ""),
            address=address(),
            memory_kib=memory_kib(),
        )
    except Refused as refused:
        return _sign_in_page("accounts/recover.html", refused, next=target), 400
    return onward(begun, target)


def _sign_in_page(
    template: str, refused: Refused | None = None, *, next: str | None, kept: bool = False
) -> str:
    errors, messages = problems(refused, field="email") if refused else NO_PROBLEMS
    email = request.form.get("email", "")
    return render_template(template, errors=errors, messages=messages, next=next, email=email, kept=kept)


@blueprint.route("/account/code", methods=["GET", "POST"])
@may(half)
def code() -> Answer:
    """The second step: a code from the app, or a backup code."""
    target = safe_next(request.values.get("next"))
    if current_visit().stage == "full":
        return redirect(target or url_for("pages.home"))
    if request.method == "GET":
        return render_template("accounts/code.html", errors=[], messages={}, next=target)
    try:
        begun = credentials.give_code(
            db=database(),
            cookie=session_cookie(),
            code=request.form.get("code", ""),
            remember=request.form.get("remember") == "yes",
        )
    except NotAllowed:
        return redirect(url_for("accounts.set_up", next=target), 303)
    except Refused as refused:
        errors, messages = problems(refused, field="code")
        return render_template("accounts/code.html", errors=errors, messages=messages, next=target), 400
    return onward(begun, target)


@blueprint.post("/account/sign-out")
@may(public)
def sign_out() -> Response:
    """End the session, here and on the server."""
    sessions.sign_out(db=database(), cookie=session_cookie())
    session.pop("_flashes", None)  # whoever comes next reads none of this person's messages
    flash("You have signed out.")
    response = redirect(url_for("accounts.sign_in"), 303)
    drop_cookie(response)
    return response


@blueprint.post("/account/stay")
@may(signed_in)
def stay() -> Response:
    """Stay signed in: what the warning's button asks for. Being asked is enough; the answer says until when."""
    return jsonify(seconds=seconds_left(current_visit().ends_at), clock=clock(current_visit().ends_at))
