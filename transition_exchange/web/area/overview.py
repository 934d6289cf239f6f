"""How far the area is, at a glance, and the same learner added by two schools."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.coordinating import years
from transition_exchange.exchange.coordinating.acting import WHO
from transition_exchange.exchange.coordinating.arguments import WantedYear
from transition_exchange.exchange.coordinating.lines import DELIVERIES, STATES
from transition_exchange.exchange.coordinating.overview import overview as overview_of
from transition_exchange.exchange.coordinating.possible_duplicates import possible_duplicates as duplicates_of
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining.invitations import open_invitations
from transition_exchange.web.area.blueprint import blueprint
from transition_exchange.web.forms import wanted
from transition_exchange.web.policy import may, member
from transition_exchange.web.visits import current_actor, database

COORDINATES = member("neet_group", "send", side="coordinates")


@blueprint.get("")
@may(COORDINATES)
def overview() -> str:
    """Counts: learners by school, transfers by provider, and who has to act next."""
    db, actor = database(), current_actor()
    seen = overview_of(db=db, actor=actor, **wanted(WantedYear))
    return render_template(
        "area/overview.html",
        seen=seen,
        states=dict(STATES),
        deliveries=dict(DELIVERIES),
        who=WHO,
        to_finish=sum(invitation.to_finish for invitation in open_invitations(db=db, actor=actor)),
    )


@blueprint.get("/same-learner")
@may(COORDINATES)
def possible_duplicates() -> str:
    """Learners whom two schools may both have added. Only the council sees this."""
    return render_template(
        "area/possible_duplicates.html",
        possible_duplicates=duplicates_of(db=database(), actor=current_actor()),
    )


@blueprint.route("/years/<int:year>/close", methods=["GET", "POST"])
@may(COORDINATES)
def close_year(year: int) -> str | Response:
    """Ask whether a leaving year is to be closed, saying what follows, and close it."""
    db, actor = database(), current_actor()
    try:
        if request.method != "POST":  # whoever asks for the headers alone closes nothing
            closing = years.closing(db=db, actor=actor, year=year)
            return render_template("area/close_year.html", seen=closing.year, earlier=closing.earlier)
        years.close_year(db=db, actor=actor, year=year)
    except Refused as refused:
        flash(str(refused))
    else:
        flash(f"{year} is closed. Its learners are still on the list of learners.")
    return redirect(url_for("area.overview"), 303)


@blueprint.post("/years/<int:year>/reopen")
@may(COORDINATES)
def reopen_year(year: int) -> Response:
    """Show a leaving year that was closed on the overview again."""
    years.reopen_year(db=database(), actor=current_actor(), year=year)
    flash(f"{year} is in view again.")
    return redirect(url_for("area.overview"), 303)
