"""Whom others ring about what a team sent."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.organisations.arguments import SetContact
from transition_exchange.exchange.organisations.contacts import contact, set_contact
from transition_exchange.web.accounts.blueprint import blueprint
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import current_actor, database


@blueprint.route("/account/teams/<uuid:team_id>/contact", methods=["GET", "POST"], endpoint="contact")
@may(signed_in)
def team_contact(team_id: UUID) -> FormPage | Response:
    """The name and the number that a team signs for those who ring about what it sent."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    team, now = contact(db=db, actor=actor, team_id=team_id)
    if request.method == "POST":
        try:
            said = set_contact(db=db, actor=actor, team_id=team_id, **sent(SetContact))
        except Refused as refused:
            wrong = problems(refused, "name")
        else:
            flash(f"Colleges are told to ring {said.words} about what {team.name} sent.")
            return redirect(url_for("accounts.teams"), 303)
    return form_page(
        "accounts/contact.html",
        wrong,
        team=team.name,
        form=typed(SetContact) if request.method == "POST" else (now and vars(now)) or {},
    )
