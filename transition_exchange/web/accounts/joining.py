"""Joining: the e-mailed link, the five spoken words, a passphrase; and somebody is in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.joining.accepting import Welcome
from transition_exchange.exchange.signing_in import recovery
from transition_exchange.web.accounts.blueprint import NO_PROBLEMS, blueprint, memory_kib, onward, problems
from transition_exchange.web.policy import may, public, signed_in
from transition_exchange.web.problems import Summary
from transition_exchange.web.visits import current_visit, database, session_cookie

Answer = str | Response | tuple[str, int]


@blueprint.route("/join/<string:token>", methods=["GET", "POST"])
@may(public)
def join(token: str) -> Answer:
    """The page behind the link of an invitation."""
    try:
        welcome = accepting.look_up(db=database(), token=token)
    except NotFound as gone:
        return render_template("accounts/join_gone.html", message=gone.message), 404
    if not welcome.completed:
        return render_template("accounts/join_wait.html", welcome=welcome)
    if welcome.has_account and current_visit().stage != "full":
        return redirect(url_for("accounts.sign_in", next=url_for("accounts.join", token=token)), 303)
    errors, messages = NO_PROBLEMS
    if request.method == "POST":
        try:
            return _join_more(token) if welcome.has_account else _accept(token)
        except Refused as refused:
            errors, messages = problems(refused, field="spoken_code")
    return _page(token, welcome, errors, messages)


def _accept(token: str) -> Response:
    begun = accepting.accept(
        db=database(),
        token=token,
        spoken_code=request.form.get("spoken_code", ""),
        name=request.form.get("name", ""),
        passphrase=request.form.get("passphrase", ""),
        memory_kib=memory_kib(),
    )
    return onward(begun, url_for("accounts.joined"))


def _join_more(token: str) -> Response:
    accepting.join_more(
        db=database(),
        cookie=session_cookie(),
        token=token,
        spoken_code=request.form.get("spoken_code", ""),
    )
    flash("You have joined.")
    return redirect(url_for("accounts.teams"), 303)


def _page(token: str, welcome: Welcome, errors: list[Summary], messages: dict[str, str]) -> Answer:
    page = render_template(
        "accounts/join_more.html" if welcome.has_account else "accounts/join.html",
        token=token,
        welcome=welcome,
        name=request.form.get("name", welcome.name),
        suggestion=recovery.suggest_passphrase(),
        errors=errors,
        messages=messages,
    )
    return (page, 400) if errors else page


@blueprint.get("/account/joined")
@may(signed_in)
def joined() -> str:
    """Welcome a newcomer, and say what is still to do."""
    proven = recovery.has_proven_code(db=database(), cookie=session_cookie())
    return render_template("accounts/joined.html", proven=proven)
