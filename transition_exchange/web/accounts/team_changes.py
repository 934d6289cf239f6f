"""Other names and other work for teams: an administrator proposes, a member of the team accepts or refuses."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.organisations import deciding, proposing, teams
from transition_exchange.exchange.organisations.arguments import (
    AcceptChange,
    ProposeChange,
    RenameOrganisation,
)
from transition_exchange.purposes import in_order, work
from transition_exchange.web.accounts.blueprint import blueprint
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import administrator, may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import current_actor, current_visit, database


@blueprint.route("/account/teams/<uuid:team_id>/change", methods=["GET", "POST"])
@may(administrator)
def propose_change(team_id: UUID) -> FormPage | Response:
    """Propose another name or other work for a team."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            change_id = proposing.propose(db=db, actor=actor, team_id=team_id, **sent(ProposeChange))
        except Refused as refused:
            wrong = problems(refused, "name")
        else:
            flash("The team is changed, because nobody has joined it yet." if change_id is None else PROPOSED)
            return redirect(url_for("accounts.teams"), 303)
    possible = proposing.possible_purposes(db=db, actor=actor, team_id=team_id)
    team = next((team for team in teams.own_teams(db=db, actor=actor) if team.team_id == team_id), None)
    if team is None:
        raise NotFound
    now = {"name": team.team_name, "purposes": sorted(team.purposes)}
    return form_page(
        "accounts/change_team.html",
        wrong,
        team=team,
        form=typed(ProposeChange) if request.method == "POST" else now,
        choices=[(purpose, work([purpose])) for purpose in in_order(possible)],
        member=actor.team(team_id) is not None,
    )


PROPOSED = "The change is proposed. What is still to be done stands beside the team."


@blueprint.route("/account/organisation/name", methods=["GET", "POST"])
@may(administrator)
def rename_organisation() -> FormPage | Response:
    """Propose another name for the organisation, which all its teams have to accept."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            proposed = proposing.rename_organisation(db=db, actor=actor, **sent(RenameOrganisation))
        except Refused as refused:
            wrong = problems(refused, "name")
        else:
            flash(PROPOSED if proposed else "Your organisation has its new name.")
            return redirect(url_for("accounts.teams"), 303)
    workplace = current_visit().workplace
    name = workplace.name if workplace else ""
    return form_page(
        "accounts/rename_organisation.html",
        wrong,
        name=typed(RenameOrganisation)["name"] if request.method == "POST" else name,
        teams=teams.own_teams(db=db, actor=actor),
    )


@blueprint.route("/account/teams/changes/<uuid:team_change_id>", methods=["GET", "POST"])
@may(signed_in)
def team_change(team_change_id: UUID) -> FormPage | Response:
    """Read what is proposed, and accept it for the team."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            deciding.accept(db=db, actor=actor, change_id=team_change_id, **sent(AcceptChange))
        except Refused as refused:
            wrong = problems(refused, "accept")
        else:
            flash("Your team has accepted the change.")
            return redirect(url_for("accounts.teams"), 303)
    change = deciding.change(db=db, actor=actor, change_id=team_change_id)
    return form_page("accounts/team_change.html", wrong, change=change)


@blueprint.post("/account/teams/changes/<uuid:team_change_id>/refuse")
@may(signed_in)
def refuse_change(team_change_id: UUID) -> Response:
    """Refuse what is proposed."""
    deciding.refuse(db=database(), actor=current_actor(), change_id=team_change_id)
    flash("The change is refused. Your team stays as it is.")
    return redirect(url_for("accounts.teams"), 303)


@blueprint.post("/account/teams/changes/<uuid:team_change_id>/withdraw")
@may(signed_in)
def withdraw_change(team_change_id: UUID) -> Response:
    """Take back what was proposed."""
    deciding.withdraw(db=database(), actor=current_actor(), change_id=team_change_id)
    flash("The change is withdrawn. The team stays as it is.")
    return redirect(url_for("accounts.teams"), 303)
