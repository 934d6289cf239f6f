"""The people and teams of an organisation: who is in them, what is missing, and inviting people."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.joining import invitations, inviting, readdressing
from transition_exchange.exchange.joining.arguments import ChangeAddress, CompleteInvitation, InvitePerson
from transition_exchange.exchange.joining.invitations import OpenInvitation
from transition_exchange.exchange.joining.inviting import Invited
from transition_exchange.exchange.joining.named_teams import digest_of_teams
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import (
    contacts,
    deciding,
    notice_addresses,
    second_confirmer,
    teams,
)
from transition_exchange.web import kept_forms
from transition_exchange.web.accounts.blueprint import blueprint, memory_kib
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import administrator, may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import current_actor, database


@blueprint.get("/account/teams", endpoint="teams")
@may(signed_in)
def team_list() -> str:
    """The organisation's teams with their people, and the invitations that are still open."""
    db, actor = database(), current_actor()
    own_numbers = {
        team.id: confirming.own_number(actor=actor, team_id=team.id)
        for team in (*actor.teams, *actor.set_aside)
    }
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
        notices=notice_addresses.addresses(db=db, actor=actor),
        contacts=contacts.contacts(db=db, actor=actor),
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
    shown = teams.own_teams(db=db, actor=actor)
    return form_page(
        "accounts/invite.html",
        wrong,
        teams=shown,
        seen=digest_of_teams(shown),
        form=typed(InvitePerson),
    )


@blueprint.route("/account/teams/invitations/<uuid:invitation_id>/code", methods=["GET", "POST"])
@may(signed_in)
def make_code(invitation_id: UUID) -> FormPage:
    """Complete an invitation as the page showed it: make its five words, and show them this once.

    Where only another team says who made it, a page asks the person to ask the maker first.
    """
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    invitation = _found(invitation_id)
    if request.method == "POST":
        try:
            invited = inviting.complete(
                db=db,
                actor=actor,
                invitation_id=invitation_id,
                memory_kib=memory_kib(),
                **sent(CompleteInvitation),
            )
        except Refused as refused:
            if "asked" not in refused.fields:
                raise
            wrong = problems(refused, "asked")
        else:
            return _invited(invited, invitation.name)
    if not invitation.can_complete:
        raise NotFound
    back_to = _list_with(invitation.organisation_id)
    return form_page("accounts/ask_maker.html", wrong, invitation=invitation, back_to=back_to)


@blueprint.post("/account/teams/invitations/<uuid:invitation_id>/again")
@may(signed_in)
def send_again(invitation_id: UUID) -> Response:
    """Send the link anew."""
    try:
        into = inviting.send_again(db=database(), actor=current_actor(), invitation_id=invitation_id)
    except Refused as refused:
        flash(refused.message)
        return redirect(_list_with(_found(invitation_id).organisation_id), 303)
    flash("We are sending a new link. The old one no longer works.")
    return redirect(_list_with(into), 303)


@blueprint.route("/account/teams/invitations/<uuid:invitation_id>/address", methods=["GET", "POST"])
@may(administrator)
def change_address(invitation_id: UUID) -> FormPage:
    """Send an invitation to another address: a new one takes its place."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    invitation = _found(invitation_id)
    if request.method == "POST":
        try:
            invited = readdressing.change_address(
                db=db,
                actor=actor,
                invitation_id=invitation_id,
                memory_kib=memory_kib(),
                **sent(ChangeAddress),
            )
        except Refused as refused:
            wrong = problems(refused, "email")
        else:
            return _invited(invited, invitation.name)
    if not invitation.can_be_readdressed:
        raise NotFound
    return form_page(
        "accounts/change_address.html",
        wrong,
        invitation=invitation,
        email=typed(ChangeAddress)["email"],
        back_to=_list_with(invitation.organisation_id),
    )


@blueprint.post("/account/teams/invitations/<uuid:invitation_id>/cancel")
@may(signed_in)
def cancel_invitation(invitation_id: UUID) -> Response:
    """Take an invitation back."""
    into = inviting.cancel(db=database(), actor=current_actor(), invitation_id=invitation_id)
    flash("You have taken the invitation back.")
    return redirect(_list_with(into), 303)


def _found(invitation_id: UUID) -> OpenInvitation:
    """An open invitation that the person may see.

    Raises:
        NotFound: there is none.
    """
    shown = invitations.open_invitations(db=database(), actor=current_actor())
    for invitation in shown:
        if invitation.id == invitation_id:
            return invitation
    raise NotFound


def _list_with(organisation_id: UUID) -> str:
    """The address of the list on which somebody finds the invitations into an organisation."""
    if organisation_id == current_actor().organisation_id:
        return url_for("accounts.teams")
    return url_for("area.organisations", _anchor=f"organisation-{organisation_id}")


def _invited(invited: Invited, name: str) -> str:
    kept_forms.saved()
    return render_template(
        "accounts/invited.html",
        code=invited.spoken_code,
        name=name,
        back_to=_list_with(invited.organisation_id),
        elsewhere=invited.organisation_id != current_actor().organisation_id,
    )
