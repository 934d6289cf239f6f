"""The keys of teams: changing one, taking one that a colleague handed over, and comparing numbers."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.renewing import (
    changing,
    council_key,
    progress,
    retiring,
    taking,
    vouching,
)
from transition_exchange.exchange.renewing.arguments import ChangeKey, Compared, WantedChange
from transition_exchange.exchange.renewing.duties import duties
from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.web.accounts.blueprint import blueprint
from transition_exchange.web.forms import sent, wanted
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, Summary, form_page, problems
from transition_exchange.web.visits import current_actor, database

CHANGED = "Everything of your teams is under the new key now."
CHANGED_IN_PART = "The key is changed, but not everything could be locked with the new one. See below."


KEY_GONE = (
    "The key that was on the page does not wait for you any more, so nothing was done: it was changed or removed since "
    "you opened the page. This is what waits for you now. If another new key waits, ask the colleague again and "
    "compare its number."
)


@blueprint.get("/account/keys", endpoint="keys")
@may(signed_in)
def keys() -> FormPage:
    """What waits for this person about the keys of their teams."""
    return _keys()


def _keys(problem: str = "") -> FormPage:
    db, actor = database(), current_actor()
    return form_page(
        "accounts/keys.html",
        Problems([Summary(problem, "")] if problem else []),
        duties=duties(db=db, actor=actor),
        failed=wanted(WantedChange)["failed"],
        left_behind=retiring.left_behind(db=db, actor=actor),
        unsaved=late_saves.waiting(db=db, actor=actor),
    )


@blueprint.route("/account/teams/<uuid:team_id>/key", methods=["GET", "POST"])
@may(signed_in)
def change_key(team_id: UUID) -> FormPage | Response:
    """Change the key of a team: who has left, and who gets the new one."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            changing.change_key(db=db, actor=actor, team_id=team_id, **sent(ChangeKey))
        except Refused as refused:
            wrong = problems(refused, "change")
        else:
            flash("The team has a new key.")
            return redirect(url_for("accounts.keys"), 303)
    change = next(
        (change for change in changing.changes(db=db, actor=actor) if change.team.id == team_id), None
    )
    if change is None:
        raise NotFound
    return form_page("accounts/change_key.html", wrong, change=change)


@blueprint.post("/account/keys/carry-on")
@may(signed_in)
def carry_on() -> Response:
    """Make the next few things anew that a key before sealed or signed."""
    after = progress.carry_on(db=database(), actor=current_actor())
    if after.left:
        return redirect(url_for("accounts.keys", failed=after.failed or None), 303)
    flash(CHANGED_IN_PART if after.failed else CHANGED)
    return redirect(url_for("accounts.keys"), 303)


@blueprint.post("/account/keys/<uuid:offer_id>/take")
@may(signed_in, saves=False)
def take_key(offer_id: UUID) -> FormPage | Response:
    """Take a new key that a colleague handed over."""
    try:
        taking.take(db=database(), actor=current_actor(), offer_id=offer_id, **sent(Compared))
    except NotFound:
        return _keys(KEY_GONE)
    except Refused as refused:
        return _keys(refused.message)
    flash("You have your team’s new key.")
    return redirect(url_for("accounts.keys"), 303)


@blueprint.route("/account/teams/<uuid:team_id>/vouch", methods=["GET", "POST"])
@may(signed_in)
def vouch(team_id: UUID) -> FormPage | Response:
    """Vouch for the new key of another team of the organisation."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            vouching.vouch(db=db, actor=actor, team_id=team_id, **sent(Compared))
        except NotFound:
            return _keys(KEY_GONE)
        except Refused as refused:
            wrong = problems(refused, "vouch")
        else:
            flash("The new key is confirmed. Packs can go out and come in again.")
            return redirect(url_for("accounts.keys"), 303)
    waiting = {key.team.id: key for key in vouching.waiting_keys(db=db, actor=actor)}
    if team_id not in waiting:
        raise NotFound
    return form_page("accounts/vouch.html", wrong, key=waiting[team_id])


@blueprint.route("/account/council-number", methods=["GET", "POST"])
@may(signed_in)
def council_number() -> FormPage | Response:
    """Compare the council's new number by phone."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    if request.method == "POST":
        try:
            council_key.compare(db=db, actor=actor, **sent(Compared))
        except NotFound:
            return _keys(KEY_GONE)
        except Refused as refused:
            wrong = problems(refused, "compare")
        else:
            flash("You have confirmed the council’s new number.")
            return redirect(url_for("accounts.keys"), 303)
    key = council_key.key_to_compare(db=db, actor=actor)
    if key is None:
        raise NotFound
    return form_page("accounts/council_number.html", wrong, key=key)
