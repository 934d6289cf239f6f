"""Questions to the school about a record, and its answers."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.queries.asking import OpenQuery
from transition_exchange.exchange.records import names
from transition_exchange.web.policy import may
from transition_exchange.web.provider import blueprint
from transition_exchange.web.provider.inbox import RECEIVES, chosen_team
from transition_exchange.web.provider.record import opened, shown
from transition_exchange.web.visits import current_actor, database


@blueprint.route("/<uuid:transfer_id>/ask", methods=["GET", "POST"])
@may(RECEIVES)
def ask(transfer_id: UUID) -> str | AnyResponse | tuple[str, int]:
    received = opened(transfer_id, note=False)
    choices = [(section.name, section.title) for section in shown(received) if section.items]
    section = request.form.get("section", "")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            if section and section not in dict(choices):
                raise NotFound
            owner = received.version.section(section).owner if section else "transition"
            asking.ask(
                db=database(),
                actor=current_actor(),
                transfer_id=transfer_id,
                text=request.form.get("text", ""),
                section=section,
                owner=owner,
                team_id=received.team.id,
            )
        except Refused as refused:
            errors = dict(refused.fields)
        else:
            flash("Question sent. Only your team and the school’s team can read it.")
            return redirect(url_for("provider.record", transfer_id=transfer_id, team=received.team.id), 303)
    page = render_template(
        "provider/ask.html",
        received=received,
        team=received.team,
        name=names.name_in_answers(received.answers),
        choices=choices,
        section=section,
        text=request.form.get("text", ""),
        field_errors=errors,
        errors=[{"text": message, "href": f"#{field}"} for field, message in errors.items()],
        longest=asking.LONGEST_TEXT,
    )
    return (page, 422) if errors else page


@blueprint.route("/questions/<uuid:query_id>", methods=["GET", "POST"])
@may(RECEIVES)
def question(query_id: UUID) -> str | AnyResponse | tuple[str, int]:
    query = _mine(query_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            asking.reply(
                db=database(), actor=current_actor(), query_id=query_id, text=request.form.get("text", "")
            )
        except Refused as refused:
            errors = dict(refused.fields) or {"text": refused.message}
        else:
            flash("Message sent.")
            return redirect(url_for("provider.question", query_id=query_id), 303)
    page = render_template(
        "provider/question.html",
        query=query,
        name=names.name_if_listed(db=database(), actor=current_actor(), record_id=query.record_id),
        text=request.form.get("text", ""),
        field_errors=errors,
        errors=[{"text": message, "href": f"#{field}"} for field, message in errors.items()],
    )
    return (page, 422) if errors else page


@blueprint.post("/questions/<uuid:query_id>/close")
@may(RECEIVES)
def close_question(query_id: UUID) -> AnyResponse:
    query = _mine(query_id)
    asking.close(db=database(), actor=current_actor(), query_id=query_id)
    flash("Question closed.")
    return redirect(url_for("provider.record", transfer_id=query.transfer_id, team=chosen_team().id), 303)


def _mine(query_id: UUID) -> OpenQuery:
    found = asking.queries(db=database(), actor=current_actor())
    asked = [each for each in found if each.id == query_id and current_actor().team(each.asking_team_id)]
    if not asked:
        raise NotFound
    return asked[0]
