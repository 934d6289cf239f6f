"""Where a team's notices go, and who gets them besides."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.organisations.arguments import SetNoticeAddress, SetOwnNotices
from transition_exchange.exchange.organisations.notice_addresses import address, set_address
from transition_exchange.exchange.organisations.own_notices import own_notices, set_own_notices
from transition_exchange.web.accounts.blueprint import blueprint
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.visits import current_actor, current_visit, database

WHEN = {"none": "No", "at_once": "Yes, at once", "daily": "Yes, once a day at seven in the morning"}
"""When somebody gets notices of their own, in the words of the page."""


@blueprint.route("/account/teams/<uuid:team_id>/notices", methods=["GET", "POST"])
@may(signed_in)
def notices(team_id: UUID) -> FormPage | Response:
    """The address to which a team's notices go; a message is sent to a new one."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    now = address(db=db, actor=actor, team_id=team_id)
    # The council's list of organisations is where it names addresses for others; its own stand on "People and teams".
    own = current_actor().team(team_id) is not None
    back = (
        url_for("area.organisations")
        if current_visit().coordinates and not own
        else url_for("accounts.teams")
    )
    if request.method == "POST":
        try:
            email = set_address(db=db, actor=actor, team_id=team_id, **sent(SetNoticeAddress))
        except Refused as refused:
            wrong = problems(refused, "email")
        else:
            flash(f"Notices go to {email} now. We have sent a message there: look whether it arrives.")
            return redirect(back, 303)
    return form_page(
        "accounts/notices.html",
        wrong,
        back_to=back,
        team=now.name,
        email=typed(SetNoticeAddress)["email"] if request.method == "POST" else now.email,
    )


@blueprint.route("/account/notices", methods=["GET", "POST"])
@may(signed_in)
def notices_of_ones_own() -> FormPage | Response:
    """Whether one gets one's teams' notices oneself."""
    db, actor = database(), current_actor()
    if request.method == "POST":
        set_own_notices(db=db, actor=actor, **sent(SetOwnNotices))
        flash("Saved.")
        return redirect(url_for("accounts.account"), 303)
    return form_page(
        "accounts/own_notices.html", NO_PROBLEMS, choices=WHEN, chosen=own_notices(db=db, actor=actor)
    )
