"""Recovery codes, shown once and typed back; and choosing a new passphrase."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.signing_in import recovery
from transition_exchange.exchange.signing_in.arguments import ChoosePassphrase, TypedCode
from transition_exchange.web.accounts.blueprint import blueprint, memory_kib
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import database, session_cookie


@blueprint.route("/account/recovery-code", methods=["GET", "POST"])
@may(signed_in)
def recovery_code() -> str:
    """Say what a recovery code is for; asked for one, make it and show it this once."""
    if request.method != "POST":
        has_one = recovery.has_proven_code(db=database(), cookie=session_cookie())
        return render_template("accounts/recovery_code.html", has_one=has_one)
    made = recovery.make_code(db=database(), cookie=session_cookie(), memory_kib=memory_kib())
    return render_template("accounts/recovery_code_shown.html", made=made)


@blueprint.route("/account/recovery-code/typed-back", methods=["GET", "POST"])
@may(signed_in)
def recovery_code_typed_back() -> FormPage | Response:
    """Type the code back, which proves that it was kept."""
    wrong = NO_PROBLEMS
    if request.method == "POST":
        try:
            recovery.type_back(db=database(), cookie=session_cookie(), **sent(TypedCode))
        except Refused as refused:
            wrong = problems(refused, "code")
        else:
            flash("Your recovery code works. Keep it where only you can find it.")
            return redirect(url_for("accounts.account"), 303)
    return form_page("accounts/recovery_code_typed_back.html", wrong)


@blueprint.route("/account/passphrase", methods=["GET", "POST"])
@may(signed_in)
def passphrase() -> FormPage | Response:
    """Choose a new passphrase."""
    wrong = NO_PROBLEMS
    if request.method == "POST":
        try:
            recovery.choose_passphrase(
                db=database(), cookie=session_cookie(), memory_kib=memory_kib(), **sent(ChoosePassphrase)
            )
        except Refused as refused:
            wrong = problems(refused, "passphrase")
        else:
            flash("You have a new passphrase. You were signed out everywhere else.")
            return redirect(url_for("accounts.account"), 303)
    return form_page("accounts/passphrase.html", wrong, suggestion=recovery.suggest_passphrase())
