"""One's own account."""

from __future__ import annotations

from flask import render_template

from transition_exchange.exchange.organisations.own_notices import own_notices
from transition_exchange.exchange.signing_in import recovery
from transition_exchange.web.accounts.blueprint import blueprint
from transition_exchange.web.accounts.notices import WHEN
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.visits import current_actor, database, session_cookie


@blueprint.get("/account")
@may(signed_in)
def account() -> str:
    """Who one is here, and the ways in that one has."""
    proven = recovery.has_proven_code(db=database(), cookie=session_cookie())
    notices = WHEN[own_notices(db=database(), actor=current_actor())]
    return render_template("accounts/account.html", proven=proven, notices=notices)
