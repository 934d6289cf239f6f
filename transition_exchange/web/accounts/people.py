"""Somebody of the organisation: their rights, their sessions, and removing them."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.organisations.arguments import SetAdministrator
from transition_exchange.exchange.renewing import changing, leaving
from transition_exchange.exchange.signing_in import browsers
from transition_exchange.web.accounts.blueprint import blueprint
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import administrator, may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, form_page, problems
from transition_exchange.web.visits import current_actor, database


@blueprint.get("/account/teams/people/<uuid:principal_id>")
@may(administrator)
def person(principal_id: UUID) -> FormPage:
    """Somebody of the organisation."""
    return _person_page(principal_id)


@blueprint.route("/account/teams/people/<uuid:principal_id>/remove", methods=["GET", "POST"])
@may(administrator)
def remove_person(principal_id: UUID) -> FormPage | Response:
    """Say what follows if somebody is removed from the organisation, and remove them."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    follows = leaving.what_follows(db=db, actor=actor, principal_id=principal_id)
    if request.method == "POST":
        try:
            teams.remove_person(db=db, actor=actor, principal_id=principal_id)
        except Refused as refused:
            wrong = problems(refused, "remove")
        else:
            return _after_leaving("They can no longer sign in here.", url_for("accounts.teams"))
    return form_page("accounts/remove.html", wrong, leaving=follows, team=None)


@blueprint.route("/account/teams/people/<uuid:principal_id>/leave/<uuid:team_id>", methods=["GET", "POST"])
@may(administrator)
def remove_from_team(principal_id: UUID, team_id: UUID) -> FormPage | Response:
    """Say what follows if somebody is taken out of a team, and take them out of it."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    follows = leaving.what_follows(db=db, actor=actor, principal_id=principal_id, team_id=team_id)
    if request.method == "POST":
        try:
            teams.remove_from_team(db=db, actor=actor, principal_id=principal_id, team_id=team_id)
        except Refused as refused:
            wrong = problems(refused, "remove")
        else:
            here = url_for("accounts.person", principal_id=principal_id)
            return _after_leaving("They are no longer in the team.", here)
    return form_page("accounts/remove.html", wrong, leaving=follows, team=follows.teams[0])


@blueprint.post("/account/teams/people/<uuid:principal_id>/sign-out")
@may(administrator)
def end_sessions_of(principal_id: UUID) -> Response:
    """End every session of somebody of the organisation."""
    teams.end_sessions(db=database(), actor=current_actor(), principal_id=principal_id)
    flash("They are signed out everywhere.")
    return redirect(url_for("accounts.person", principal_id=principal_id), 303)


@blueprint.post("/account/teams/people/<uuid:principal_id>/administrator")
@may(administrator)
def set_administrator(principal_id: UUID) -> FormPage | Response:
    """Make somebody an administrator, or no longer."""
    becomes = sent(SetAdministrator)["administrator"]
    try:
        teams.set_administrator(
            db=database(), actor=current_actor(), principal_id=principal_id, administrator=becomes
        )
    except Refused as refused:
        return _person_page(principal_id, problems(refused, "administrator"))
    flash("They are an administrator now." if becomes else "They are no longer an administrator.")
    return redirect(url_for("accounts.teams"), 303)


def _after_leaving(done: str, otherwise: str) -> Response:
    """Go on to changing the key of a team that somebody has just left, where this administrator is in it.

    Args:
        done: what has been done.
        otherwise: where to go if a member has to change the key, or nobody.
    """
    still = "With a copy of the database they could still read what the team’s key opens"
    due = [
        change
        for change in changing.changes(db=database(), actor=current_actor(), staying=False)
        if change.due
    ]
    if due:
        flash(f"{done} {still}, so change the key now.")
        return redirect(url_for("accounts.change_key", team_id=due[0].team.id), 303)
    flash(f"{done} {still}, so ask a member of each of their teams to sign in and change it.")
    return redirect(otherwise, 303)


def _person_page(principal_id: UUID, wrong: Problems = NO_PROBLEMS) -> FormPage:
    """The page of somebody of the actor's organisation.

    Raises:
        NotFound: there is no such person.
    """
    db, actor = database(), current_actor()
    people = {colleague.principal_id: colleague for colleague in teams.colleagues(db=db, actor=actor)}
    if principal_id not in people:
        raise NotFound
    own_teams = teams.own_teams(db=db, actor=actor)
    return form_page(
        "accounts/person.html",
        wrong,
        person=people[principal_id],
        teams=own_teams,
        sessions=browsers.count_of_sessions(db=db, actor=actor, principal_id=principal_id),
    )
