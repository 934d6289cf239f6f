"""Schools with forms to finish: whom to ring, and the button that reminds them."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import plural
from transition_exchange.exchange.coordinating import chasing as deeds
from transition_exchange.exchange.coordinating.chasing import Reminded
from transition_exchange.web.area import blueprint
from transition_exchange.web.area.overview import COORDINATES
from transition_exchange.web.policy import may
from transition_exchange.web.visits import current_actor, database


@blueprint.get("/chase")
@may(COORDINATES)
def chase() -> str:
    """Schools with forms to finish, most of them first."""
    year = request.args.get("year", type=int)
    found = deeds.to_chase(db=database(), actor=current_actor(), year=year)
    return render_template("area/chase.html", schools=found, year=year)


@blueprint.post("/chase")
@may(COORDINATES)
def remind() -> Response:
    """Queue an e-mail to the teams of the ticked schools."""
    year = request.form.get("year", type=int)
    ids = [UUID(each) for each in request.form.getlist("school") if _is_id(each)]
    if ids:
        done = deeds.remind(db=database(), actor=current_actor(), schools=ids, year=year)
        flash(said(done))
    else:
        flash("No school was ticked, so nobody was reminded.")
    return redirect(url_for("area.chase", year=year), 303)


def said(done: Reminded) -> str:
    """What came of it, in a sentence or two."""
    words = [f"{plural(len(done.sent), 'school')} will get an e-mail.".capitalize()]
    if done.today_already:
        words.append(f"Reminded earlier today: {', '.join(done.today_already)}.")
    if done.without_address:
        words.append(f"No e-mail address is known, so ring: {', '.join(done.without_address)}.")
    return " ".join(words)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
