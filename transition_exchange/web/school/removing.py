"""Removing a learner who was added by mistake: what would be gone for good, why, and then the list without them."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask import session as browser_session
from werkzeug.wrappers import Response

from transition_exchange.exchange.data_protection import removing
from transition_exchange.exchange.data_protection.arguments import RemoveLearner
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.signing_in import searches
from transition_exchange.web import forms
from transition_exchange.web.policy import may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, Summary, form_page, problems
from transition_exchange.web.school.blueprint import blueprint, learner_name, transition
from transition_exchange.web.school.record import leaving_address
from transition_exchange.web.visits import current_actor, database, session_cookie

_REMOVED = "removed"
"""Under which name the browser's session keeps the name of whoever was removed until the list is shown."""


# What is sent is a choice of a few words, for a page that is not the same later: it is not kept for after signing in.
@blueprint.route("/<uuid:record_id>/remove", methods=["GET", "POST"])
@may(transition, saves=False)
def remove(record_id: UUID) -> FormPage | Response:
    """Say who it is and what is deleted with them, and ask why; then remove them."""
    db, actor, wrong = database(), current_actor(), NO_PROBLEMS
    try:
        name = learner_name(record_id)
        removal = removing.removal(db=db, actor=actor, record_id=record_id)
        if request.method == "POST":
            try:
                removing.remove_learner(db=db, actor=actor, record_id=record_id, **forms.sent(RemoveLearner))
            except Refused as refused:
                wrong = problems(refused, "remove")
                if removal.why_not:  # the page has no button to lead to
                    wrong = Problems([Summary(refused.message)])
            else:
                # A cookie holds no name, so it is sealed like a search.
                browser_session[_REMOVED] = searches.seal(cookie=session_cookie(), text=name)
                return redirect(url_for("school.learners"), 303)
    except NotFound:
        if request.method != "POST" or not removing.was_removed(db=db, actor=actor, record_id=record_id):
            raise
        flash("This learner was removed before.")
        return redirect(url_for("school.learners"), 303)
    return form_page(
        "school/remove.html",
        wrong,
        record_id=record_id,
        name=name,
        removal=removal,
        why_not=removing.WHY_NOT[removal.why_not] if removal.why_not else "",
        reasons=removing.REASONS,
        typed=forms.typed(RemoveLearner),
        leaving=leaving_address(record_id, removal.form),
    )


def tell_who_was_removed() -> None:
    """Say on this page who was removed just before, if somebody was."""
    if _REMOVED not in browser_session:
        return
    if name := searches.unseal(cookie=session_cookie(), sealed=browser_session.pop(_REMOVED)):
        flash(f"{name} was removed. The council’s NEET group does not have them on its list any more.")
