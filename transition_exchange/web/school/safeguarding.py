"""The safeguarding team's own list, and its releases for one or many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.agreed_versions import form_for
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.records import ownership
from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.records.searching import found
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.exchange.sending import safeguarding_releases
from transition_exchange.exchange.writing import learner_list
from transition_exchange.exchange.writing.learner_list import LearnerRow
from transition_exchange.proforma import read_section
from transition_exchange.web.policy import may
from transition_exchange.web.problems import Summary
from transition_exchange.web.school.blueprint import blueprint, own_purposes, questions_waiting, renderer
from transition_exchange.web.school.blueprint import safeguarding as safeguarding_team
from transition_exchange.web.visits import current_actor, database

OWNER = "safeguarding"
LEAD = ("lead_name", "lead_phone", "lead_email")
STATES = (("waiting", "Not released yet"), ("released", "Released"), ("", "All learners"))
WORKS: tuple[safeguarding_releases.Work, ...] = ("nothing", "release", "follow")


def _rows() -> list[LearnerRow]:
    return learner_list.learners(db=database(), actor=current_actor(), purpose=OWNER)


@blueprint.route("/safeguarding", methods=["GET", "POST"])
@may(safeguarding_team)
def safeguarding() -> str:
    """The safeguarding team's learners: pick some, and release for all of them; POST carries the name searched for."""
    query, state = request.form.get("q", "").strip(), request.values.get("state", "waiting")
    everybody = _rows()
    rows = [
        row
        for row in found(everybody, query)
        if state not in ("waiting", "released") or row.safeguarding_released == (state == "released")
    ]
    return _list(rows, everybody, query, state)


def _list(
    rows: Sequence[LearnerRow],
    everybody: Sequence[LearnerRow],
    query: str = "",
    state: str = "waiting",
    errors: Sequence[Summary] = (),
) -> str:
    released = sum(row.safeguarding_released for row in everybody)
    return render_template(
        "school/safeguarding.html",
        rows=rows,
        everybody=len(everybody),
        released=released,
        states=STATES,
        state=state,
        query=query,
        follow=safeguarding_releases.to_follow(db=database(), actor=current_actor()),
        display_name=display_name,
        errors=errors,
        purposes=own_purposes(current_actor()),
        waiting=questions_waiting(),
    )


def _picked(name: str = "record") -> tuple[UUID, ...]:
    """The learners ticked, or those that a step passed on; all of this school's.

    Raises:
        NotFound: one is not.
    """
    values = request.form.getlist(name)
    values = values[0].split() if len(values) == 1 else values
    try:
        wanted = [UUID(value) for value in values]
    except ValueError as error:
        raise NotFound from error
    return ownership.own_records(db=database(), actor=current_actor(), record_ids=wanted)


@blueprint.post("/safeguarding/confirm")
@may(safeguarding_team)
def confirm_release() -> str:
    """Who was picked and what will be written and released for them; nothing happens yet."""
    work, ids = _work(), _picked()
    if not ids:
        everybody = _rows()
        waiting = [row for row in everybody if not row.safeguarding_released]
        return _list(waiting, everybody, errors=[Summary("Choose at least one learner", "#learners-1")])
    return _confirm(work, ids, {}, ())


def _work() -> safeguarding_releases.Work:
    asked = request.form.get("work", "")
    for work in WORKS:
        if work == asked:
            return work
    raise NotFound


def _confirm(
    work: safeguarding_releases.Work, ids: Sequence[UUID], lead: dict[str, str], errors: Sequence[Summary]
) -> str:
    names = {row.record_id: display_name(row.content) for row in _rows()}
    return render_template(
        "school/confirm_release.html",
        work=work,
        ids=" ".join(str(each) for each in ids),
        names=[names[each] for each in names if each in set(ids)],
        lead=lead,
        errors=errors,
        messages={each.href.removeprefix("#"): each.text for each in errors},
    )


@blueprint.post("/safeguarding/release")
@may(safeguarding_team)
def release_many() -> str | Response:
    """Do the next few learners; the page says how far it is and does the next few by itself or at a button."""
    work, ids = _work(), _picked("left")
    lead = {name: request.form.get(name, "").strip() for name in LEAD}
    total = request.form.get("total", type=int) or len(ids)
    notes = [note for note in request.form.getlist("note") if note]
    if work == "nothing" and (errors := _wrong(lead)):
        return _confirm(work, ids, lead, errors)
    try:
        step = safeguarding_releases.step(
            db=database(), actor=current_actor(), renderer=renderer(), work=work, record_ids=ids, lead=lead
        )
    except Refused as refused:
        return _confirm(work, ids, lead, [Summary(refused.message, "#main-content")])
    names = {row.record_id: display_name(row.content) for row in _rows()}
    notes += [f"{each.record_id}|{each.why}" for each in step.left]
    if not step.remaining and not notes:
        flash(f"Released for {total} learners." if total != 1 else "Released for one learner.")
        return redirect(url_for("school.safeguarding", state="released"), 303)
    return render_template(
        "school/release_steps.html",
        work=work,
        left=" ".join(str(each) for each in step.remaining),
        lead=lead,
        done=total - len(step.remaining),
        total=total,
        notes=notes,
        told=[
            (record_id, names.get(_uuid(record_id), ""), why)
            for record_id, _, why in (n.partition("|") for n in notes)
        ],
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _wrong(lead: dict[str, str]) -> list[Summary]:
    """What is wrong with the lead's contact, by the form's own rules."""
    year = max((row.leaving_year for row in _rows()), default=leaving_year_on(today()))
    version = form_for(db=database(), actor=current_actor(), leaving_year=year)
    section = version.section(OWNER)
    wrong = [
        Summary(
            f"Enter: {section.question(name).label[0].lower()}{section.question(name).label[1:]}", f"#{name}"
        )
        for name in LEAD[:2]
        if not lead[name]
    ]
    typed = {name: value for name, value in lead.items() if value}
    return wrong + [
        Summary(each.message, f"#{each.field}") for each in read_section(version, OWNER, typed).errors
    ]
