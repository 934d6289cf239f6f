"""Confirming for a whole year group: what is the same for nearly everybody, for all but those picked out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.agreed_versions import form_for
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.organisations.providers import school_facts
from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.records.ownership import own_records
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.exchange.writing import learner_list
from transition_exchange.exchange.writing import year_group as confirming
from transition_exchange.exchange.writing.arguments import ChooseStatements, ConfirmSome
from transition_exchange.proforma import Finding, Page, Version, forms
from transition_exchange.web import kept_forms
from transition_exchange.web.fieldsets import fieldsets
from transition_exchange.web.form_fields import Field
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, Summary, form_page
from transition_exchange.web.school.blueprint import blueprint, transition
from transition_exchange.web.school.steps import gone_notes, left_alone, names_for, notes_after, total_of
from transition_exchange.web.visits import current_actor, database


def _version() -> Version:
    return form_for(db=database(), actor=current_actor(), leaving_year=leaving_year_on(today()))


def _asked(version: Version) -> tuple[str, ...]:
    """The questions (`section.field`) that are answered once for all."""
    return tuple(path for statement in version.statements for path in statement.asks)


def _page(version: Version) -> Page:
    """The sections of those questions, as one page."""
    sections = dict.fromkeys(path.partition(".")[0] for path in _asked(version))
    return Page("year_group", "", "transition", tuple(sections))


@blueprint.route("/year-group", methods=["GET", "POST"])
@may(transition)
def year_group() -> FormPage:
    """Which statements hold for nearly everybody; then who is left out."""
    version = _version()
    la_code = school_facts(db=database(), actor=current_actor()).la_code
    answers: dict[str, Any] = {"enrolment": {"home_la": la_code} if la_code else {}}
    fields, wrong = _fields(version, answers, {}), NO_PROBLEMS
    if request.method == "POST":
        answers = _typed(version)
        try:
            chosen = sent(ChooseStatements)["statement"]
            return _pick(chosen, _confirmed(chosen, answers, version))
        except Refused as refused:
            fields = _fields(version, answers, refused.fields)
            wrong = _problems(refused, fields)
    return form_page(
        "school/year_group.html",
        wrong,
        statements=version.statements,
        fields=fields,
        chosen=typed(ChooseStatements)["statement"],
        year=leaving_year_on(today()),
    )


def _fields(version: Version, answers: dict[str, Any], wrong: Mapping[str, str]) -> dict[str, Field]:
    """The questions that are answered once for all, by `section.field`."""
    findings = [
        Finding(section, name, (section, name), "year_group", message)
        for path, message in wrong.items()
        for section, dot, name in [path.partition(".")]
        if dot
    ]
    return {
        field.name: _plain(field)
        for fieldset in fieldsets(version, _page(version), answers, errors=findings)
        for field in fieldset.fields
        if field.name in _asked(version)
    }


def _plain(field: Field) -> Field:
    """The question without what only makes sense for one learner."""
    return replace(field, instead=None, only_if=None, rule=None, optional=False)


def _problems(refused: Refused, fields: Mapping[str, Field]) -> Problems:
    """What is wrong, with links to the questions."""
    summary = [
        Summary(message, f"#{fields[path].id if path in fields else 'statement'}")
        for path, message in refused.fields.items()
    ]
    return Problems(summary, refused.fields)


def _typed(version: Version) -> dict[str, Any]:
    form = request.form.to_dict(flat=False)
    # The dates are asked of whoever has been told; here the statement says that they have.
    form |= {
        path: ["yes"]
        for statement in version.statements
        if statement.asks
        for path, answer in statement.answers.items()
        if answer is True
    }
    return forms.from_form(version, _page(version), form)


def _confirmed(
    chosen: Sequence[str], answers: dict[str, dict[str, Any]], version: Version
) -> dict[str, dict[str, Any]]:
    known = {statement.name: statement for statement in version.statements}
    if not known.keys() >= set(chosen):
        raise NotFound
    statements = [statement for name, statement in known.items() if name in chosen]
    return confirming.confirmed(statements, answers, version)


def _pick(chosen: Sequence[str], answers: dict[str, dict[str, Any]]) -> str:
    """The learners of the year group, all of them in unless they are ticked to be left out."""
    year = leaving_year_on(today())
    words = {statement.name: statement.words for statement in _version().statements}
    return render_template(
        "school/year_group_pick.html",
        rows=learner_list.learners(db=database(), actor=current_actor(), leaving_year=year),
        display_name=display_name,
        statements=[words[name] for name in chosen],
        answers=json.dumps(answers),
        year=year,
    )


@blueprint.post("/year-group/confirm")
@may(transition)
def confirm_year_group() -> str | Response:
    """Do the next few learners. What is being written travels with the form, and is read by the form's own rules."""
    db, actor, some = database(), current_actor(), sent(ConfirmSome)
    answers = _allowed(some["answers"])
    picked, names = some["left"], some["names"]
    if not some["total"]:
        year = learner_list.learners(db=db, actor=actor, leaving_year=leaving_year_on(today()))
        picked = [row.record_id for row in year if row.record_id not in some["out"]]
        names = names_for(year, picked)
    record_ids, gone = own_records(db=db, actor=actor, record_ids=picked)
    step = confirming.step(db=db, actor=actor, record_ids=record_ids, answers=answers)
    total = total_of(some["total"], notes=some["notes"], record_ids=picked)
    notes = notes_after(step, [*some["notes"], *gone_notes(gone)])
    if not step.remaining:
        kept_forms.saved()
    if not step.remaining and not notes:
        flash(f"Confirmed for {total} learners." if total != 1 else "Confirmed for one learner.")
        return redirect(url_for("school.learners"), 303)
    return render_template(
        "school/year_group_steps.html",
        answers=json.dumps(answers),
        left=" ".join(str(record_id) for record_id in step.remaining),
        done=total - len(step.remaining),
        total=total,
        notes=notes,
        names=names,
        told=left_alone(notes, learner_list.learners(db=db, actor=actor), names),
    )


def _allowed(answers: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The answers that the form carries.

    Raises:
        NotFound: one of them stands for no statement, so somebody made the form up.
    """
    statements = _version().statements
    paths = {f"{section}.{name}" for section, values in answers.items() for name in values}
    if not paths <= {path for statement in statements for path in statement.paths}:
        raise NotFound
    return answers
