"""Signing in and out."""

from __future__ import annotations

from flask import flash, jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import clock
from transition_exchange.exchange.errors import NotAllowed, Refused, SessionEnded
from transition_exchange.exchange.signing_in import codes, credentials, ending
from transition_exchange.exchange.signing_in.arguments import Recover, SecondStep, SignIn
from transition_exchange.web import marks, searches
from transition_exchange.web.accounts.blueprint import (
    address,
    blueprint,
    browser,
    is_demo,
    memory_kib,
    onward,
)
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.open_forms import leave_open_forms, set_left_cookie
from transition_exchange.web.policy import half, may, public, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.templating import seconds_left
from transition_exchange.web.visits import current_visit, database, drop_cookie, onward_place, session_cookie


@blueprint.route("/account/sign-in", methods=["GET", "POST"])
@may(public)
def sign_in() -> FormPage | Response:
    """E-mail address and passphrase."""
    target, wrong = onward_place(), NO_PROBLEMS
    if request.method == "POST":
        try:
            begun = credentials.give_passphrase(
                db=database(),
                address=address(),
                browser=browser(),
                demo=is_demo(),
                memory_kib=memory_kib(),
                **sent(SignIn),
            )
        except Refused as refused:
            wrong = problems(refused, "email")
        else:
            return onward(begun, target)
    elif current_visit().stage == "full":
        return redirect(target or url_for("pages.home"))
    return form_page(
        "accounts/sign_in.html",
        wrong,
        next=target,
        email=typed(SignIn)["email"],
        kept="" if wrong.summary else request.args.get("kept", ""),
    )


@blueprint.route("/account/recover", methods=["GET", "POST"])
@may(public)
def recover() -> FormPage | Response:
    """E-mail address and recovery code, where the passphrase is forgotten."""
    target, wrong = onward_place(), NO_PROBLEMS
    if request.method == "POST":
        try:
            begun = credentials.give_recovery_code(
                db=database(),
                address=address(),
                browser=browser(),
                demo=is_demo(),
                memory_kib=memory_kib(),
                **sent(Recover),
            )
        except Refused as refused:
            wrong = problems(refused, "email")
        else:
            return onward(begun, target)
    return form_page("accounts/recover.html", wrong, next=target, email=typed(Recover)["email"])


@blueprint.route("/account/code", methods=["GET", "POST"])
@may(half)
def code() -> FormPage | Response:
    """The second step: a code from the app, or a backup code."""
    target, wrong = onward_place(), NO_PROBLEMS
    if current_visit().stage == "full":
        return redirect(target or url_for("pages.home"))
    if request.method == "POST":
        try:
            begun = codes.give_code(
                db=database(), cookie=session_cookie(), browser=browser(), **sent(SecondStep)
            )
        except SessionEnded:
            raise
        except NotAllowed:
            return redirect(url_for("accounts.set_up", next=target), 303)
        except Refused as refused:
            wrong = problems(refused, "code")
        else:
            return onward(begun, target)
    return form_page("accounts/code.html", wrong, next=target)


@blueprint.post("/account/sign-out")
@may(public)
def sign_out() -> Response:
    """End the session, here and on the server."""
    left = ending.sign_out(db=database(), cookie=session_cookie())
    session.pop("_flashes", None)  # whoever comes next reads none of this person's messages
    leave_open_forms(left or "")
    searches.forget()
    marks.forget()
    flash("You have signed out.")
    response = redirect(url_for("accounts.sign_in"), 303)
    drop_cookie(response)
    if left:
        set_left_cookie(response, left)
    # Not "cookies": the browser stays known to the person who has just signed out.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.post("/account/stay")
@may(signed_in)
def stay() -> Response:
    """Stay signed in: what the warning's button asks for. Being asked is enough; the answer says until when."""
    return jsonify(seconds=seconds_left(current_visit().ends_at), clock=clock(current_visit().ends_at))
