"""Pages of the form that save themselves while somebody types, and what follows when that person goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import current_app, jsonify, request
from werkzeug.wrappers import Response

from transition_exchange.english import clock
from transition_exchange.exchange.writing.due_cards import write_typed
from transition_exchange.exchange.writing.page_saving import save_page
from transition_exchange.exchange.writing.saving import Saved
from transition_exchange.proforma import Page, forms
from transition_exchange.web import failures
from transition_exchange.web.policy import declared, may
from transition_exchange.web.school import typed as typing_in
from transition_exchange.web.school.blueprint import blueprint, writers
from transition_exchange.web.school.pages import NOT_SAVED, opened
from transition_exchange.web.templating import seconds_left
from transition_exchange.web.visits import current_actor, current_visit, database

GOES_ON_TYPING = frozenset({"school.save_typed", "accounts.stay"})
"""What the script of a page asks for while the person stays on it."""


@blueprint.post("/<uuid:record_id>/pages/<name>/typed")
@may(writers, saves=False)
def save_typed(record_id: UUID, name: str) -> Response:
    """Save a page by itself, by the same checks as when somebody presses the button.

    What comes too late is not kept for later: it stands on the page, which says so, and is kept when they press Save.

    Returns:
        As JSON what the page says beside its buttons and at the fields that are wrong, and what its hidden fields hold
        from now on.
    """
    draft, place = opened(record_id, name)
    form = request.form.to_dict(flat=False)
    typed = typing_in.read(draft, place, form)
    saved = save_page(db=database(), actor=current_actor(), draft=draft, typed=typed, automatic=True)
    rests = saved.draft.resting.of(place.sections)
    met = {path for path, unsaved in rests.items() if unsaved.met}
    # Of the rest of the form, the person still looks at what stood there when they opened it: what a colleague has
    # saved since is not on their page, and must not look as if they had emptied it.
    done = typed.changed - rests.keys()
    now = dict(pair.split("=") for pair in typing_in.as_saved(saved.draft, tuple(done)).split())
    was = " ".join(f"{path}={now.get(path, before)}" for path, before in typed.was.items())
    wrong = _wrong(saved, place, form)
    words = []
    if met:
        words.append("Other answers were saved here meanwhile. Press Save to see both.")
    if wrong:
        first, others = forms.label_of(draft.version, wrong[0]["name"]), len(wrong) - 1
        words.append(f"Not right yet: “{first}”{f' and {others} more' if others else ''}.")
    words.append(f"{'The rest was saved' if words else 'Saved'} {clock(datetime.now(UTC))}.")
    ends_at = current_visit().ends_at
    return jsonify(
        text=" ".join(words),
        was=was,
        shown=typing_in.as_resting_since(saved.draft, place, form, typed),
        whole=not (wrong or met),
        wrong=wrong,
        heading="" if met else NOT_SAVED,
        rests=bool(rests),
        seconds=seconds_left(ends_at),
        clock=clock(ends_at),
    )


def _wrong(saved: Saved, place: Page, form: typing_in.Form) -> list[dict[str, str]]:
    """What a page says of each field that is wrong, in the page's order; what it says when it is opened again."""
    version = saved.draft.version
    order = [question.path for name in place.sections for question in version.section(name).questions]
    found = sorted(
        saved.errors,
        key=lambda error: order.index(error.question) if error.question in order else len(order),
    )
    messages = {forms.name_in_form(version, finding, form): finding.message for finding in found}
    return [
        {"name": name, "message": message, "text": forms.said_of(version, name, message)}
        for name, message in messages.items()
    ]


@blueprint.before_app_request
def follow_what_was_typed() -> None:
    """Write the cards of what saved itself, when the person who typed it goes on to anything else."""
    declaration = declared(current_app, request.endpoint)
    if declaration is None or declaration.rule.stage != "full" or request.endpoint in GOES_ON_TYPING:
        return
    try:
        actor = current_visit().actor
        if actor is not None:
            write_typed(db=database(), actor=actor)
    except Exception as error:
        failures.note(error)  # it stays due; what the person asks for is not held up
