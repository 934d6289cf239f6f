"""What somebody sent after their session had ended: offered after they sign in, put back where it was going."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.exchange.signing_in.arguments import PutBack
from transition_exchange.web.accounts.blueprint import blueprint
from transition_exchange.web.forms import wanted
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.visits import (
    current_actor,
    current_visit,
    database,
    onward_place,
    session_cookie,
)

MARK = "late_save"
"""The form field that says which late save is being put back."""


@blueprint.get("/account/unsaved")
@may(signed_in)
def unsaved() -> str | AnyResponse:
    """What came too late in the last 24 hours."""
    waiting = late_saves.waiting(db=database(), actor=current_actor())
    target = onward_place()
    if not waiting:
        return redirect(target or url_for("pages.home"))
    return render_template("accounts/unsaved.html", waiting=waiting, next=target)


@blueprint.get("/account/unsaved/<uuid:late_save_id>")
@may(signed_in)
def unsaved_one(late_save_id: UUID) -> str:
    """One of them: a form that sends what was typed to where it was going."""
    opened = late_saves.open_late_save(db=database(), cookie=session_cookie(), late_save_id=late_save_id)
    return render_template("accounts/unsaved_one.html", opened=opened, id=late_save_id, mark=MARK)


@blueprint.post("/account/unsaved/<uuid:late_save_id>/drop")
@may(signed_in)
def drop_unsaved(late_save_id: UUID) -> AnyResponse:
    """Throw it away."""
    late_saves.drop(db=database(), actor=current_actor(), late_save_id=late_save_id)
    flash("We threw it away.")
    return redirect(url_for("accounts.unsaved"), 303)


@blueprint.after_app_request
def drop_what_was_put_back(response: Response) -> Response:
    """Once a page has taken what was put back, it is kept no longer; a form that is refused takes nothing."""
    if request.method == "POST" and response.status_code < 400 and MARK in request.form:
        late_save_id, actor = wanted(PutBack)[MARK], current_visit().actor
        if late_save_id and actor:
            # Sent twice, it is gone already; that is no reason to refuse what the page has saved.
            with suppress(NotFound):
                late_saves.drop(db=database(), actor=actor, late_save_id=late_save_id)
    return response
