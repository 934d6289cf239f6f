"""The safeguarding team's own list, and its releases for one or many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.agreed_versions import form_for
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.records.ownership import own_records
from transition_exchange.exchange.records.searching import matching
from transition_exchange.exchange.renewing.missing_entries import missing_entries
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.exchange.sending import safeguarding_releases
from transition_exchange.exchange.sending.arguments import (
    SAFEGUARDING_STATES,
    PickLearners,
    ReleaseSome,
    WantedSafeguarding,
)
from transition_exchange.exchange.sending.safeguarding_releases import LEAD, Mark, Work
from transition_exchange.exchange.sending.standing_answers import recent
from transition_exchange.exchange.states import NOT_CERTAIN
from transition_exchange.exchange.writing import learner_list
from transition_exchange.exchange.writing.arguments import WantedStep
from transition_exchange.exchange.writing.late_teams import waiting
from transition_exchange.exchange.writing.learner_list import LearnerRow
from transition_exchange.proforma import read_section
from transition_exchange.web import kept_forms
from transition_exchange.web.forms import sent, wanted
from transition_exchange.web.policy import may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, Summary, form_page, problems
from transition_exchange.web.school.blueprint import (
    blueprint,
    own_purposes,
    queries_waiting,
    renderer,
    still_due,
)
from transition_exchange.web.school.blueprint import safeguarding as safeguarding_team
from transition_exchange.web.school.steps import gone_notes, left_alone, names_for, notes_after, total_of
from transition_exchange.web.searches import searchable
from transition_exchange.web.visits import current_actor, database

OWNER = "school_safeguarding"
GONE_SINCE = (
    "Nothing was released. Somebody whom you marked is not on your school’s list any more: the record was removed or "
    "moved. This is the list as it is now. Mark the learners again."
)
NOT_COMPARED = "Compare this list with your own safeguarding system, then tick that you have"
MARKS: Mapping[Mark, str] = {
    "no": "Nothing to pass on",
    "yes": "There is a file",
    "not_disclosed": "Ring me",
}
"""How a learner can be marked, in the words of the page."""
SECTION = "safeguarding"


def _rows() -> list[LearnerRow]:
    return learner_list.learners(db=database(), actor=current_actor(), purpose=OWNER)


@blueprint.route("/safeguarding", methods=["GET", "POST"])
@may(safeguarding_team, saves=False)
@searchable
def safeguarding() -> FormPage:
    """The safeguarding team's learners: pick some, and release for all of them; POST carries the name searched for."""
    asked = wanted(WantedSafeguarding)
    return _list(asked["state"], query=asked["q"].strip())


def _list(
    state: str, *, query: str = "", wrong: Problems = NO_PROBLEMS, marks: Mapping[UUID, Mark] | None = None
) -> FormPage:
    everybody = _rows()
    return form_page(
        "school/safeguarding.html",
        wrong,
        rows=[
            row
            for row in matching(everybody, query)
            if state == "all" or row.safeguarding_released == (state == "released")
        ],
        everybody=len(everybody),
        released=sum(row.safeguarding_released for row in everybody),
        marks=marks or {},
        words=MARKS,
        recent=recent(db=database(), actor=current_actor()),
        states=SAFEGUARDING_STATES,
        not_certain=NOT_CERTAIN,
        state=state,
        query=query,
        uncertain=[row for row in everybody if row.uncertain],
        follow=safeguarding_releases.to_follow(db=database(), actor=current_actor()),
        display_name=display_name,
        purposes=own_purposes(current_actor()),
        waiting=queries_waiting(),
        missing=missing_entries(db=database(), actor=current_actor()),
        late=waiting(db=database(), actor=current_actor()),
        due=still_due(),
        failed=wanted(WantedStep)["failed"],
    )


@blueprint.post("/safeguarding/confirm")
@may(safeguarding_team)
def confirm_release() -> FormPage:
    """Who was picked and what will be written and released for them; nothing happens yet.

    The order is that of the list, however they are marked.
    """
    marked = [value for name, values in request.form.lists() if name.startswith("mark-") for value in values]
    picked = sent(PickLearners, mark=marked)
    marks: dict[UUID, Mark] = picked["marks"]
    chosen = picked["record_ids"]
    if picked["work"] == "answer":
        chosen = [record_id for record_id in chosen if record_id in marks]
    record_ids, gone = own_records(db=database(), actor=current_actor(), record_ids=chosen)
    if gone:
        return _list("waiting", wrong=Problems([Summary(GONE_SINCE, "")]), marks=marks)
    if not record_ids:
        return _list("waiting", wrong=Problems([Summary("Mark at least one learner", "#learners-1")]))
    return _confirm(picked["work"], record_ids, marks, {})


def _confirm(
    work: Work,
    record_ids: Sequence[UUID],
    marks: Mapping[UUID, Mark],
    lead: dict[str, str],
    *,
    wrong: Problems = NO_PROBLEMS,
    compared: bool = False,
) -> FormPage:
    rows = _rows()
    of_them = [row for row in rows if row.record_id in record_ids]
    return form_page(
        "school/confirm_release.html",
        wrong,
        work=work,
        left=" ".join(map(str, record_ids)),
        marks=_carried(record_ids, marks),
        groups=[
            (words, [row for row in of_them if marks.get(row.record_id) == mark])
            for mark, words in MARKS.items()
        ]
        if work == "answer"
        else [("", of_them)],
        display_name=display_name,
        number=len(record_ids),
        named=names_for(rows, record_ids),
        lead=lead,
        compared=compared,
    )


def _carried(record_ids: Sequence[UUID], marks: Mapping[UUID, Mark]) -> str:
    """The marks of some learners as a form carries them on."""
    return " ".join(f"{record_id}:{marks[record_id]}" for record_id in record_ids if record_id in marks)


@blueprint.post("/safeguarding/release")
@may(safeguarding_team)
def release_many() -> FormPage | Response:
    """Do the next few learners; the page says how far it is and does the next few by itself or at a button."""
    db, actor, some = database(), current_actor(), sent(ReleaseSome)
    work, lead, marks, compared = some["work"], some["lead"], some["marks"], some["compared"]
    record_ids, gone = own_records(db=db, actor=actor, record_ids=some["record_ids"])
    if work == "answer" and (messages := _wrong(lead, compared=compared)):
        incomplete = Refused("Something is missing.", messages)
        return _confirm(work, record_ids, marks, lead, wrong=problems(incomplete, LEAD[0]), compared=compared)
    try:
        step = safeguarding_releases.step(
            db=db,
            actor=actor,
            renderer=renderer(),
            work=work,
            record_ids=record_ids,
            marks=marks,
            lead=lead,
        )
    except Refused as refused:
        return _confirm(work, record_ids, marks, lead, wrong=problems(refused, "release"), compared=compared)
    total = total_of(some["total"], notes=some["notes"], record_ids=(*record_ids, *gone))
    notes = notes_after(step, [*some["notes"], *gone_notes(gone)])
    if not step.remaining:
        kept_forms.saved()
    if not step.remaining and not notes:
        flash(f"Released for {total} learners." if total != 1 else "Released for one learner.")
        return redirect(url_for("school.safeguarding", state="released"), 303)
    return render_template(
        "school/release_steps.html",
        work=work,
        left=" ".join(map(str, step.remaining)),
        marks=_carried(step.remaining, marks),
        lead=lead,
        done=total - len(step.remaining),
        total=total,
        notes=notes,
        names=some["names"],
        told=left_alone(notes, _rows(), some["names"]),
    )


def _wrong(lead: dict[str, Any], *, compared: bool) -> dict[str, str]:
    """What is wrong with the lead's contact, by the form's own rules, and whether the list was compared."""
    year = max((row.leaving_year for row in _rows()), default=leaving_year_on(today()))
    version = form_for(db=database(), actor=current_actor(), leaving_year=year)
    section = version.section(SECTION)
    labels = {name: section.question(name).label for name in LEAD}
    wrong = {
        name: f"Enter: {labels[name][0].lower()}{labels[name][1:]}" for name in LEAD[:2] if not lead[name]
    }
    typed = {name: value for name, value in lead.items() if value}
    findings = read_section(version, SECTION, typed).errors
    wrong |= {finding.field: finding.message for finding in findings}
    return wrong if compared else {**wrong, "compared": NOT_COMPARED}
