"""Whether a team of another organisation has to confirm teams besides the council."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.coordinating import second_confirmer as confirmer
from transition_exchange.exchange.coordinating.arguments import ChooseSecond
from transition_exchange.exchange.errors import Refused
from transition_exchange.proforma import forms
from transition_exchange.web.area.blueprint import blueprint
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import council, may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import current_actor, database


@blueprint.route("/settings/second-confirmer", methods=["GET", "POST"])
@may(council)
def second_confirmer() -> FormPage | Response:
    """Require a second confirmer, choose it, or require none. Administrators in the NEET group change it."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            confirmer.choose_second(db=db, actor=actor, **sent(ChooseSecond))
        except Refused as refused:
            wrong = problems(refused, "second")
        else:
            flash("The area’s rule about a second confirmer is saved.")
            return redirect(url_for("area.second_confirmer"), 303)
    choice = confirmer.second_choice(db=db, actor=actor)
    now = {
        "second": str(choice.now.team.id) if choice.now else "",
        "since": forms.date_fields(choice.now.since if choice.now else None),
    }
    return form_page(
        "area/second_confirmer.html",
        wrong,
        choice=choice,
        form=typed(ChooseSecond) if request.method == "POST" else now,
    )
