"""Asking for the passphrase or a code again, and then going on with what was asked.

The page that asks carries the fields of the form that was sent, and sends them to the same address together with the
passphrase or code. So nothing that was typed is lost, and nothing of it is stored meanwhile.
"""

from __future__ import annotations

from flask import Response, current_app, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.exchange.errors import ProofNeeded, Refused, SessionEnded
from transition_exchange.exchange.signing_in import step_up
from transition_exchange.exchange.signing_in.arguments import GiveAgain
from transition_exchange.web import kept_forms
from transition_exchange.web.accounts.blueprint import blueprint, memory_kib
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, form_page, problems
from transition_exchange.web.visits import (
    current_visit,
    database,
    drop_cookie,
    onward_place,
    renew,
    session_cookie,
    set_cookie,
)

FIELD, BY_CODE = "proof", "proof_by_code"
"""The form fields of the page that asks: what was typed, and whether it has to be a code."""


@blueprint.before_app_request
def take_proof() -> FormPage | AnyResponse | None:
    """Check what was given again, before the view runs for which it was asked. A wrong one is asked for once more."""
    # Where no view is found, nobody has checked the form's token.
    if request.endpoint is None or request.method != "POST" or FIELD not in request.form:
        return None
    if current_visit().stage != "full":
        return None
    proof, by_code = sent(GiveAgain)[FIELD], request.form.get(BY_CODE) == "yes"
    try:
        cookie = step_up.give_again(
            db=database(), cookie=session_cookie(), proof=proof, by_code=by_code, memory_kib=memory_kib()
        )
    except SessionEnded as ended:
        return _signed_out(ended)
    except Refused as refused:
        return _page(problems(refused, FIELD), by_code=by_code)
    renew(cookie)
    return None


@blueprint.app_errorhandler(ProofNeeded)
def ask(needed: ProofNeeded) -> FormPage:
    """Ask for the passphrase or a code, with status 403: what was asked for has not been done yet."""
    return _page(NO_PROBLEMS, by_code=needed.by_code)


@blueprint.app_errorhandler(SessionEnded)
def _signed_out(ended: SessionEnded) -> AnyResponse:
    """Send somebody to sign in again whose session was ended by too many wrong tries."""
    kept_forms.turned_away()
    flash(ended.message)
    response = redirect(url_for("accounts.sign_in"), 303)
    drop_cookie(response)
    return response


@blueprint.post("/account/confirm")
@may(signed_in)
def confirm() -> AnyResponse:
    """Where the page leads that asks before another page is shown. What was given has been checked by then."""
    return redirect(onward_place() or url_for("pages.home"), 303)


@blueprint.after_app_request
def hand_over_cookie(response: Response) -> Response:
    """Give the browser the new cookie of its session."""
    cookie = g.get("renewed_cookie")
    name = current_app.config["SIGN_IN_COOKIE"]
    if cookie and not any(other.startswith(f"{name}=") for other in response.headers.getlist("Set-Cookie")):
        set_cookie(response, cookie)
    return response


def _page(wrong: Problems, *, by_code: bool) -> FormPage:
    posted = request.method == "POST"
    kept = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if posted and name not in {"csrf_token", FIELD, BY_CODE}
    ]
    path = request.full_path.rstrip("?")
    page = form_page(
        "accounts/step_up.html",
        wrong,
        action=path if posted else url_for("accounts.confirm"),
        kept=kept if posted else [("next", path)],
        by_code=by_code,
        has_second_factor=step_up.has_second_factor(db=database(), cookie=session_cookie()),
    )
    return (page, 403) if isinstance(page, str) else page
