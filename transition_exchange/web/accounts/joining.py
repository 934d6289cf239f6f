"""Joining: the e-mailed link, the five spoken words, a passphrase; and somebody is in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.joining.arguments import Join, JoinMore
from transition_exchange.exchange.organisations import contacts, notice_addresses
from transition_exchange.exchange.signing_in import recovery
from transition_exchange.proforma.values import showable
from transition_exchange.web.accounts.blueprint import blueprint, browser, is_demo, memory_kib, onward
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import may, public, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import current_actor, current_visit, database, session_cookie


@blueprint.route("/join/<string:token>", methods=["GET", "POST"])
@may(public)
def join(token: str) -> FormPage | Response:
    """The page behind the link of an invitation."""
    try:
        welcome = accepting.look_up(db=database(), token=token)
    except NotFound as gone:
        return render_template("accounts/join_gone.html", message=gone.message), 404
    if not welcome.completed:
        return render_template("accounts/join_wait.html", welcome=welcome)
    if welcome.has_account and current_visit().stage != "full":
        return redirect(url_for("accounts.sign_in", next=url_for("accounts.join", token=token)), 303)
    wrong = NO_PROBLEMS
    if request.method == "POST":
        try:
            return _join_more(token) if welcome.has_account else _accept(token)
        except Refused as refused:
            wrong = problems(refused, "spoken_code")
    return form_page(
        "accounts/join_more.html" if welcome.has_account else "accounts/join.html",
        wrong,
        token=token,
        welcome=welcome,
        name=showable(request.form.get("name", welcome.name)),
        suggestion=recovery.suggest_passphrase(),
    )


def _accept(token: str) -> Response:
    begun = accepting.accept(
        db=database(), token=token, browser=browser(), demo=is_demo(), memory_kib=memory_kib(), **sent(Join)
    )
    return onward(begun, url_for("accounts.joined"))


def _join_more(token: str) -> Response:
    accepting.join_more(db=database(), cookie=session_cookie(), token=token, **sent(JoinMore))
    flash("You have joined.")
    return redirect(url_for("accounts.teams"), 303)


@blueprint.get("/account/joined")
@may(signed_in)
def joined() -> str:
    """Welcome a newcomer, and say what is still to do."""
    proven = recovery.has_proven_code(db=database(), cookie=session_cookie())
    first_in = notice_addresses.to_oneself(db=database(), actor=current_actor())
    known = contacts.contacts(db=database(), actor=current_actor())
    to_name = [team for team in contacts.to_ask(current_actor()) if known.get(team.id) is None]
    return render_template("accounts/joined.html", proven=proven, first_in=first_in, to_name=to_name)
