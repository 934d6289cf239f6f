"""What somebody sent and is not saved yet: offered again, and put back where it was going."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.web.accounts.blueprint import blueprint
from transition_exchange.web.kept_forms import MARK
from transition_exchange.web.kept_words import kept_words
from transition_exchange.web.policy import may, signed_in
from transition_exchange.web.visits import (
    current_actor,
    database,
    onward_place,
    session_cookie,
)


@blueprint.get("/account/unsaved")
@may(signed_in)
def unsaved() -> str | AnyResponse:
    """What was typed in the last 24 hours and is not saved yet."""
    waiting = late_saves.waiting(db=database(), actor=current_actor())
    target = onward_place()
    if not waiting:
        return redirect(target or url_for("pages.home"))
    opened = late_saves.open_all(db=database(), cookie=session_cookie(), waiting=waiting)
    kept = [
        (late_save, one, kept_words(one) if one else None)
        for late_save in waiting
        if late_save.id in opened
        for one in [opened[late_save.id]]
    ]
    return render_template("accounts/unsaved.html", kept=kept, next=target)


@blueprint.get("/account/unsaved/<uuid:late_save_id>")
@may(signed_in)
def unsaved_one(late_save_id: UUID) -> str:
    """One of them: a form that sends what was typed to where it was going."""
    opened = late_saves.open_late_save(db=database(), cookie=session_cookie(), late_save_id=late_save_id)
    return render_template(
        "accounts/unsaved_one.html", opened=opened, about=kept_words(opened), id=late_save_id, mark=MARK
    )


@blueprint.post("/account/unsaved/<uuid:late_save_id>/drop")
@may(signed_in)
def drop_unsaved(late_save_id: UUID) -> AnyResponse:
    """Throw it away."""
    late_saves.drop(db=database(), actor=current_actor(), late_save_id=late_save_id)
    flash("We threw it away.")
    return redirect(url_for("accounts.unsaved"), 303)
