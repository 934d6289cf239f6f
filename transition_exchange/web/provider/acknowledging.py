"""Acknowledging records, one or many: with a second look where the school still owes something about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.english import plural
from transition_exchange.exchange.queries.still_owed import StillOwed, still_owed
from transition_exchange.exchange.receiving import receipts
from transition_exchange.exchange.receiving.arguments import Acknowledge, WantedTeam
from transition_exchange.exchange.records.names import display_name
from transition_exchange.web.forms import sent, wanted
from transition_exchange.web.policy import may
from transition_exchange.web.provider.blueprint import RECEIVES, blueprint
from transition_exchange.web.provider.inbox import chosen_team
from transition_exchange.web.provider.record import cover_of
from transition_exchange.web.visits import current_actor, database


@blueprint.post("/acknowledge")
@may(RECEIVES)
def acknowledge_many() -> str | AnyResponse:
    """Acknowledge the ticked records that were read, after a second look at what is still owed about them."""
    message = sent(Acknowledge)
    ticked, back = message["transfer_ids"], url_for("provider.inbox", team=wanted(WantedTeam)["team"])
    if not ticked:
        flash("Nothing was ticked, so nothing changed.")
        return redirect(back, 303)
    if not message["sure"] and (owed := _owed(ticked)):
        return _second_look(owed, ticked, url_for("provider.acknowledge_many"), back)
    acknowledged = receipts.acknowledge(db=database(), actor=current_actor(), transfer_ids=ticked)
    unopened = len(ticked) - acknowledged
    left = f" {plural(unopened, 'record')} not opened yet: open and read first." if unopened else ""
    flash(f"{plural(acknowledged, 'record').capitalize()} acknowledged.{left}")
    return redirect(back, 303)


@blueprint.post("/<uuid:transfer_id>/acknowledge")
@may(RECEIVES)
def acknowledge(transfer_id: UUID) -> str | AnyResponse:
    """Tell the school that the team has taken this learner on, after a second look at what is still owed."""
    team = chosen_team()
    here: dict[str, Any] = {"transfer_id": transfer_id, "team": team.id}
    back = url_for("provider.record", **here)
    if not sent(Acknowledge)["sure"] and (owed := _owed([transfer_id])):
        return _second_look(owed, [transfer_id], url_for("provider.acknowledge", **here), back)
    acknowledged = receipts.acknowledge(db=database(), actor=current_actor(), transfer_ids=[transfer_id])
    if acknowledged:
        flash("Acknowledged. The school can see that your team has taken this on.")
    elif any(version.signed for version in cover_of(transfer_id).waiting):
        flash("Nothing was acknowledged: the school has sent a newer version. Open it first.")
    else:
        flash(
            "Nothing was acknowledged: it is not certain what the school has sent your team, because nobody there has "
            "signed it. Ring the school."
        )
    return redirect(back, 303)


def _owed(transfer_ids: Sequence[UUID]) -> Sequence[StillOwed]:
    return still_owed(db=database(), actor=current_actor(), transfer_ids=transfer_ids)


def _second_look(owed: Sequence[StillOwed], transfer_ids: Sequence[UUID], address: str, back: str) -> str:
    """The page that asks again before anything is acknowledged."""
    left = {one.transfer_id for one in owed}
    return render_template(
        "provider/acknowledge.html",
        owed=[(one, display_name(one.content) or "A record") for one in owed],
        ticked=transfer_ids,
        others=[transfer_id for transfer_id in transfer_ids if transfer_id not in left],
        address=address,
        back=back,
    )
