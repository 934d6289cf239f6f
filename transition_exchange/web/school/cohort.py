"""Confirming for a whole year group: what is the same for nearly everybody, for all but those picked out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.agreed_versions import form_for
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.organisations.providers import school_facts
from transition_exchange.exchange.records import ownership
from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.exchange.writing import learner_list, year_group
from transition_exchange.proforma import Finding, Page, Version, forms
from transition_exchange.web.form_fields import Field, fieldsets
from transition_exchange.web.policy import may
from transition_exchange.web.problems import Summary
from transition_exchange.web.school.blueprint import blueprint, transition
from transition_exchange.web.visits import current_actor, database

Form = dict[str, list[str]]


def _version() -> Version:
    return form_for(db=database(), actor=current_actor(), leaving_year=leaving_year_on(today()))


def _fields(version: Version, typed: dict[str, Any], wrong: dict[str, str]) -> dict[str, Field]:
    """The questions that are answered once for all, by `section.field`."""
    asked = [path for each in version.statements for path in each.asks]
    page = Page("cohort", "", "transition", tuple(dict.fromkeys(path.split(".")[0] for path in asked)))
    findings = [
        Finding(path.split(".")[0], path.split(".")[1], tuple(path.split(".")), "cohort", text)
        for path, text in wrong.items()
        if "." in path
    ]
    sets = fieldsets(version, page, typed, errors=findings)
    found = {field.name: field for each in sets for field in each.fields if field.name in asked}
    return {name: _plain(field) for name, field in found.items()}


def _plain(field: Field) -> Field:
    """The question without what only makes sense for one learner."""
    return replace(field, instead=None, only_if=None, rule=None, optional=False)


@blueprint.route("/year-group", methods=["GET", "POST"])
@may(transition)
def cohort() -> str | Response:
    """Which statements hold for nearly everybody; then who is left out."""
    version, actor = _version(), current_actor()
    facts = school_facts(db=database(), actor=actor)
    typed: dict[str, Any] = {"enrolment": {"home_la": facts.la_code} if facts.la_code else {}}
    chosen: list[str] = []
    wrong: dict[str, str] = {}
    errors: list[Summary] = []
    if request.method == "POST":
        chosen, typed = request.form.getlist("statement"), _typed(version)
        try:
            answers = _confirmed(chosen, typed, version)
        except Refused as refused:
            wrong = dict(refused.fields)
            fields = _fields(version, typed, wrong)
            errors = [
                Summary(text, f"#{fields[path].id if path in fields else 'statement'}")
                for path, text in wrong.items()
            ]
        else:
            return _pick(chosen, answers)
    return render_template(
        "school/cohort.html",
        statements=version.statements,
        fields=_fields(version, typed, wrong),
        chosen=chosen,
        errors=errors,
        no_statement=wrong.get("statement"),
        year=leaving_year_on(today()),
    )


def _typed(version: Version) -> dict[str, Any]:
    asking = [each for each in version.statements if each.asks]
    sections = tuple(dict.fromkeys(path.split(".")[0] for each in asking for path in each.asks))
    form: Form = request.form.to_dict(flat=False)
    # The dates are asked of whoever has been told; here the statement says that they have.
    form |= {path: ["yes"] for each in asking for path, answer in each.answers.items() if answer is True}
    return forms.from_form(version, Page("cohort", "", "transition", sections), form)


def _confirmed(chosen: Sequence[str], typed: dict[str, Any], version: Version) -> dict[str, dict[str, Any]]:
    statements = [each for each in version.statements if each.name in chosen]
    if not statements:
        raise Refused("Choose what to confirm.", {"statement": "Choose at least one statement to confirm"})
    return year_group.confirmed(statements, typed, version)


def _pick(chosen: Sequence[str], answers: dict[str, dict[str, Any]]) -> str:
    """The learners of the year group, all of them in unless they are ticked to be left out."""
    year = leaving_year_on(today())
    rows = learner_list.learners(db=database(), actor=current_actor(), leaving_year=year)
    words = {each.name: each.words for each in _version().statements}
    return render_template(
        "school/cohort_pick.html",
        rows=rows,
        display_name=display_name,
        statements=[words[name] for name in chosen if name in words],
        answers=json.dumps(answers),
        year=year,
    )


@blueprint.post("/year-group/confirm")
@may(transition)
def confirm_cohort() -> str | Response:
    """Do the next few learners. What is being written travels with the form, and is read by the form's own rules."""
    answers = _sent_answers()
    actor = current_actor()
    if "left" in request.form:
        ids = _ids(request.form["left"].split())
    else:
        out = set(_ids(request.form.getlist("out")))
        rows = learner_list.learners(db=database(), actor=actor, leaving_year=leaving_year_on(today()))
        ids = tuple(row.record_id for row in rows if row.record_id not in out)
    total = request.form.get("total", type=int) or len(ids)
    step = year_group.step(db=database(), actor=actor, record_ids=ids, answers=answers)
    notes = [note for note in request.form.getlist("note") if note]
    notes += [f"{each.record_id}|{each.why}" for each in step.left]
    if not step.remaining and not notes:
        flash(f"Confirmed for {total} learners." if total != 1 else "Confirmed for one learner.")
        return redirect(url_for("school.learners"), 303)
    names = {
        str(row.record_id): display_name(row.content)
        for row in learner_list.learners(db=database(), actor=actor)
    }
    return render_template(
        "school/cohort_steps.html",
        answers=json.dumps(answers),
        left=" ".join(str(each) for each in step.remaining),
        done=total - len(step.remaining),
        total=total,
        notes=notes,
        told=[
            (record_id, names.get(record_id, ""), why)
            for record_id, _, why in (n.partition("|") for n in notes)
        ],
    )


def _sent_answers() -> dict[str, dict[str, Any]]:
    """The answers that the form carries: only such as may be confirmed for all.

    Raises:
        NotFound: somebody made the form up.
    """
    try:
        sent = json.loads(request.form.get("answers", ""))
        paths = {f"{section}.{name}" for section, values in sent.items() for name in values}
    except (ValueError, AttributeError, TypeError) as error:
        raise NotFound from error
    allowed = {question.path for question in _version().questions if question.cohort}
    if not paths <= allowed:
        raise NotFound
    found: dict[str, dict[str, Any]] = sent
    return found


def _ids(values: Sequence[str]) -> tuple[UUID, ...]:
    try:
        wanted = [UUID(value) for value in values]
    except ValueError as error:
        raise NotFound from error
    return ownership.own_records(db=database(), actor=current_actor(), record_ids=wanted)
