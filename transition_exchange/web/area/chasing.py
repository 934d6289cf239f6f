"""Schools where it is a team's turn: who to ring, and the button that reminds them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import plural
from transition_exchange.exchange.coordinating import chasing
from transition_exchange.exchange.coordinating.arguments import Remind, WantedYear
from transition_exchange.exchange.coordinating.chasing import Reminded
from transition_exchange.web.area.blueprint import blueprint
from transition_exchange.web.area.overview import COORDINATES
from transition_exchange.web.forms import sent, wanted
from transition_exchange.web.policy import may
from transition_exchange.web.visits import current_actor, database


@blueprint.get("/chase")
@may(COORDINATES)
def chase() -> str:
    """Schools with forms to finish, and those whose safeguarding team has something to do; most learners first."""
    year = wanted(WantedYear)["year"]
    forms, safeguarding = (
        chasing.to_chase(db=database(), actor=current_actor(), year=year, work=work)
        for work in (chasing.FORMS, chasing.SAFEGUARDING)
    )
    return render_template("area/chase.html", forms=forms, safeguarding=safeguarding, year=year)


@blueprint.post("/chase")
@may(COORDINATES)
def remind() -> Response:
    """Queue an e-mail to the teams of the ticked schools."""
    ticked = sent(Remind)
    if ticked["schools"] or ticked["safeguarding"]:
        flash(reminded_words(chasing.remind(db=database(), actor=current_actor(), **ticked)))
    else:
        flash("No school was ticked, so nobody was reminded.")
    return redirect(url_for("area.chase", year=ticked["year"]), 303)


def reminded_words(reminded: Reminded) -> str:
    """Which schools are reminded and which are not, in a sentence or two."""
    names = f": {'; '.join(reminded.sent)}" if reminded.sent else ""
    words = [f"{plural(len(reminded.sent), 'team').capitalize()} will get an e-mail{names}."]
    if reminded.today_already:
        words.append(f"Reminded earlier today: {'; '.join(reminded.today_already)}.")
    if reminded.without_address:
        words.append(f"No e-mail address is known, so ring: {'; '.join(reminded.without_address)}.")
    return " ".join(words)
