"""Recovery codes, shown once and typed back; and choosing a new passphrase."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.signing_in import recovery
from transition_exchange.web.accounts.blueprint import NO_PROBLEMS, blueprint, memory_kib, problems
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.visits import database, session_cookie

Answer = str | Response | tuple[str, int]


@blueprint.route("/account/recovery-code", methods=["GET", "POST"])
@may(signed_in)
def recovery_code() -> Answer:
    """Say what a recovery code is for; asked for one, make it and show it this once."""
    if request.method == "GET":
        has_one = recovery.has_proven_code(db=database(), cookie=session_cookie())
        return render_template("accounts/recovery_code.html", has_one=has_one)
    made = recovery.make_code(db=database(), cookie=session_cookie(), memory_kib=memory_kib())
    return render_template("accounts/recovery_code_shown.html", made=made)


@blueprint.route("/account/recovery-code/typed-back", methods=["GET", "POST"])
@may(signed_in)
def recovery_code_typed_back() -> Answer:
    """Type the code back, which proves that it was kept."""
    if request.method == "GET":
        return render_template("accounts/recovery_code_typed_back.html", errors=[], messages={})
    try:
        recovery.type_back(db=database(), cookie=session_cookie(), code=request.form.get("code", ""))
    except Refused as refused:
        errors, messages = problems(refused, field="code")
        return render_template(
            "accounts/recovery_code_typed_back.html", errors=errors, messages=messages
        ), 400
    flash("Your recovery code works. Keep it where only you can find it.")
    return redirect(url_for("accounts.account"), 303)


@blueprint.route("/account/passphrase", methods=["GET", "POST"])
@may(signed_in)
def passphrase() -> Answer:
    """Choose a new passphrase."""
    errors, messages = NO_PROBLEMS
    if request.method == "POST":
        try:
            recovery.choose_passphrase(
                db=database(),
                cookie=session_cookie(),
                passphrase=request.form.get("passphrase", ""),
                current_passphrase=request.form.get("current_passphrase") or None,
                memory_kib=memory_kib(),
            )
        except Refused as refused:
            errors, messages = problems(refused, field="passphrase")
        else:
            flash("You have a new passphrase. You were signed out everywhere else.")
            return redirect(url_for("accounts.account"), 303)
    suggestion = recovery.suggest_passphrase()
    page = render_template(
        "accounts/passphrase.html", errors=errors, messages=messages, suggestion=suggestion
    )
    return (page, 400) if errors else page
