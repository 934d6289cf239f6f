"""One record as a receiving team may read it: what is new since last time, what is missing, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.english import day
from transition_exchange.exchange import states
from transition_exchange.exchange.queries import threads
from transition_exchange.exchange.receiving import changes, opening, receipts
from transition_exchange.exchange.receiving.opening import Received
from transition_exchange.exchange.records.names import name_in_answers
from transition_exchange.proforma import ShownSection, show
from transition_exchange.proforma.findings import REASONS
from transition_exchange.web.policy import may
from transition_exchange.web.provider.blueprint import RECEIVES, blueprint
from transition_exchange.web.provider.inbox import chosen_team
from transition_exchange.web.visits import current_actor, database


def opened(transfer_id: UUID, *, note: bool = True) -> Received:
    """The transfer as the chosen team reads it."""
    return opening.open_transfer(
        db=database(), actor=current_actor(), transfer_id=transfer_id, team_id=chosen_team().id, note=note
    )


def shown(received: Received) -> tuple[ShownSection, ...]:
    """All the team may read, day-one needs first."""
    version = received.version
    names = sorted(received.answers, key=lambda name: version.section(name).reader_order)
    return show(version, received.answers, names, released=True)


def missing(received: Received) -> Sequence[tuple[str, str]]:
    """What is missing, as label and why."""
    why = dict(REASONS)
    answers: dict[str, tuple[str, str]] = {}
    for gap in received.missing:
        reason = why.get(str(gap.get("reason") or ""), "")
        expected = f"expected {day(gap['expected'])}" if gap.get("expected") else ""
        words = ", ".join(part for part in (reason.lower(), expected) if part)
        answers.setdefault(gap["question"], (received.version.question(gap["question"]).heading, words))
    return tuple(answers.values())


@blueprint.get("/<uuid:transfer_id>")
@may(RECEIVES)
def record(transfer_id: UUID) -> str:
    """One record, with what can be done about it."""
    actor, received = current_actor(), opened(transfer_id)
    about = received.answers.get("learner", {})
    asked = threads.queries(db=database(), actor=actor, transfer_id=transfer_id)
    return render_template(
        "provider/record.html",
        received=received,
        name=name_in_answers(received.answers),
        about=about,
        sections=shown(received),
        missing=missing(received),
        changes=changes.changes_since_last(db=database(), actor=actor, received=received),
        kinds={kind.code: kind for kind in received.version.attachment_kinds},
        queries=[query for query in asked if query.transfer_id == transfer_id],
        team=received.team,
        acknowledged=states.FOR_PROVIDER["acknowledged"],
    )


@blueprint.post("/<uuid:transfer_id>/acknowledge")
@may(RECEIVES)
def acknowledge(transfer_id: UUID) -> AnyResponse:
    """Tell the school that the team has taken this learner on."""
    team = chosen_team()
    receipts.acknowledge(db=database(), actor=current_actor(), transfer_ids=[transfer_id], team_id=team.id)
    flash("Acknowledged. The school can see that your team has taken this on.")
    return redirect(url_for("provider.record", transfer_id=transfer_id, team=team.id), 303)
