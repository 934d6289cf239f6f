"""Organisations and how ready their teams are, the area's settings, and what the council's people did."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.coordinating import not_ready, settings
from transition_exchange.exchange.coordinating.arguments import change_settings_in, term_field
from transition_exchange.exchange.coordinating.settings import AreaSettings
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import free_names
from transition_exchange.exchange.joining.invitations import open_invitations
from transition_exchange.exchange.joining.new_organisations import KINDS
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import notice_addresses
from transition_exchange.exchange.organisations.activity import activity as activity_of
from transition_exchange.exchange.organisations.arguments import WantedActivity
from transition_exchange.proforma import forms
from transition_exchange.web.area.blueprint import blueprint
from transition_exchange.web.forms import sent, typed, wanted
from transition_exchange.web.policy import council, may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import current_actor, database


@blueprint.get("/organisations")
@may(council)
def organisations() -> str:
    """Every organisation of the area, those that need something first."""
    actor = current_actor()
    all_of_them = not_ready.organisations(db=database(), actor=actor)
    team_ids = [team.id for organisation in all_of_them for team in organisation.teams]
    invited = open_invitations(db=database(), actor=actor)
    return render_template(
        "area/organisations.html",
        waiting=[organisation for organisation in all_of_them if not organisation.ready],
        ready=[organisation for organisation in all_of_them if organisation.ready],
        kinds=KINDS,
        may_confirm=actor.team_for("neet_group") is not None,
        changes=confirming.waiting_changes(db=database(), actor=actor, team_ids=team_ids),
        notices=notice_addresses.addresses(db=database(), actor=actor),
        invitations={
            organisation.id: [one for one in invited if one.organisation_id == organisation.id]
            for organisation in all_of_them
        },
        to_finish=[one for one in invited if one.to_finish],
        invited_before=free_names.invited_before(db=database(), actor=actor),
    )


@blueprint.route("/settings", methods=["GET", "POST"])
@may(council)
def area_settings() -> FormPage | Response:
    """When packs go out, how long records are kept, when term starts, which form is used.

    Administrators change it, members see it.
    """
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    now = settings.area_settings(db=db, actor=actor)
    if request.method == "POST":
        try:
            settings.change_settings(db=db, actor=actor, versions=_chosen_forms(now), **_sent(now))
        except Refused as refused:
            wrong = problems(refused, "send_at")
        else:
            flash("The area’s settings are saved.")
            return redirect(url_for("area.area_settings"), 303)
    return form_page(
        "area/settings.html",
        wrong,
        now=now,
        typed=_typed(now) if request.method == "POST" else _in_fields(now),
        send_at=settings.SEND_AT,
        may_change=actor.administrator and actor.team_for("neet_group") is not None,
    )


def _in_fields(now: AreaSettings) -> dict[str, Any]:
    """What is set, as the fields of the form show it."""
    return {
        "send_at": now.send_at,
        "keep_months": str(now.keep_months),
        **{term_field(year): forms.date_fields(day) for year, day in now.terms.items()},
        **{_form_field(choice.leaving_year): choice.agreed for choice in now.forms},
    }


def _typed(now: AreaSettings) -> dict[str, Any]:
    """What was typed; a form that was not sent stays as it is."""
    chosen = {_form_field(year): name for year, name in _chosen_forms(now).items()}
    return {**_in_fields(now), **typed(change_settings_in(_years_sent(now))), **chosen}


def _sent(now: AreaSettings) -> dict[str, Any]:
    """The arguments of `change_settings` besides the forms. A first day of term that was not sent stays as it is."""
    years = _years_sent(now)
    values = sent(change_settings_in(years))
    starts = {year: values.pop(term_field(year)) for year in years}
    return {**values, "term_starts": starts}


def _years_sent(now: AreaSettings) -> tuple[int, ...]:
    """The leaving years for which the form had a first day of term."""
    parts = ("", *(f"-{part}" for part in forms.PARTS))
    return tuple(
        year for year in now.terms if any(f"{term_field(year)}{part}" in request.form for part in parts)
    )


def _chosen_forms(now: AreaSettings) -> dict[int, str]:
    """The version chosen for each leaving year; empty for the newest core version."""
    fields = {choice.leaving_year: _form_field(choice.leaving_year) for choice in now.forms}
    return {year: request.form[field].strip() for year, field in fields.items() if field in request.form}


def _form_field(leaving_year: int) -> str:
    return f"form_{leaving_year}"


@blueprint.get("/activity")
@may(council)
def activity() -> str:
    """What the council's people did, newest first."""
    before = wanted(WantedActivity)["before"]
    page = activity_of(db=database(), actor=current_actor(), before=before)
    return render_template("area/activity.html", page=page, before=before)
