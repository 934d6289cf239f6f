"""The people and teams of an organisation: who is in them, what is missing, inviting and removing."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.joining import invitations, inviting
from transition_exchange.exchange.joining.arguments import CompleteInvitation, InvitePerson
from transition_exchange.exchange.joining.inviting import Invited
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import deciding, second_confirmer, teams
from transition_exchange.exchange.organisations.arguments import SetAdministrator
from transition_exchange.exchange.renewing import changing
from transition_exchange.exchange.signing_in import browsers
from transition_exchange.web import kept_forms
from transition_exchange.web.accounts.blueprint import blueprint, memory_kib
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import administrator, may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, form_page, problems
from transition_exchange.web.visits import current_actor, database


@blueprint.get("/account/teams", endpoint="teams")
@may(signed_in)
def team_list() -> str:
    """The organisation's teams with their people, and the invitations that are still open."""
    db, actor = database(), current_actor()
    own_numbers = {team.id: confirming.own_number(actor=actor, team_id=team.id) for team in actor.teams}
    own_invitations = [
        invitation
        for invitation in invitations.open_invitations(db=db, actor=actor)
        if invitation.organisation_id == actor.organisation_id
    ]
    return render_template(
        "accounts/teams.html",
        teams=teams.own_teams(db=db, actor=actor),
        colleagues=teams.colleagues(db=db, actor=actor),
        numbers=own_numbers,
        invitations=own_invitations,
        changes=deciding.waiting(db=db, actor=actor),
        standing=second_confirmer.standing(db=db, actor=actor),
    )


@blueprint.route("/account/teams/invite", methods=["GET", "POST"])
@may(administrator)
def invite() -> FormPage | Response:
    """Invite somebody into teams."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            person = sent(InvitePerson)
            invited = inviting.invite_person(db=db, actor=actor, memory_kib=memory_kib(), **person)
        except Refused as refused:
            wrong = problems(refused, "email")
        else:
            return _invited(invited, person["name"])
    return form_page(
        "accounts/invite.html",
        wrong,
        teams=teams.own_teams(db=db, actor=actor),
        form=typed(InvitePerson),
    )


@blueprint.post("/account/teams/invitations/<uuid:invitation_id>/code")
@may(signed_in)
def make_code(invitation_id: UUID) -> str:
    """Complete an invitation as the page showed it: make its five words, and show them this once."""
    db, actor = database(), current_actor()
    names = {
        invitation.id: invitation.name for invitation in invitations.open_invitations(db=db, actor=actor)
    }
    if invitation_id not in names:
        raise NotFound
    invited = inviting.complete(
        db=db, actor=actor, invitation_id=invitation_id, memory_kib=memory_kib(), **sent(CompleteInvitation)
    )
    return _invited(invited, names[invitation_id])


@blueprint.post("/account/teams/invitations/<uuid:invitation_id>/again")
@may(signed_in)
def send_again(invitation_id: UUID) -> Response:
    """Send the link anew."""
    inviting.send_again(db=database(), actor=current_actor(), invitation_id=invitation_id)
    flash("We are sending a new link. The old one no longer works.")
    return redirect(url_for("accounts.teams"), 303)


@blueprint.post("/account/teams/invitations/<uuid:invitation_id>/cancel")
@may(signed_in)
def cancel_invitation(invitation_id: UUID) -> Response:
    """Take an invitation back."""
    inviting.cancel(db=database(), actor=current_actor(), invitation_id=invitation_id)
    flash("You have taken the invitation back.")
    return redirect(url_for("accounts.teams"), 303)


@blueprint.get("/account/teams/people/<uuid:principal_id>")
@may(administrator)
def person(principal_id: UUID) -> FormPage:
    """Somebody of the organisation."""
    return _person_page(principal_id)


@blueprint.post("/account/teams/people/<uuid:principal_id>/remove")
@may(administrator)
def remove_person(principal_id: UUID) -> FormPage | Response:
    """Remove somebody from the organisation."""
    try:
        teams.remove_person(db=database(), actor=current_actor(), principal_id=principal_id)
    except Refused as refused:
        return _refused_for(principal_id, refused, "remove")
    return _after_leaving("They no longer have access to anything here.", url_for("accounts.teams"))


@blueprint.post("/account/teams/people/<uuid:principal_id>/leave/<uuid:team_id>")
@may(administrator)
def remove_from_team(principal_id: UUID, team_id: UUID) -> FormPage | Response:
    """Take somebody out of a team."""
    actor = current_actor()
    try:
        teams.remove_from_team(db=database(), actor=actor, principal_id=principal_id, team_id=team_id)
    except Refused as refused:
        return _refused_for(principal_id, refused, f"leave-{team_id}")
    here = url_for("accounts.person", principal_id=principal_id)
    return _after_leaving("They are no longer in the team.", here)


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
        return _refused_for(principal_id, refused, "administrator")
    flash("They are an administrator now." if becomes else "They are no longer an administrator.")
    return redirect(url_for("accounts.teams"), 303)


def _after_leaving(done: str, otherwise: str) -> Response:
    """Go on to changing the key of a team that somebody has just left, where this administrator is in it.

    Args:
        done: what has been done.
        otherwise: where to go if a member has to change the key, or nobody.
    """
    due = [change for change in changing.changes(db=database(), actor=current_actor()) if change.due]
    if due:
        flash(f"{done} Now change the team’s key, because they still know it.")
        return redirect(url_for("accounts.change_key", team_id=due[0].team.id), 303)
    flash(f"{done} Ask a member of each of their teams to sign in and change the team’s key.")
    return redirect(otherwise, 303)


def _invited(invited: Invited, name: str) -> str:
    kept_forms.saved()
    return render_template("accounts/invited.html", code=invited.spoken_code, name=name)


def _refused_for(principal_id: UUID, refused: Refused, button: str) -> FormPage:
    """The page of somebody with what was refused, which links to the button that asked for it."""
    return _person_page(principal_id, problems(refused, button))


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
