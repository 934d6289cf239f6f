"""The pages of the form: shown, checked and saved a page at a time, with gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import plural
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.school_calendar import today
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.page_saving import TypedPage, save_page
from transition_exchange.exchange.writing.saving import Saved
from transition_exchange.proforma import Finding, Page, UnknownName, forms, load, show_kept
from transition_exchange.purposes import SENDING
from transition_exchange.web import kept_forms
from transition_exchange.web.fieldsets import fieldsets
from transition_exchange.web.form_fields import asked_to_add, summary, without_removed
from transition_exchange.web.policy import may
from transition_exchange.web.problems import CONFLICT, FormPage, Problems, form_page
from transition_exchange.web.school import typed as typing_in
from transition_exchange.web.school.blueprint import blueprint, changed_words, learner_name, writers
from transition_exchange.web.school.record import DESTINATIONS
from transition_exchange.web.visits import current_actor, database

NOT_SAVED = "This is typed and not saved yet. Everything else is saved"
"""What stands over the answers that are wrong. All that was typed right beside them was saved."""


def opened(record_id: UUID, name: str) -> tuple[Draft, Page]:
    """The draft that a page belongs to, and the page without what has a page of its own.

    Raises:
        NotFound: no such record at the actor's school, or no such page.
        NotAllowed: the page is the other team's.
    """
    db, actor = database(), current_actor()
    own = next(owner for owner in SENDING if actor.team_for(owner))
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=own)
    try:
        page = draft.version.page(name)
    except UnknownName as error:
        raise NotFound from error
    if page.owner != own:
        draft = open_draft(db=db, actor=actor, record_id=record_id, owner=page.owner)
    return draft, replace(
        page, sections=tuple(section for section in page.sections if section != DESTINATIONS)
    )


@blueprint.route("/<uuid:record_id>/pages/<name>", methods=["GET", "POST"])
@may(writers)
def page(record_id: UUID, name: str) -> FormPage | Response:
    """One page of the form.

    What is right is saved, also where something else is wrong. Adding and removing a row save the page too, and so does
    asking to throw away the rest.
    """
    draft, place = opened(record_id, name)
    if request.method != "POST":
        return _shown(draft, place, errors=_wrong(draft, place))
    form = without_removed(request.form.to_dict(flat=False))
    typed = typing_in.read(draft, place, form)
    saved = save_page(db=database(), actor=current_actor(), draft=draft, typed=typed)
    kept_forms.saved()
    if request.form.get("then") == "throw_away":
        return redirect(url_for("school.throw_away", record_id=record_id, name=place.name), 303)
    met = any(unsaved.met for unsaved in saved.draft.resting.of(place.sections).values())
    if "add" in form or "remove" in request.form or saved.errors or met:
        return _shown(
            saved.draft, place, typed=typed, errors=saved.errors, extra_row=asked_to_add(form), refused=True
        )
    return redirect(_onward(saved, place), 303)


def _wrong(draft: Draft, place: Page) -> tuple[Finding, ...]:
    """What is wrong in what rests on a page."""
    rests = draft.resting.of(place.sections)
    if not rests:
        return ()
    report = replace(draft, answers=draft.resting.over(draft.answers)).report(today())
    return tuple(finding for finding in report.errors if rests.keys() & set(finding.questions))


def _shown(
    draft: Draft,
    place: Page,
    *,
    typed: TypedPage | None = None,
    errors: Sequence[Finding] = (),
    extra_row: str | None = None,
    refused: bool = False,
) -> FormPage:
    """The page, with what rests in it, and with what was just typed wrong.

    Args:
        typed: what was just typed; None where the page is opened.
        refused: whether something that was typed is not saved.
    """
    rests = draft.resting.of(place.sections)
    answers = draft.resting.over(draft.answers)
    if typed is not None:
        answers = typing_in.put_in(
            answers, typed, {path for finding in errors for path in finding.questions} & typed.changed
        )
    sets = fieldsets(
        draft.version,
        place,
        answers,
        errors=errors,
        extra_row=extra_row,
        attachments=[(str(attachment.document), attachment.name) for attachment in draft.attachments],
    )
    report = draft.report(today()).among(place.sections)
    asked = typing_in.shown_questions(sets)
    met = {path: unsaved for path, unsaved in rests.items() if unsaved.met and path in asked}
    kept = show_kept(draft.version, draft.answers, place.sections)
    page = form_page(
        "school/page.html",
        Problems(summary(sets, errors, lambda wrong: _said(draft, wrong))),
        record_id=draft.record_id,
        name=learner_name(draft.record_id),
        place=place,
        owner=draft.owner,
        fieldsets=sets,
        hidden={
            typing_in.WAS: typing_in.as_saved(draft, asked),
            typing_in.SHOWN: typing_in.as_resting(draft, place),
        },
        differences=typing_in.differences(draft, answers, met),
        rests=len(rests),
        check=_check_page(draft.record_id, place, section) if (section := _checked(place)) else "",
        kept=kept,
        kept_now=typing_in.as_saved(draft, [item.question.path for item in kept]),
        not_saved_words=NOT_SAVED,
        missing=report.counting_gaps,
        warnings=report.warnings,
        audiences=_audiences(draft, place),
        number=_numbered(draft, place),
        by_others={unsaved.met for unsaved in met.values()} != {current_actor().principal_id},
        has_destinations=DESTINATIONS in load(draft.version.name).page(place.name).sections,
    )
    if not refused and isinstance(page, tuple):
        return page[0]  # opened again, with what rests in it
    return (page, CONFLICT) if refused and met and isinstance(page, str) else page


def _said(draft: Draft, wrong: Finding) -> str:
    return forms.said_of(draft.version, wrong.form_name, wrong.message)


def _audiences(draft: Draft, place: Page) -> list[tuple[str, str]]:
    """Who can read which sections of the page, in words, alike ones together."""
    titles_of: dict[str, list[str]] = {}
    for name in place.sections:
        section = draft.version.section(name)
        if section.in_pack and section.audience:
            titles_of.setdefault(section.readers, []).append(section.title)
    return [(", ".join(titles), words) for words, titles in titles_of.items()]


def _numbered(draft: Draft, place: Page) -> str:
    pages = [other.name for other in draft.version.pages_of(draft.owner)]
    return f"Page {pages.index(place.name) + 1} of {len(pages)}" if len(pages) > 1 else ""


def _checked(place: Page) -> str:
    """The section from which somebody came who is checking all answers; empty if they came from elsewhere."""
    section = request.args.get("check", "")
    return section if section in place.sections else ""


def _check_page(record_id: UUID, place: Page, section: str) -> str:
    """Where they came from: the same section on the page for checking."""
    return f"{url_for('school.check', record_id=record_id, owner=place.owner)}#check-{section}"


def _onward(saved: Saved, place: Page) -> str:
    """Where to go after saving: the next page, back to the list, or back to where all answers are checked."""
    draft, missing = saved.draft, len(saved.report.among(place.sections).counting_gaps)
    words = "Saved."
    if missing:
        words += f" {plural(missing, 'answer').capitalize()} still missing on “{place.title}”."
    flash(*changed_words(draft, words))
    if section := _checked(place):
        return _check_page(draft.record_id, place, section)
    pages = [other.name for other in draft.version.pages_of(draft.owner)]
    following = pages[pages.index(place.name) + 1 :]
    if request.form.get("then") == "next" and following:
        return url_for("school.page", record_id=draft.record_id, name=following[0])
    return url_for("school.record", record_id=draft.record_id)
