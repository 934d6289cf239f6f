"""Questions from colleges about what was sent, and the school's answers."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.queries import asking as deeds
from transition_exchange.exchange.queries.asking import LONGEST_TEXT, OpenQuery
from transition_exchange.exchange.records.names import name_if_listed
from transition_exchange.proforma import load
from transition_exchange.web.policy import may
from transition_exchange.web.problems import Summary, problems
from transition_exchange.web.school.blueprint import blueprint, writers
from transition_exchange.web.visits import current_actor, database


def _mine() -> list[OpenQuery]:
    """The questions that this school's teams answer, not those that its sixth form asked."""
    return [each for each in deeds.queries(db=database(), actor=current_actor()) if each.ours]


@blueprint.get("/questions")
@may(writers)
def questions() -> str:
    """Every question, those that wait for an answer first."""
    found = _mine()
    waiting = {each.id for each in deeds.waiting(found)}
    rows = [(each, _learner_name(each)) for each in found]
    rows.sort(key=lambda row: row[0].id not in waiting)
    return render_template("school/questions.html", rows=rows, waiting=waiting)


@blueprint.route("/questions/<uuid:query_id>", methods=["GET", "POST"])
@may(writers)
def question(query_id: UUID) -> str | Response:
    """One question with its answers, and the form for the next."""
    query = next((each for each in _mine() if each.id == query_id), None)
    if query is None:
        raise NotFound
    errors: list[Summary] = []
    messages: dict[str, str] = {}
    text = request.form.get("text", "")
    if request.method == "POST":
        try:
            deeds.reply(db=database(), actor=current_actor(), query_id=query_id, text=text)
        except Refused as refused:
            errors, messages = problems(refused, "text")
        else:
            flash("Answer sent.")
            return redirect(url_for("school.questions"), 303)
    return render_template(
        "school/question.html",
        query=query,
        name=_learner_name(query),
        section=_section_title(query),
        text=text,
        errors=errors,
        messages=messages,
        longest=LONGEST_TEXT,
    )


def _learner_name(query: OpenQuery) -> str:
    """Whom a question is about; empty where they are on no list of the person's teams any more."""
    return name_if_listed(db=database(), actor=current_actor(), record_id=query.record_id)


def _section_title(query: OpenQuery) -> str:
    """The title of the section a question is about; empty for the pack as a whole."""
    if not query.section:
        return ""
    known = {section.name: section.title for section in load(query.version).sections}
    return known.get(query.section, "")
