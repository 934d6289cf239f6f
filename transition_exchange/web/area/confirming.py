"""Confirming a team's security number by telephone."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.arguments import ConfirmKey
from transition_exchange.web.area.blueprint import blueprint
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import may, member
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import current_actor, database

NEET_GROUP = member("neet_group", side="coordinates")


@blueprint.route("/teams/<uuid:team_id>/number", methods=["GET", "POST"])
@may(NEET_GROUP)
def confirm(team_id: UUID) -> FormPage | Response:
    """Show a team's number to be compared by telephone, and confirm it once it was."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            team = confirming.confirm(db=db, actor=actor, team_id=team_id, **sent(ConfirmKey))
        except Refused as refused:
            wrong = problems(refused, "confirm")
        else:
            flash(f"{team.name} at {team.organisation_name} is confirmed.")
            return redirect(url_for("area.organisations"), 303)
    number = confirming.number_of(db=db, actor=actor, team_id=team_id)
    return form_page("area/confirm.html", wrong, number=number)
