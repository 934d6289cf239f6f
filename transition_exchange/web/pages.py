"""Pages that anybody may read: the start page, and what the law asks a public service to say about itself."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from transition_exchange.web.navigation import navigation
from transition_exchange.web.policy import may, public
from transition_exchange.web.visits import current_visit

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@may(public)
def home() -> str | Response:
    """The start page; whoever is signed in goes on to what their team does."""
    visit = current_visit()
    if visit.stage == "half":
        return redirect(url_for("accounts.code"))
    links = navigation(visit)
    if links:
        return redirect(links[0].href)
    return render_template("pages/start.html")


@blueprint.get("/accessibility")
@may(public)
def accessibility() -> str:
    """The accessibility statement (PSBAR 2018)."""
    return render_template("pages/accessibility.html")


@blueprint.get("/privacy")
@may(public)
def privacy() -> str:
    """What the service keeps about people, why, and for how long."""
    return render_template("pages/privacy.html")


@blueprint.get("/cookies")
@may(public)
def cookies() -> str:
    """The cookies, by name."""
    config = current_app.config
    names = (config["SIGN_IN_COOKIE"], config["SESSION_COOKIE_NAME"], config["DEVICE_COOKIE"])
    return render_template("pages/cookies.html", names=names)


@blueprint.get("/what-happens-next")
@may(public)
def what_happens_next() -> str:
    """For young people and families: the ways on from school, and where to get advice."""
    return render_template("pages/what_happens_next.html")
