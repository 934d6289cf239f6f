"""Queries from colleges about what was sent, and the school's answers."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.queries.arguments import Reply
from transition_exchange.exchange.queries.asking import LONGEST_TEXT
from transition_exchange.exchange.queries.threads import OpenQuery
from transition_exchange.exchange.records.names import name_if_listed
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.school.blueprint import blueprint, writers
from transition_exchange.web.visits import current_actor, database


def _to_answer() -> list[OpenQuery]:
    """The queries that this school's teams answer, not those that its sixth form asked."""
    return [asked for asked in threads.queries(db=database(), actor=current_actor()) if asked.ours]


@blueprint.get("/questions")
@may(writers)
def queries() -> str:
    """Every query, those that wait for an answer first."""
    db, actor, ours = database(), current_actor(), _to_answer()
    waiting = {asked.id for asked in threads.waiting(ours)}
    rows = [(asked, name_if_listed(db=db, actor=actor, record_id=asked.record_id)) for asked in ours]
    rows.sort(key=lambda row: row[0].id not in waiting)
    return render_template("school/queries.html", rows=rows, waiting=waiting)


@blueprint.route("/questions/<uuid:query_id>", methods=["GET", "POST"])
@may(writers)
def query(query_id: UUID) -> FormPage | Response:
    """One query with its answers, and the form for the next."""
    asked = next((asked for asked in _to_answer() if asked.id == query_id), None)
    if asked is None:
        raise NotFound
    wrong = NO_PROBLEMS
    if request.method == "POST":
        try:
            asking.reply(db=database(), actor=current_actor(), query_id=query_id, **sent(Reply))
        except Refused as refused:
            wrong = problems(refused, "text")
        else:
            flash("Answer sent.")
            return redirect(url_for("school.queries"), 303)
    return form_page(
        "school/query.html",
        wrong,
        query=asked,
        name=name_if_listed(db=database(), actor=current_actor(), record_id=asked.record_id),
        section=asked.section_title,
        longest=LONGEST_TEXT,
        text=typed(Reply)["text"],
    )
