"""After sending: who has it, opened it and acknowledged it, which versions there were; and taking a pack back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import listed
from transition_exchange.exchange.queries.threads import queries
from transition_exchange.exchange.sending.arguments import Keep
from transition_exchange.exchange.sending.keeping import keep as leave_there
from transition_exchange.exchange.sending.lacking import lacking
from transition_exchange.exchange.sending.recalling import recall as take_back
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.states import FOR_SCHOOL, NOT_CERTAIN
from transition_exchange.purposes import SENDING
from transition_exchange.web import forms
from transition_exchange.web.policy import may
from transition_exchange.web.school.blueprint import (
    blueprint,
    learner_name,
    transition,
    writers,
)
from transition_exchange.web.visits import current_actor, database


@blueprint.get("/<uuid:record_id>/sent")
@may(writers)
def sent(record_id: UUID) -> str:
    """Each provider with its teams: who sent, opened and acknowledged the record, and when."""
    db, actor = database(), current_actor()
    tracked = track(db=db, actor=actor, record_id=record_id)
    return render_template(
        "school/sent.html",
        record_id=record_id,
        name=learner_name(record_id),
        track=tracked,
        states=FOR_SCHOOL,
        not_certain=NOT_CERTAIN,
        lacking=lacking(db=db, actor=actor, record_id=record_id),
        queries=queries(db=db, actor=actor, record_id=record_id),
        transition=actor.team_for("transition") is not None,
        own=[owner for owner in SENDING if actor.team_for(owner)],
    )


@blueprint.post("/<uuid:record_id>/sent/<uuid:transfer_id>/keep")
@may(transition)
def keep(record_id: UUID, transfer_id: UUID) -> Response:
    """Decide that a record stays with a provider, where something that is stored says that it was taken back."""
    db, actor = database(), current_actor()
    delivered = track(db=db, actor=actor, record_id=record_id).transfer(transfer_id)
    leave_there(db=db, actor=actor, record_id=record_id, transfer_id=transfer_id, **forms.sent(Keep))
    flash(f"{delivered.provider} keeps the record. Your team has signed that it was not taken back.")
    return redirect(url_for("school.sent", record_id=record_id), 303)


@blueprint.route("/<uuid:record_id>/sent/<uuid:transfer_id>/recall", methods=["GET", "POST"])
@may(transition)
def recall(record_id: UUID, transfer_id: UUID) -> str | Response:
    """Ask once more, with what it means; then take the pack back and say who had opened or downloaded it."""
    db, actor = database(), current_actor()
    delivered = track(db=db, actor=actor, record_id=record_id).transfer(transfer_id)
    if request.method == "POST":
        reached = take_back(db=db, actor=actor, record_id=record_id, transfer_id=transfer_id)
        teams = listed(dict.fromkeys(receipt.team for receipt in reached))
        before = (
            f"{teams} had opened or downloaded it before; see below who and when."
            if reached
            else "Nobody there had opened or downloaded it, and nobody can any more."
        )
        flash(f"Taken back from {delivered.provider}. {before}")
        return redirect(url_for("school.sent", record_id=record_id), 303)
    return render_template(
        "school/recall.html", record_id=record_id, name=learner_name(record_id), delivered=delivered
    )
