"""After sending: who has it, opened it and acknowledged it, which versions there were; and taking a pack back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import listed
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.queries.threads import queries
from transition_exchange.exchange.records.open_questions import QUERIED
from transition_exchange.exchange.sending.arguments import Keep, Recall
from transition_exchange.exchange.sending.differences import Owed, owed
from transition_exchange.exchange.sending.keeping import keep as leave_there
from transition_exchange.exchange.sending.lacking import lacking
from transition_exchange.exchange.sending.recalling import recall as take_back
from transition_exchange.exchange.sending.tracking import Delivered, track
from transition_exchange.exchange.states import CHANGED, FOR_SCHOOL, HELD_BACK, NOT_CERTAIN, Tag
from transition_exchange.purposes import SENDING
from transition_exchange.web import forms
from transition_exchange.web.policy import may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, Summary, form_page
from transition_exchange.web.school.blueprint import (
    blueprint,
    learner_name,
    transition,
    writers,
)
from transition_exchange.web.visits import current_actor, database

GONE = (
    "What you were about to decide about is not stored here any more: somebody has changed what is stored since the "
    "page was opened. Nothing was decided. Look at what is left, and tell the people who run this service."
)


@blueprint.get("/<uuid:record_id>/sent")
@may(writers)
def sent(record_id: UUID) -> FormPage:
    """Each provider with its teams: who sent, opened and acknowledged the record, and when."""
    return _sent(record_id)


def _sent(record_id: UUID, problem: str = "") -> FormPage:
    db, actor = database(), current_actor()
    tracked = track(db=db, actor=actor, record_id=record_id)
    changed = owed(db=db, actor=actor, record_id=record_id)
    return form_page(
        "school/sent.html",
        Problems([Summary(problem, "")] if problem else []),
        record_id=record_id,
        name=learner_name(record_id),
        track=tracked,
        states=FOR_SCHOOL,
        tags={one.transfer_id: _tag(one, changed) for one in tracked.delivered},
        owed=changed,
        not_certain=NOT_CERTAIN,
        lacking=lacking(db=db, actor=actor, record_id=record_id),
        queries=queries(db=db, actor=actor, record_id=record_id),
        transition=actor.team_for("transition") is not None,
        own=[owner for owner in SENDING if actor.team_for(owner)],
    )


def _tag(one: Delivered, changed: Owed) -> Tag:
    """How far a record is at one provider: first that it has an older version than the form is now, as on the list."""
    if one.state == "recalled" or not one.genuine:
        return FOR_SCHOOL[one.state]
    if changed.lacks(one.provider_id):
        return CHANGED
    return HELD_BACK if changed.keeps(one.provider_id) and one.state != QUERIED else FOR_SCHOOL[one.state]


def _still_stored(record_id: UUID, transfer_id: UUID) -> Delivered | None:
    """The transfer that a page was about; None if it is not stored any more, or not for this record.

    Raises:
        NotFound: the record is unknown or belongs to another school.
    """
    tracked = track(db=database(), actor=current_actor(), record_id=record_id)
    stored = (one for one in tracked.delivered if one.stored and one.transfer_id == transfer_id)
    return next(stored, None)


# A button that only carries what its page showed has nothing that was typed: it is not kept for later.
@blueprint.post("/<uuid:record_id>/sent/<uuid:transfer_id>/keep")
@may(transition, saves=False)
def keep(record_id: UUID, transfer_id: UUID) -> FormPage | Response:
    """Decide that a record stays with a provider, where something that is stored contradicts that it is there."""
    delivered = _still_stored(record_id, transfer_id)
    if delivered is None:
        return _sent(record_id, GONE)
    try:
        leave_there(
            db=database(),
            actor=current_actor(),
            record_id=record_id,
            transfer_id=transfer_id,
            **forms.sent(Keep),
        )
    except Refused as refused:
        return _sent(record_id, refused.message)
    flash(f"{delivered.provider} keeps the record. Your team has signed that it is there.")
    return redirect(url_for("school.sent", record_id=record_id), 303)


@blueprint.route("/<uuid:record_id>/sent/<uuid:transfer_id>/recall", methods=["GET", "POST"])
@may(transition, saves=False)
def recall(record_id: UUID, transfer_id: UUID) -> FormPage | Response:
    """Ask once more, with what it means; then take the pack back and say who had opened or downloaded it."""
    delivered = _still_stored(record_id, transfer_id)
    wrong = NO_PROBLEMS
    if delivered is None:
        return _sent(record_id, GONE)
    if request.method == "POST":
        try:
            reached = take_back(
                db=database(),
                actor=current_actor(),
                record_id=record_id,
                transfer_id=transfer_id,
                **forms.sent(Recall),
            )
        except Refused as refused:
            wrong = Problems([Summary(refused.message, "#take-back")])
        else:
            teams = listed(dict.fromkeys(receipt.team for receipt in reached))
            before = (
                f"{teams} had opened or downloaded it before; see below who and when."
                if reached
                else "Nobody there had opened or downloaded it, and nobody can any more."
            )
            flash(f"Taken back from {delivered.provider}. {before}")
            return redirect(url_for("school.sent", record_id=record_id), 303)
    return form_page(
        "school/recall.html", wrong, record_id=record_id, name=learner_name(record_id), delivered=delivered
    )
