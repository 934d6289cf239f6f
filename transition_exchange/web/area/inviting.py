"""Inviting an organisation into the area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import render_template, request

from transition_exchange.exchange.coordinating import not_ready
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import free_names
from transition_exchange.exchange.joining.administrators import invite_administrator
from transition_exchange.exchange.joining.arguments import InviteAdministrator, InviteOrganisation
from transition_exchange.exchange.joining.inviting import can_finish, invite_organisation
from transition_exchange.exchange.joining.new_organisations import INVITED_KINDS
from transition_exchange.exchange.organisations import teams
from transition_exchange.web import kept_forms
from transition_exchange.web.accounts.blueprint import memory_kib
from transition_exchange.web.area.blueprint import blueprint
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import Rule, administrator, council, may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, form_page, problems
from transition_exchange.web.visits import current_actor, database

ADMINISTRATORS = Rule(
    "administrators of the council",
    "full",
    lambda visit: council.allows(visit) and administrator.allows(visit),
)


@blueprint.route("/organisations/invite", methods=["GET", "POST"])
@may(ADMINISTRATORS)
def invite() -> FormPage:
    """Make an organisation with its usual teams, and invite its first administrator."""
    wrong = NO_PROBLEMS
    if request.method == "POST":
        try:
            invitation = sent(InviteOrganisation)
            invited = invite_organisation(
                db=database(), actor=current_actor(), memory_kib=memory_kib(), **invitation
            )
        except Refused as refused:
            wrong = problems(refused, "organisation")
        else:
            kept_forms.saved()
            return render_template(
                "area/invited.html",
                code=invited.spoken_code,
                name=invitation["name"],
                organisation=invitation["organisation"].name,
                finishers=_finishers(),
            )
    return _invite_page(typed(InviteOrganisation), wrong)


@blueprint.get("/organisations/<uuid:organisation_id>/invite")
@may(ADMINISTRATORS)
def invite_again(organisation_id: UUID) -> FormPage:
    """The form filled in, for an organisation that nobody has joined and nobody is invited into any more."""
    before = free_names.as_invited(db=database(), actor=current_actor(), organisation_id=organisation_id)
    return _invite_page(before, NO_PROBLEMS)


def _invite_page(form: Mapping[str, Any], wrong: Problems) -> FormPage:
    others = None if can_finish(db=database(), actor=current_actor()) else _finishers()
    return form_page("area/invite.html", wrong, kinds=INVITED_KINDS, form=form, finishers=others)


def _finishers() -> list[str]:
    """The names of the council's people who can make the five words, as the person knows them."""
    db, actor = database(), current_actor()
    groups = {team.team_id for team in teams.own_teams(db=db, actor=actor) if "neet_group" in team.purposes}
    return [
        colleague.name
        for colleague in teams.colleagues(db=db, actor=actor)
        if groups.intersection(colleague.team_ids) and colleague.principal_id != actor.principal_id
    ]


@blueprint.route("/organisations/<uuid:organisation_id>/administrator", methods=["GET", "POST"])
@may(ADMINISTRATORS)
def new_administrator(organisation_id: UUID) -> FormPage:
    """Invite an administrator into an organisation that has lost its own."""
    actor, wrong = current_actor(), NO_PROBLEMS
    organisation = not_ready.organisation(db=database(), actor=actor, organisation_id=organisation_id)
    if request.method == "POST":
        try:
            person = sent(InviteAdministrator)
            invited = invite_administrator(
                db=database(),
                actor=actor,
                organisation_id=organisation_id,
                memory_kib=memory_kib(),
                **person,
            )
        except Refused as refused:
            wrong = problems(refused, "email")
        else:
            kept_forms.saved()
            return render_template(
                "area/invited.html",
                code=invited.spoken_code,
                name=person["name"],
                organisation=organisation.name,
                finishers=_finishers(),
            )
    return form_page(
        "area/invite_administrator.html",
        wrong,
        organisation=organisation,
        form=typed(InviteAdministrator),
        finishers=None if can_finish(db=database(), actor=actor) else _finishers(),
    )
