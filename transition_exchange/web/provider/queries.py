"""Queries to the school about a record, and its answers."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.queries.arguments import Ask, Reply
from transition_exchange.exchange.queries.threads import OpenQuery
from transition_exchange.exchange.receiving.opening import Received
from transition_exchange.exchange.receiving.safeguarding_part import is_told
from transition_exchange.exchange.records.names import name_if_listed, name_in_answers
from transition_exchange.purposes import SENDING, teams
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.provider.blueprint import RECEIVES, blueprint
from transition_exchange.web.provider.inbox import chosen_team
from transition_exchange.web.provider.record import read, shown
from transition_exchange.web.visits import current_actor, database

OTHERS_SECTION = "The other team wrote this section. Choose that team, or another section"


@blueprint.route("/<uuid:transfer_id>/ask", methods=["GET", "POST"])
@may(RECEIVES)
def ask(transfer_id: UUID) -> FormPage | AnyResponse:
    """Ask the school about a record, or about one section of it."""
    received, wrong = read(transfer_id), NO_PROBLEMS
    whoms = _whoms(received)
    choices = [(section.name, section.title) for section in shown(received) if section.items]
    if request.method == "POST":
        try:
            message = sent(Ask)
            section, whom = message["section"], message.pop("owner")
            if section and section not in dict(choices):
                raise NotFound
            owner = received.version.section(section).owner if section else whom or whoms[0]
            if section and whom not in ("", owner):
                raise Refused(OTHERS_SECTION, {"section": OTHERS_SECTION})
            asking.ask(
                db=database(),
                actor=current_actor(),
                transfer_id=transfer_id,
                owner=owner,
                team_id=received.team.id,
                **message,
            )
        except Refused as refused:
            wrong = problems(refused, "text")
        else:
            flash("Question sent. Only your team and the school’s team can read it.")
            return redirect(url_for("provider.record", transfer_id=transfer_id, team=received.team.id), 303)
    return form_page(
        "provider/ask.html",
        wrong,
        received=received,
        team=received.team,
        name=name_in_answers(received.answers),
        asked=asking.whom_to_ask(
            db=database(), actor=current_actor(), transfer_id=transfer_id, team_id=received.team.id
        ),
        choices=choices,
        whoms=[(owner, teams([owner])) for owner in whoms] if len(whoms) > 1 else [],
        whom=typed(Ask)["owner"] or whoms[0],
        longest=asking.LONGEST_TEXT,
        text=typed(Ask)["text"],
        section=typed(Ask)["section"],
    )


def _whoms(received: Received) -> tuple[str, ...]:
    """Whom a question is for, the likeliest first.

    The safeguarding team asks the school's safeguarding team, whether or not that has answered anything. Other teams
    ask whoever wrote what they read.
    """
    if is_told(received.team):
        return tuple(reversed(SENDING))
    return tuple(owner for owner in SENDING if owner in received.openings)


@blueprint.route("/questions/<uuid:query_id>", methods=["GET", "POST"])
@may(RECEIVES)
def query(query_id: UUID) -> FormPage | AnyResponse:
    """One query with its answers, and the form to say more."""
    asked, wrong = _asked_here(query_id), NO_PROBLEMS
    if request.method == "POST":
        try:
            asking.reply(db=database(), actor=current_actor(), query_id=query_id, **sent(Reply))
        except Refused as refused:
            wrong = problems(refused, "text")
        else:
            flash("Message sent.")
            return redirect(url_for("provider.query", query_id=query_id), 303)
    return form_page(
        "provider/query.html",
        wrong,
        query=asked,
        name=name_if_listed(db=database(), actor=current_actor(), record_id=asked.record_id),
        text=typed(Reply)["text"],
    )


@blueprint.post("/questions/<uuid:query_id>/close")
@may(RECEIVES)
def close_query(query_id: UUID) -> AnyResponse:
    """Close a query: the team has its answer, or does without one."""
    asked = _asked_here(query_id)
    asking.close(db=database(), actor=current_actor(), query_id=query_id)
    flash("Question closed." if asked.has_answer or not asked.certain else "Question withdrawn.")
    return redirect(url_for("provider.record", transfer_id=asked.transfer_id, team=chosen_team().id), 303)


def _asked_here(query_id: UUID) -> OpenQuery:
    """A query that one of the person's teams asked.

    Raises:
        NotFound: they asked no query with this id.
    """
    actor = current_actor()
    for asked in threads.queries(db=database(), actor=actor):
        if asked.id == query_id and actor.team(asked.asking_team_id):
            return asked
    raise NotFound
