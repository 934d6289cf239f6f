"""Which team confirms others besides the council, and accepting on purpose that the area's rules have changed."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.organisations import second_confirmer as confirmer
from transition_exchange.exchange.organisations.arguments import AcceptRules
from transition_exchange.web.accounts.blueprint import blueprint
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import current_actor, database, session_cookie


@blueprint.route("/account/second-confirmer", methods=["GET", "POST"])
@may(signed_in)
def second_confirmer() -> FormPage | Response:
    """What this person's teams hold to, and, where the rules say something else, the button that accepts it."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            confirmer.accept_rules(db=db, cookie=session_cookie(), actor=actor, **sent(AcceptRules))
        except Refused as refused:
            wrong = problems(refused, "accept")
        else:
            flash("You have accepted the area’s new rule.")
            return redirect(url_for("accounts.teams"), 303)
    return form_page("accounts/second_confirmer.html", wrong, standing=confirmer.standing(db=db, actor=actor))
