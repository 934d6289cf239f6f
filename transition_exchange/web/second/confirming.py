"""The second confirmer's list of teams, and the page on which it compares a number by telephone."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys import seconding
from transition_exchange.exchange.keys.arguments import ConfirmKey
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import Rule, may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.second.blueprint import blueprint
from transition_exchange.web.visits import current_actor, database

CONFIRMER = Rule(
    "the team that the area’s rules name to confirm teams besides the council",
    "full",
    lambda visit: visit.confirms_teams,
)


@blueprint.get("")
@may(CONFIRMER)
def teams() -> str:
    """The teams that the council has confirmed, those that wait first."""
    found = seconding.to_confirm(db=database(), actor=current_actor())
    return render_template("second/teams.html", seconding=found)


@blueprint.route("/<uuid:team_id>", methods=["GET", "POST"])
@may(CONFIRMER)
def confirm(team_id: UUID) -> FormPage | Response:
    """Show a team's number to be compared by telephone, and confirm it once it was."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            team = seconding.confirm(db=db, actor=actor, team_id=team_id, **sent(ConfirmKey))
        except Refused as refused:
            wrong = problems(refused, "confirm")
        else:
            flash(f"{team.name} at {team.organisation_name} is confirmed.")
            return redirect(url_for("second.teams"), 303)
    number = seconding.number_of(db=db, actor=actor, team_id=team_id)
    return form_page("second/confirm.html", wrong, number=number)
