"""Setting up the second step of signing in: an authenticator app and ten backup codes."""

from __future__ import annotations

import segno
from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.signing_in import second_factor
from transition_exchange.exchange.signing_in.arguments import SecondStep, TypedCode
from transition_exchange.web.accounts.blueprint import blueprint, browser, onward
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import half, may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import database, onward_place, session_cookie


@blueprint.route("/account/set-up", methods=["GET", "POST"])
@may(half)
def set_up() -> FormPage | Response:
    """Show the QR code and the backup codes until a code from the app confirms them."""
    target, wrong = onward_place(), NO_PROBLEMS
    if request.method == "POST":
        try:
            begun = second_factor.confirm(
                db=database(), cookie=session_cookie(), browser=browser(), **sent(SecondStep)
            )
        except NotAllowed:
            return redirect(url_for("accounts.code", next=target), 303)
        except Refused as refused:
            wrong = problems(refused, "code")
        else:
            return onward(begun, target)
    try:
        shown = second_factor.begin(db=database(), cookie=session_cookie())
    except NotAllowed:
        return redirect(url_for("accounts.code", next=target), 303)
    return form_page("accounts/set_up.html", wrong, shown=shown, qr=qr_code(shown.uri), next=target)


def qr_code(text: str) -> Markup:
    """A QR code as SVG markup in the page itself: its content never becomes an address or a file."""
    svg = segno.make(text, error="m", micro=False).svg_inline(
        svgclass=None, lineclass=None, omitsize=True, border=4
    )
    attributes = 'class="te-qr" role="img" aria-label="QR code for your authenticator app"'
    # segno made all of it; the text stands in it only as squares.
    return Markup(svg.replace("<svg", f"<svg {attributes}", 1))  # noqa: S704


@blueprint.route("/account/new-app", methods=["GET", "POST"])
@may(signed_in)
def new_app() -> str | Response:
    """Say what changing to another authenticator app means; asked for it, make the secret of the other one."""
    if request.method != "POST":
        return render_template("accounts/new_app.html")
    second_factor.begin_another(db=database(), cookie=session_cookie())
    return redirect(url_for("accounts.confirm_new_app"), 303)


@blueprint.route("/account/new-app/confirm", methods=["GET", "POST"])
@may(signed_in)
def confirm_new_app() -> FormPage | Response:
    """Show the QR code and the backup codes of the other app until a code from it confirms them."""
    wrong = NO_PROBLEMS
    if request.method == "POST":
        try:
            second_factor.confirm_another(db=database(), cookie=session_cookie(), **sent(TypedCode))
        except Refused as refused:
            wrong = problems(refused, "code")
        else:
            flash("Your new app is set up. You were signed out everywhere else.")
            return redirect(url_for("accounts.account"), 303)
    shown = second_factor.another(db=database(), cookie=session_cookie())
    return form_page("accounts/new_app_confirm.html", wrong, shown=shown, qr=qr_code(shown.uri))
