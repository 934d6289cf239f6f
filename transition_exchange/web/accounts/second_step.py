"""Setting up the second step of signing in: an authenticator app and ten backup codes."""

from __future__ import annotations

import segno
from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.signing_in import second_factor
from transition_exchange.web.accounts.blueprint import NO_PROBLEMS, blueprint, onward, problems
from transition_exchange.web.policy import half, may, signed_in
from transition_exchange.web.visits import database, safe_next, session_cookie

Answer = str | Response | tuple[str, int]


@blueprint.route("/account/set-up", methods=["GET", "POST"])
@may(half)
def set_up() -> Answer:
    """Show the QR code and the backup codes until a code from the app confirms them."""
    target = safe_next(request.values.get("next"))
    errors, messages = NO_PROBLEMS
    if request.method == "POST":
        try:
            begun = second_factor.confirm(
                db=database(),
                cookie=session_cookie(),
                code=request.form.get("code", ""),
                remember=request.form.get("remember") == "yes",
            )
        except NotAllowed:
            return redirect(url_for("accounts.code", next=target), 303)
        except Refused as refused:
            errors, messages = problems(refused, field="code")
        else:
            return onward(begun, target)
    try:
        shown = second_factor.begin(db=database(), cookie=session_cookie())
    except NotAllowed:
        return redirect(url_for("accounts.code", next=target), 303)
    page = render_template(
        "accounts/set_up.html",
        shown=shown,
        qr=qr_code(shown.uri),
        errors=errors,
        messages=messages,
        next=target,
    )
    return (page, 400) if errors else page


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
def new_app() -> Answer:
    """Give up the present authenticator app for another one."""
    if request.method == "GET":
        return render_template("accounts/new_app.html", errors=[], messages={})
    try:
        second_factor.replace(db=database(), cookie=session_cookie(), code=request.form.get("code", ""))
    except Refused as refused:
        errors, messages = problems(refused, field="code")
        return render_template("accounts/new_app.html", errors=errors, messages=messages), 400
    return redirect(url_for("accounts.set_up"), 303)
