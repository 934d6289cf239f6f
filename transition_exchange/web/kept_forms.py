"""Forms that came too late or could not be taken: kept sealed to their writer, and dropped only when they are saved.

A form that puts a kept one back carries its id, and so does every form in which the page shows it again. It counts as
saved when the page leads on, or says so itself (`saved`). Until then it stays on the page of what is not saved yet.
"""

from __future__ import annotations

from uuid import UUID

from flask import Flask, Response, current_app, g, request

from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.exchange.signing_in.arguments import PutBack
from transition_exchange.exchange.signing_in.late_saves import Why
from transition_exchange.web import failures
from transition_exchange.web.forms import wanted
from transition_exchange.web.open_forms import left_cookie, was_left_open
from transition_exchange.web.policy import declared
from transition_exchange.web.visits import current_visit, database, session_cookie

MARK = "late_save"
"""The form field with the ids of the kept forms that this one puts back."""

NOT_KEPT = frozenset(
    {"csrf_token", "passphrase", "current_passphrase", "code", "proof", "proof_by_code", MARK}
)
"""Form fields that are never kept for later."""


def put_back() -> tuple[UUID, ...]:
    """The kept forms that the form which was sent puts back."""
    if request.method != "POST" or MARK not in request.form:
        return ()
    ids = dict.fromkeys(late_save_id for late_save_id in wanted(PutBack)[MARK] if late_save_id)
    return tuple(ids)[: late_saves.MOST_OF_ONE_PERSON]


def keep(why: Why) -> bool:
    """Keep the form that was sent, sealed to its writer. It takes the place of those that it puts back.

    Returns:
        Whether it was kept: not without anything typed, nor for a page on which there is nothing to save.
    """
    form, cookie = _to_save(), session_cookie()
    if not (cookie and form):
        return False
    g.form_kept = False  # so it stays where keeping it fails
    g.form_kept = late_saves.keep(
        db=database(),
        cookie=cookie,
        path=request.full_path.rstrip("?"),
        form=form,
        why=why,
        instead_of=put_back(),
    )
    return bool(g.form_kept)


def keep_for_whoever_left() -> bool:
    """Keep a form that was open when somebody signed out in this browser, sealed to them and to nobody else.

    Returns:
        Whether it was kept: only if it was opened in their session, within the last hour.
    """
    form, cookie = _to_save(), left_cookie()
    if not (cookie and form and was_left_open()):
        return False
    return late_saves.keep(db=database(), cookie=cookie, path=request.full_path.rstrip("?"), form=form)


def typed() -> bool:
    """Whether this request sends something that was typed to be saved."""
    return bool(_to_save())


def _to_save() -> dict[str, list[str]]:
    declaration = declared(current_app, request.endpoint)
    if request.method != "POST" or declaration is None or not declaration.saves:
        return {}
    return {name: request.form.getlist(name) for name in request.form if name not in NOT_KEPT}


def kept_now() -> bool | None:
    """Whether this request has kept its form; None if it did not have to."""
    kept: bool | None = g.get("form_kept")
    return kept


def turned_away() -> None:
    """Say that this answer leads elsewhere although nothing was saved."""
    g.turned_away = True


def saved() -> None:
    """Say that what was sent is saved, though the answer is a page and leads nowhere."""
    g.form_saved = True


def drop_when_saved(app: Flask) -> None:
    """After each answer, drop what was put back if the page has saved it."""

    @app.after_request
    def drop(response: Response) -> Response:
        led_on = 300 <= response.status_code < 400 and not g.get("turned_away")
        if led_on or g.get("form_saved"):
            try:
                _drop_what_was_put_back()
            except Exception as error:
                # What was sent is saved, and the answer says so. The kept form is there once more, at worst.
                failures.note(error)
        return response


def _drop_what_was_put_back() -> None:
    if (kept := put_back()) and (actor := current_visit().actor):
        # Sent twice, they are gone already; that is no reason to refuse what the page has saved.
        late_saves.drop_all(db=database(), actor=actor, late_save_ids=kept)
