"""The safeguarding team's own list, and its releases for one or many at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, get_args
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import listed
from transition_exchange.exchange.agreed_versions import form_for
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.records.ownership import own_records
from transition_exchange.exchange.records.searching import matching
from transition_exchange.exchange.renewing.missing_entries import missing_entries
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.exchange.sending import kept_marks, safeguarding_releases
from transition_exchange.exchange.sending.arguments import (
    LATER,
    SAFEGUARDING_STATES,
    PickLearners,
    ReleaseSome,
    WantedSafeguarding,
)
from transition_exchange.exchange.sending.given_answers import given_answers
from transition_exchange.exchange.sending.safeguarding_releases import LEAD, Mark, Work
from transition_exchange.exchange.sending.standing_answers import recent
from transition_exchange.exchange.states import NOT_CERTAIN, SAFEGUARDING_GIVEN
from transition_exchange.exchange.writing import learner_list
from transition_exchange.exchange.writing.arguments import WantedStep
from transition_exchange.exchange.writing.late_teams import waiting
from transition_exchange.exchange.writing.learner_list import LearnerRow
from transition_exchange.proforma import read_section
from transition_exchange.web import kept_forms, marks
from transition_exchange.web.forms import sent, wanted
from transition_exchange.web.policy import may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, Summary, form_page, problems
from transition_exchange.web.school.blueprint import (
    blueprint,
    lead_of_team,
    own_purposes,
    queries_waiting,
    renderer,
    still_due,
)
from transition_exchange.web.school.blueprint import safeguarding as safeguarding_team
from transition_exchange.web.school.steps import gone_notes, left_alone, names_for, notes_after, total_of
from transition_exchange.web.searches import searchable_by
from transition_exchange.web.visits import current_actor, database

OWNER = "school_safeguarding"
GONE_SINCE = (
    "Nothing was released. Somebody whom you marked is not on your school’s list any more: the record was removed or "
    "moved. This is the list as it is now, with your other marks. Check them, then continue."
)
MARK_ONE = "Mark at least one learner"
MARKS_CHANGED = (
    "Nothing was released now. Marks were changed after the page for confirming was made, perhaps in another window. "
    "These are the marks as they are. Check them, then continue."
)
NOT_COMPARED = "Compare this list with your own safeguarding system, then tick that you have"
MARKS: Mapping[Mark, str] = {
    mark: SAFEGUARDING_GIVEN[mark].words
    for mark in sorted(get_args(Mark), key=list(SAFEGUARDING_GIVEN).index)
}
"""How a learner can be marked, in the words of the page and in their order there."""
SECTION = "safeguarding"


def _rows() -> list[LearnerRow]:
    return learner_list.learners(db=database(), actor=current_actor(), purpose=OWNER)


@blueprint.route("/safeguarding", methods=["GET", "POST"])
@may(safeguarding_team, saves=False)
def safeguarding() -> FormPage | Response:
    """The safeguarding team's learners: mark some, and release for all of them.

    POST carries the name searched for, and the marks: these are kept.
    """
    if request.method == "POST":
        marked = _marked(_rows())
        if not marks.keep(marked):
            return _list(wrong=Problems([Summary(marks.TOO_MANY)]), marked=marked)
    return _found()


@searchable_by("state")
def _found() -> FormPage:
    return _list()


@blueprint.post("/safeguarding/marks")
@may(safeguarding_team, saves=False)
def keep_marks() -> Response:
    """Keep the marks as they are now, for a script."""
    marks.keep(_marked(_rows()))
    return Response(status=204, mimetype="text/plain")


def _marked(rows: Sequence[LearnerRow]) -> dict[UUID, Mark]:
    """The marks that the form sends, with those that are kept of learners whom it does not show."""
    return marks.with_sent(marks.kept([row.record_id for row in rows if _can_be_marked(row)]))


def _list(*, wrong: Problems = NO_PROBLEMS, marked: Mapping[UUID, Mark] | None = None) -> FormPage:
    """The list, narrowed as is asked for.

    Args:
        wrong: what is wrong with what was sent.
        marked: the marks; None for those that are kept.
    """
    asked = wanted(WantedSafeguarding)
    state, query = asked["state"], asked["q"].strip()
    everybody = _rows()
    can_be_marked = [row.record_id for row in everybody if _can_be_marked(row)]
    marked = marks.kept(can_be_marked) if marked is None else marked
    rows = [row for row in matching(everybody, query) if _is_in(row, state, marked)]
    # Whoever looks at those that wait needs no answer of the others, which a session has to open first.
    given = given_answers(db=database(), actor=current_actor()) if state in ("released", "all") else {}
    shown = {row.record_id for row in rows}
    return form_page(
        "school/safeguarding.html",
        wrong,
        rows=rows,
        is_passed_over=_is_passed_over,
        markable=[row.record_id for row in rows if row.record_id in can_be_marked],
        passed_over=len([row for row in rows if _is_passed_over(row) and row.record_id in can_be_marked]),
        not_shown=len([record_id for record_id in marked if record_id not in shown]),
        given=given,
        tags=SAFEGUARDING_GIVEN,
        counted=_counted(one.answer for one in given.values()),
        everybody=len(everybody),
        released=sum(row.safeguarding_released for row in everybody),
        marks=marked,
        words=MARKS,
        later=LATER,
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


def _is_in(row: LearnerRow, state: str, marked: Mapping[UUID, Mark]) -> bool:
    """Whether a learner belongs under one of the list's filters."""
    if state == "marked":
        return row.record_id in marked
    return state == "all" or row.safeguarding_released == (state == "released")


@blueprint.post("/safeguarding/confirm")
@may(safeguarding_team)
def confirm_release() -> FormPage:
    """Who was picked and what will be written and released for them; nothing happens yet.

    The order is that of the list, however they are marked. Those who are marked and whom the list did not show are
    among them.
    """
    picked = sent(PickLearners)
    marked: dict[UUID, Mark] = {}
    chosen = picked["record_ids"]
    if picked["work"] == "answer":
        rows = _rows()
        marked = _marked(rows)
        place = {row.record_id: number for number, row in enumerate(rows)}
        chosen = sorted(marked, key=lambda record_id: place.get(record_id, len(place)))
    record_ids, gone = own_records(db=database(), actor=current_actor(), record_ids=chosen)
    left = {record_id: mark for record_id, mark in marked.items() if record_id not in gone}
    all_kept = picked["work"] == "follow" or marks.keep(left)
    if gone or not record_ids:
        wrong = Problems([Summary(GONE_SINCE if gone else MARK_ONE)])
        return _list(wrong=wrong, marked=left if picked["work"] == "answer" else None)
    _, lead = lead_of_team()
    return _confirm(picked["work"], record_ids, marked, lead, all_kept=all_kept)


def _confirm(
    work: Work,
    record_ids: Sequence[UUID],
    marked: Mapping[UUID, Mark],
    lead: dict[str, str],
    *,
    wrong: Problems = NO_PROBLEMS,
    compared: bool = False,
    all_kept: bool = True,
) -> FormPage:
    rows, (team_id, contact) = _rows(), lead_of_team()
    of_them = [row for row in rows if row.record_id in record_ids]
    return form_page(
        "school/confirm_release.html",
        wrong,
        work=work,
        left=" ".join(map(str, record_ids)),
        marks=_carried(record_ids, marked),
        groups=[
            (words, [row for row in of_them if marked.get(row.record_id) == mark])
            for mark, words in MARKS.items()
        ]
        if work == "answer"
        else [("", of_them)],
        display_name=display_name,
        number=len(record_ids),
        named=names_for(rows, record_ids),
        lead=lead,
        team_id=team_id,
        signed_contact=contact,
        compared=compared,
        all_kept=all_kept,
        most=kept_marks.MOST,
    )


def _can_be_marked(row: LearnerRow) -> bool:
    """Whether a learner is still to be answered for. What was released is changed in the form, or taken back."""
    return not row.safeguarding_released or row.safeguarding_doubtful


def _is_passed_over(row: LearnerRow) -> bool:
    """Whether something speaks against a learner's being marked together with all others, without a look at them."""
    return bool(row.safeguarding_doubtful or row.uncertain or row.safeguarding_taken_back)


def _unmark(record_ids: Collection[UUID]) -> None:
    """Keep no mark of learners with whom the work is done. One whose answer is taken back later has none then."""
    before = marks.kept([row.record_id for row in _rows()])
    marks.keep({record_id: mark for record_id, mark in before.items() if record_id not in record_ids})


def _counted(answers: Iterable[str]) -> str:
    """How many times each answer was given, in the words of the page: `3 “Nothing to pass on” and 1 “Ring me”`."""
    numbers = Counter(answers)
    return listed(
        f"{numbers[code]} “{tag.words}”" for code, tag in SAFEGUARDING_GIVEN.items() if numbers[code]
    )


def _carried(record_ids: Sequence[UUID], marked: Mapping[UUID, Mark]) -> str:
    """The marks of some learners as a form carries them on."""
    return " ".join(f"{record_id}:{marked[record_id]}" for record_id in record_ids if record_id in marked)


@blueprint.post("/safeguarding/release")
@may(safeguarding_team)
def release_many() -> FormPage | Response:
    """Do the next few learners; the page says how far it is and does the next few by itself or at a button."""
    db, actor, some = database(), current_actor(), sent(ReleaseSome)
    work, lead, marked, compared = some["work"], some["lead"], some["marks"], some["compared"]
    record_ids, gone = own_records(db=db, actor=actor, record_ids=some["record_ids"])
    if work == "answer" and (messages := _wrong(lead, compared=compared)):
        incomplete = Refused("Something is missing.", messages)
        return _confirm(
            work, record_ids, marked, lead, wrong=problems(incomplete, LEAD[0]), compared=compared
        )
    if work == "answer" and _changed_since(record_ids, marked):
        if not marks.kept(record_ids):
            marks.keep(marked)  # they were kept in a session that has ended
        return _list(wrong=Problems([Summary(MARKS_CHANGED)]))
    try:
        step = safeguarding_releases.step(
            db=db,
            actor=actor,
            renderer=renderer(),
            work=work,
            record_ids=record_ids,
            marks=marked,
            lead=lead,
        )
    except Refused as refused:
        return _confirm(work, record_ids, marked, lead, wrong=problems(refused, "release"), compared=compared)
    _unmark({*record_ids, *gone} - set(step.remaining))
    total = total_of(some["total"], notes=some["notes"], record_ids=(*record_ids, *gone))
    notes = notes_after(step, [*some["notes"], *gone_notes(gone)])
    if not step.remaining:
        kept_forms.saved()
    alone = {note.partition("|")[0] for note in notes} | set(map(str, step.remaining))
    counted = _counted(mark for record_id, mark in marked.items() if str(record_id) not in alone)
    if not step.remaining and not notes:
        whom = f"Released for {total} learners" if total != 1 else "Released for one learner"
        flash(f"{whom}: {counted}." if counted else f"{whom}.")
        return redirect(url_for("school.safeguarding", state="released"), 303)
    return render_template(
        "school/release_steps.html",
        work=work,
        left=" ".join(map(str, step.remaining)),
        marks=_carried(list(marked), marked),
        counted=counted,
        lead=lead,
        done=total - len(step.remaining),
        total=total,
        notes=notes,
        names=some["names"],
        told=left_alone(notes, _rows(), some["names"]),
    )


def _changed_since(record_ids: Sequence[UUID], marked: Mapping[UUID, Mark]) -> bool:
    """Whether some learners are marked otherwise now than when the page for confirming was made, in another tab."""
    kept = marks.kept(record_ids)
    here = {record_id: marked[record_id] for record_id in record_ids if record_id in marked}
    if len(marked) > kept_marks.MOST:  # so many are not kept
        return any(mark != here.get(record_id) for record_id, mark in kept.items())
    return kept != here


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
