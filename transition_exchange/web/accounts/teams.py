"""The people and teams of an organisation: who is in them, what is missing, inviting and removing."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.joining import invitations, inviting
from transition_exchange.exchange.joining.inviting import Invited
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.organisations.teams import Colleague
from transition_exchange.web.accounts.blueprint import NO_PROBLEMS, blueprint, memory_kib, problems
from transition_exchange.web.policy import administrator, may, signed_in
from transition_exchange.web.visits import current_actor, database

Answer = str | Response | tuple[str, int]


@blueprint.get("/account/teams", endpoint="teams")
@may(signed_in)
def team_list() -> str:
    """The organisation's teams with their people, and the invitations that are still open."""
    db, actor = database(), current_actor()
    own_numbers = {team.id: confirming.own_number(actor=actor, team_id=team.id) for team in actor.teams}
    open_ones = [
        each
        for each in invitations.open_invitations(db=db, actor=actor)
        if each.organisation_id == actor.organisation_id
    ]
    return render_template(
        "accounts/teams.html",
        teams=teams.own_teams(db=db, actor=actor),
        colleagues=teams.colleagues(db=db, actor=actor),
        numbers=own_numbers,
        invitations=open_ones,
    )


@blueprint.route("/account/teams/invite", methods=["GET", "POST"])
@may(administrator)
def invite() -> Answer:
    """Invite somebody into teams."""
    db, actor = database(), current_actor()
    errors, messages = NO_PROBLEMS
    chosen = request.form.getlist("teams")
    if request.method == "POST":
        try:
            made = inviting.invite_person(
                db=db,
                actor=actor,
                name=request.form.get("name", ""),
                email=request.form.get("email", ""),
                team_ids=[_uuid(each) for each in chosen],
                administrator=request.form.get("administrator") == "yes",
                memory_kib=memory_kib(),
            )
        except Refused as refused:
            errors, messages = problems(refused, field="email")
        else:
            return _invited(made, request.form.get("name", "").strip())
    page = render_template(
        "accounts/invite.html",
        teams=teams.own_teams(db=db, actor=actor),
        own={str(team.id) for team in actor.teams},
        chosen=chosen,
        form=request.form,
        errors=errors,
        messages=messages,
    )
    return (page, 400) if errors else page


@blueprint.post("/account/teams/invitations/<uuid:invitation_id>/code")
@may(signed_in)
def make_code(invitation_id: UUID) -> Answer:
    """Complete an invitation: make its five words, and show them this once."""
    db, actor = database(), current_actor()
    found = next(
        (each for each in invitations.open_invitations(db=db, actor=actor) if each.id == invitation_id), None
    )
    if found is None:
        raise NotFound
    made = inviting.complete(db=db, actor=actor, invitation_id=invitation_id, memory_kib=memory_kib())
    return _invited(made, found.name)


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
def person(principal_id: UUID) -> str:
    """Somebody of the organisation."""
    return _person_page(_colleague(principal_id))


@blueprint.post("/account/teams/people/<uuid:principal_id>/remove")
@may(administrator)
def remove_person(principal_id: UUID) -> Answer:
    """Remove somebody from the organisation."""
    try:
        teams.remove_person(db=database(), actor=current_actor(), principal_id=principal_id)
    except Refused as refused:
        return _person_page(_colleague(principal_id), refused), 400
    flash("They no longer have access to anything here.")
    return redirect(url_for("accounts.teams"), 303)


@blueprint.post("/account/teams/people/<uuid:principal_id>/leave/<uuid:team_id>")
@may(administrator)
def remove_from_team(principal_id: UUID, team_id: UUID) -> Answer:
    """Take somebody out of a team."""
    actor = current_actor()
    try:
        teams.remove_from_team(db=database(), actor=actor, principal_id=principal_id, team_id=team_id)
    except Refused as refused:
        return _person_page(_colleague(principal_id), refused), 400
    flash("They are no longer in the team.")
    return redirect(url_for("accounts.person", principal_id=principal_id), 303)


@blueprint.post("/account/teams/people/<uuid:principal_id>/administrator")
@may(administrator)
def set_administrator(principal_id: UUID) -> Answer:
    """Make somebody an administrator, or no longer."""
    becomes = request.form.get("administrator") == "yes"
    try:
        teams.set_administrator(
            db=database(), actor=current_actor(), principal_id=principal_id, administrator=becomes
        )
    except Refused as refused:
        return _person_page(_colleague(principal_id), refused), 400
    flash("They are an administrator now." if becomes else "They are no longer an administrator.")
    return redirect(url_for("accounts.teams"), 303)


def _invited(made: Invited, name: str) -> str:
    return render_template("accounts/invited.html", code=made.spoken_code, name=name)


def _person_page(found: Colleague, refused: Refused | None = None) -> str:
    errors, _ = problems(refused, field="main-content") if refused else NO_PROBLEMS
    own = teams.own_teams(db=database(), actor=current_actor())
    return render_template("accounts/person.html", person=found, teams=own, errors=errors)


def _colleague(principal_id: UUID) -> Colleague:
    people = teams.colleagues(db=database(), actor=current_actor())
    found = next((each for each in people if each.principal_id == principal_id), None)
    if found is None:
        raise NotFound
    return found


def _uuid(text: str) -> UUID:
    """An id out of a form.

    Raises:
        NotFound: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
