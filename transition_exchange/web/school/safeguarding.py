"""The safeguarding team's own list, and its answers for many learners at a time."""

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
from transition_exchange.exchange.sending import safeguarding_marks, safeguarding_releases
from transition_exchange.exchange.sending.arguments import (
    SAFEGUARDING_STATES,
    PickLearners,
    ReleaseSome,
    WantedSafeguarding,
)
from transition_exchange.exchange.sending.safeguarding_marks import Marked, shown
from transition_exchange.exchange.sending.safeguarding_written import (
    CONTACT,
    OWNER,
    SECTION,
    Mark,
    Written,
    written_for,
)
from transition_exchange.exchange.sending.taking_back import recent
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

GONE_SINCE = (
    "Nothing was released. Somebody whom you marked is not on your school’s list any more: the record was removed or "
    "moved. This is the list as it is now. Mark the learners again."
)
COMPARE = "Compare the list with your safeguarding system, then tick that you have"
MARKS: Mapping[Mark, str] = {"file": "There is a file", "nothing": "Nothing to pass on", "ring": "Ring me"}


def _rows() -> list[LearnerRow]:
    return learner_list.learners(db=database(), actor=current_actor(), purpose=OWNER)


@blueprint.route("/safeguarding", methods=["GET", "POST"])
@may(safeguarding_team, saves=False)
@searchable
def safeguarding() -> FormPage:
    """The safeguarding team's learners: mark them, and answer for all of these; POST carries the name searched for."""
    asked = wanted(WantedSafeguarding)
    everybody, query = _rows(), asked["q"].strip()
    found = [
        row
        for row in matching(everybody, query)
        if asked["state"] == "all" or row.safeguarding_released == (asked["state"] == "released")
    ]
    return _list(everybody, found, state=asked["state"], query=query)


def _list(
    everybody: Sequence[LearnerRow],
    rows: Sequence[LearnerRow],
    *,
    state: str = "waiting",
    query: str = "",
    chosen: Mapping[UUID, Mark] | None = None,
    rest: bool = False,
    wrong: Problems = NO_PROBLEMS,
) -> FormPage:
    """The list.

    Args:
        everybody: all learners of the school.
        rows: those whom it shows.
        chosen: the marks that were chosen so far.
        rest: whether all others are to be marked “nothing” of whom nothing speaks against it.
    """
    written = _written(rows)
    marks = dict(chosen or {})
    fresh = [
        row_id for row_id, found in written.items() if rest and row_id not in marks and not found.against
    ]
    marks |= dict.fromkeys(fresh, "nothing")
    return form_page(
        "school/safeguarding.html",
        wrong,
        rows=rows,
        everybody=len(everybody),
        released=sum(row.safeguarding_released for row in everybody),
        states=SAFEGUARDING_STATES,
        not_certain=NOT_CERTAIN,
        state=state,
        query=query,
        marks=MARKS,
        chosen=marks,
        written=written,
        marked_now=len(fresh) if rest else None,
        unmarked=len(written.keys() - marks.keys()),
        recent=recent(db=database(), actor=current_actor()),
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


def _written(rows: Sequence[LearnerRow]) -> Mapping[UUID, Written]:
    """What is written for those of some learners who can be answered for."""
    open_ones = [row for row in rows if not row.safeguarding_released]
    return written_for(
        db=database(),
        actor=current_actor(),
        record_ids=[row.record_id for row in open_ones],
        taken_back=[row.record_id for row in open_ones if row.safeguarding_taken_back is not None],
    )


@blueprint.post("/safeguarding/confirm")
@may(safeguarding_team)
def confirm_release() -> FormPage:
    """Who was marked how, and what will be released for them; or the list again with the rest marked too."""
    radios = [
        f"{name.removeprefix('mark-')}:{value}"
        for name, value in request.form.items()
        if name.startswith("mark-")
    ]
    picked = sent(PickLearners, marked=radios)
    marked: Sequence[Marked] = picked["marked"]
    follow = picked["work"] == "follow"
    ids = picked["record_ids"] if follow else [one.record_id for one in marked]
    record_ids, gone = own_records(db=database(), actor=current_actor(), record_ids=ids)
    everybody = _rows()
    if not gone and follow and record_ids:
        return _confirm_following(everybody, record_ids)
    listed = [row for row in everybody if row.record_id in set(picked["listed"])] or everybody
    chosen = {one.record_id: one.mark for one in marked}
    if gone:
        return _list(everybody, listed, chosen=chosen, wrong=Problems([Summary(GONE_SINCE, "")]))
    if picked["rest"]:
        return _list(everybody, listed, chosen=chosen, rest=True)
    if not marked:
        lines = (f"#mark-{line}-file" for line, row in enumerate(listed, 1) if not row.safeguarding_released)
        nobody = Problems([Summary("Mark at least one learner", next(lines, ""))])
        return _list(everybody, listed, wrong=nobody)
    return _confirm(everybody, marked, {})


def _confirm(
    everybody: Sequence[LearnerRow],
    marked: Sequence[Marked],
    lead: Mapping[str, str],
    *,
    compared: bool = False,
    wrong: Problems = NO_PROBLEMS,
) -> FormPage:
    """Everybody who was marked, under their mark, and the lead's contact. Nothing happens yet."""
    by_id = {one.record_id: one.mark for one in marked}
    rows = [row for row in everybody if row.record_id in by_id]
    written = _written(rows)
    seen = {
        row.record_id: shown(row, by_id[row.record_id], written.get(row.record_id, Written())) for row in rows
    }
    tokens = [f"{record_id}:{by_id[record_id]}:{seen[record_id]}" for record_id in sorted(seen)]
    return form_page(
        "school/confirm_release.html",
        wrong,
        work="answer",
        count=len(rows),
        groups=[
            (words, [row for row in rows if by_id[row.record_id] == mark]) for mark, words in MARKS.items()
        ],
        written=written,
        display_name=display_name,
        marked=" ".join(tokens),
        named=names_for(rows, by_id),
        lead=lead,
        compared=compared,
    )


def _confirm_following(everybody: Sequence[LearnerRow], record_ids: Sequence[UUID]) -> FormPage:
    rows = [row for row in everybody if row.record_id in record_ids]
    return form_page(
        "school/confirm_release.html",
        work="follow",
        count=len(rows),
        groups=[("Learners", rows)],
        written={},
        display_name=display_name,
        ids=" ".join(str(record_id) for record_id in record_ids),
        named=names_for(rows, record_ids),
    )


@blueprint.post("/safeguarding/release")
@may(safeguarding_team)
def release_many() -> FormPage | Response:
    """Do the next few learners; the page says how far it is and does the next few by itself or at a button."""
    db, actor, some = database(), current_actor(), sent(ReleaseSome)
    work, lead, marked = some["work"], some["lead"], some["marked"]
    ids = some["record_ids"] if work == "follow" else [one.record_id for one in marked]
    record_ids, gone = own_records(db=db, actor=actor, record_ids=ids)
    left = [one for one in marked if one.record_id in set(record_ids)]
    if work == "answer" and (messages := _wrong(lead, compared=some["compared"])):
        refused = problems(Refused("Something is missing or wrong.", messages), CONTACT[0])
        return _confirm(_rows(), left, lead, compared=some["compared"], wrong=refused)
    if work == "answer":
        step = safeguarding_marks.answer(db=db, actor=actor, renderer=renderer(), marked=left, lead=lead)
    else:
        step = safeguarding_releases.follow(db=db, actor=actor, renderer=renderer(), record_ids=record_ids)
    total = total_of(some["total"], notes=some["notes"], record_ids=(*record_ids, *gone))
    notes = notes_after(step, [*some["notes"], *gone_notes(gone)])
    if not step.remaining:
        kept_forms.saved()
    if not step.remaining and not notes:
        flash(f"Released for {total} learners." if total != 1 else "Released for one learner.")
        return redirect(url_for("school.safeguarding", state="released"), 303)
    remaining = set(step.remaining)
    return render_template(
        "school/release_steps.html",
        work=work,
        left=" ".join(str(record_id) for record_id in step.remaining) if work == "follow" else "",
        marked=" ".join(
            f"{one.record_id}:{one.mark}:{one.seen}" for one in left if one.record_id in remaining
        ),
        compared="true" if some["compared"] else "",
        lead=lead,
        done=total - len(step.remaining),
        total=total,
        notes=notes,
        names=some["names"],
        told=left_alone(notes, _rows(), some["names"]),
    )


def _wrong(lead: dict[str, Any], *, compared: bool) -> dict[str, str]:
    """What is wrong with the lead's contact, by the form's own rules, and with what has to be confirmed."""
    year = max((row.leaving_year for row in _rows()), default=leaving_year_on(today()))
    version = form_for(db=database(), actor=current_actor(), leaving_year=year)
    section = version.section(SECTION)
    labels = {name: section.question(name).label for name in CONTACT}
    wrong = {
        name: f"Enter: {labels[name][0].lower()}{labels[name][1:]}" for name in CONTACT[:2] if not lead[name]
    }
    typed = {name: value for name, value in lead.items() if value}
    findings = read_section(version, SECTION, typed).errors
    wrong |= {finding.field: finding.message for finding in findings}
    return wrong if compared else wrong | {"compared": COMPARE}
