"""Dropping for good what is typed on a page of the form and not saved, or kept and not asked any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.writing import dropping
from transition_exchange.exchange.writing.unsaved import Unsaved
from transition_exchange.proforma import REASONS, Question, show_kept
from transition_exchange.proforma.forms import TypedDate
from transition_exchange.proforma.values import showable
from transition_exchange.web.policy import may
from transition_exchange.web.school import typed as typing_in
from transition_exchange.web.school.blueprint import blueprint, learner_name, writers
from transition_exchange.web.school.pages import opened
from transition_exchange.web.visits import current_actor, database

FIRST = 80
"""How many characters of what was typed stand on the page that asks, so that its writer knows it again."""


@blueprint.get("/<uuid:record_id>/pages/<name>/throw-away")
@may(writers)
def throw_away(record_id: UUID, name: str) -> str | Response:
    """Ask whether what is typed on a page and not saved is to be thrown away, and say what that is."""
    draft, place = opened(record_id, name)
    rests = draft.resting.of(place.sections)
    if not rests:
        flash("Everything that is typed on this page is saved. There is nothing to throw away.")
        return redirect(url_for("school.page", record_id=record_id, name=place.name), 303)
    own = current_actor().principal_id
    return render_template(
        "school/throw_away.html",
        record_id=record_id,
        name=learner_name(record_id),
        place=place,
        shown=typing_in.as_resting(draft, place),
        entries=[
            (question.label, first_words(question, rests[question.path]), rests[question.path].by != own)
            for section in place.sections
            for question in draft.version.section(section).questions
            if question.path in rests
        ],
    )


@blueprint.post("/<uuid:record_id>/pages/<name>/drop")
@may(writers)
def drop(record_id: UUID, name: str) -> Response:
    """Drop for good what is typed on a page and not saved, or what is kept of it and not asked any more."""
    draft, place = opened(record_id, name)
    left: Collection[object]
    db, actor = database(), current_actor()
    shown = typing_in.to_drop(draft, place, request.form.to_dict(flat=False))
    if "not_asked" in request.form:
        draft = dropping.delete_not_asked(db=db, actor=actor, draft=draft, shown=shown)
        left = show_kept(draft.version, draft.answers, place.sections)
        flash("Deleted. What is asked stays as it is.")
    else:
        draft = dropping.throw_away(db=db, actor=actor, draft=draft, sections=place.sections, shown=shown)
        left = draft.resting.of(place.sections)
        flash("Thrown away. What is saved stays.")
    if left:
        flash("What changed while your page was open is still here. Look at it first.")
    return redirect(url_for("school.page", record_id=record_id, name=place.name), 303)


def first_words(question: Question, unsaved: Unsaved) -> str:
    """How what was typed in answer to a question begins, in words."""
    text = showable(" ".join(", ".join(_typed(question, unsaved.typed)).split()))
    if len(text) <= FIRST:
        return text or "Nothing: it was emptied"
    begun = text[:FIRST]
    return f"{begun.rpartition(' ')[0] or begun}…"


def _typed(question: Question, typed: Mapping[str, Any]) -> Iterator[str]:
    yield from _texts(question, typed.get(""))
    why = typed.get("_reasons", {})
    if why:
        yield dict(REASONS).get(str(why.get("reason")), str(why.get("reason")))
        yield from _texts(question, why.get("expected"))
    if where := typed.get("_attached", {}):
        yield f"in a document, on page {where.get('page')}"


def _texts(question: Question, value: Any) -> Iterator[str]:
    """What stands in the boxes of a question that hold something."""
    labels = dict(question.choices)
    match value:
        case None | "":
            return
        case bool():
            yield "Yes" if value else "No"
        case TypedDate():
            yield " ".join(part for part in value.parts.values() if part)
        case list() if question.kind == "rows":
            for row in value:
                for column in question.rows:
                    yield from _texts(column, row.get(column.name))
        case list():
            yield from (labels.get(str(entry), str(entry)) for entry in value)
        case _:
            yield labels.get(str(value), str(value))
