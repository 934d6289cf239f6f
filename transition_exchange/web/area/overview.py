"""How far the area is, at a glance, and the same learner added by two schools."""

from __future__ import annotations

from flask import render_template, request

from transition_exchange.exchange.coordinating import overview as overview_deed
from transition_exchange.exchange.coordinating.lines import DELIVERIES, STATES
from transition_exchange.exchange.coordinating.possible_duplicates import (
    possible_duplicates as find_possible_duplicates,
)
from transition_exchange.exchange.coordinating.turns import WHO
from transition_exchange.web.area import blueprint
from transition_exchange.web.policy import may, member
from transition_exchange.web.visits import current_actor, database

COORDINATES = member("neet_group", "send")


@blueprint.get("")
@may(COORDINATES)
def overview() -> str:
    """Counts of learners by school, of what was sent by provider, and of what waits for whom."""
    seen = overview_deed.overview(
        db=database(), actor=current_actor(), year=request.args.get("year", type=int)
    )
    return render_template(
        "area/overview.html", seen=seen, states=dict(STATES), deliveries=dict(DELIVERIES), who=WHO
    )


@blueprint.get("/same-learner")
@may(COORDINATES)
def possible_duplicates() -> str:
    """Learners whom two schools have added. Nobody but the council is told."""
    return render_template(
        "area/possible_duplicates.html",
        possible_duplicates=find_possible_duplicates(db=database(), actor=current_actor()),
    )
