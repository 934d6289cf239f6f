"""Where a learner is going: providers of this exchange by choice, any other place by name. It sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import Conflict, NotFound, Refused
from transition_exchange.exchange.keys.confirmed_names import OtherName
from transition_exchange.exchange.organisations.providers import Provider, providers, school_facts
from transition_exchange.exchange.school_calendar import today
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.arguments import Destination, NameDestination
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.row_saving import SavedRow, Table, save_row
from transition_exchange.proforma import Finding, Page, forms, show
from transition_exchange.web.fieldsets import fieldsets
from transition_exchange.web.form_fields import Field, summary
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import may
from transition_exchange.web.problems import CONFLICT, FormPage, Problems, form_page
from transition_exchange.web.school.blueprint import blueprint, learner_name, transition
from transition_exchange.web.school.pages import NOT_SAVED
from transition_exchange.web.school.record import DESTINATIONS
from transition_exchange.web.visits import current_actor, database

TABLE = f"{DESTINATIONS}.destinations"
ROWS = Table(TABLE, names=("kind", "provider_name"), id="organisation")
"""The list. Until it is right where a learner is going, nothing of a destination is saved."""
PLACE = Page("destinations", "Where they are going next", "transition", (DESTINATIONS,))
NOT_CHOSEN = "provider.choose"
"""The code of the error that neither a provider nor a kind of place was chosen."""
ELSEWHERE = "elsewhere"
BY_PROVIDER = ("provider_name", "ukprn", "urn", "campus")
"""What a chosen provider fills in, so that nobody types it."""


def _draft(record_id: UUID) -> Draft:
    return open_draft(db=database(), actor=current_actor(), record_id=record_id)


def _rows(draft: Draft) -> list[dict[str, Any]]:
    return [dict(row) for row in ROWS.saved(draft)]


@blueprint.get("/<uuid:record_id>/destinations")
@may(transition)
def destinations(record_id: UUID) -> str:
    """The destinations in order of preference, and what each of them sends."""
    draft, actor = _draft(record_id), current_actor()
    status = dict(draft.version.question(f"{TABLE}.status").choices)
    [shown] = show(draft.version, draft.answers, [DESTINATIONS], findings=draft.report(today()).gaps)
    rows = shown.items[0].rows if shown.items else ()
    here = providers(db=database(), actor=actor)
    known = {str(provider.id): provider for provider in here}
    transfers = {
        str(transfer.provider_id): transfer
        for transfer in reversed(track(db=database(), actor=actor, record_id=record_id).delivered)
        if (transfer.genuine or transfer.dispute) and transfer.state != "recalled"
    }
    facts = school_facts(db=database(), actor=actor)
    return render_template(
        "school/destinations.html",
        record_id=record_id,
        name=learner_name(record_id),
        rows=[
            (
                raw,
                row,
                known.get(str(raw.get("organisation"))),
                _other_name(raw, here),
                transfers.get(str(raw.get("organisation"))),
                status.get(str(raw.get("status")), ""),
            )
            for raw, row in zip(_rows(draft), rows, strict=False)
        ],
        gaps=list(draft.report(today()).of(DESTINATIONS).counting_gaps),
        unsaved=ROWS.resting(draft),
        problem=facts.problem,
        send_at=status.get(facts.send_at_status or "", facts.send_at_status or "").lower(),
        most=draft.version.question(TABLE).most,
        tag=draft.tags[DESTINATIONS],
    )


@blueprint.route("/<uuid:record_id>/destinations/<int:number>", methods=["GET", "POST"])
@may(transition)
def destination(record_id: UUID, number: int) -> FormPage | Response:
    """One destination; the number after the last is a new one."""
    draft, actor = _draft(record_id), current_actor()
    rows = _rows(draft)
    if number > len(rows):
        raise NotFound
    here = providers(db=database(), actor=actor)
    row: dict[str, Any] = dict(ROWS.typed(draft)[number]) if number < len(rows) else {}
    choice = _choice_of(row, here) if row else ""
    tag = draft.tags[DESTINATIONS]
    errors = ROWS.wrong(draft, row) if number in ROWS.resting(draft) else ()
    clash = by_others = waits = False
    if request.method == "POST":
        chosen = sent(Destination)
        choice, tag = chosen["provider"], chosen["tag"]
        row, errors = _typed(draft, choice=choice, here=here, stored=row)
        waits = bool(errors)
        if not errors:
            try:
                saved = _save(draft, number, row, tag)
                if not saved.errors:
                    flash("Saved. Nothing is sent until you look at it and press send.")
                    return redirect(url_for("school.destinations", record_id=record_id), 303)
                errors = tuple(_about_row(finding, number) for finding in saved.errors)
                waits = saved.waits
                if not waits:
                    draft, rows, tag = saved.draft, _rows(saved.draft), saved.draft.tags[DESTINATIONS]
            except Conflict:
                # Two people at one learner's destinations: the writer looks, and saving again is on purpose.
                by_others = draft.resting.writers.get(DESTINATIONS) not in (None, actor.principal_id)
                clash, waits, tag = True, True, draft.tags[DESTINATIONS]
    fields = _fields(draft, row, errors)
    sets = fieldsets(draft.version, PLACE, {DESTINATIONS: {"destinations": [row]}}, errors=errors)
    choice_error = next((finding.message for finding in errors if finding.code == NOT_CHOSEN), None)
    page = form_page(
        "school/destination.html",
        Problems(summary(sets, errors)),
        record_id=record_id,
        name=learner_name(record_id),
        number=number,
        new=number == len(rows),
        waits=waits,
        not_saved_words=NOT_SAVED,
        providers=here,
        choice=choice,
        choice_error=choice_error,
        other_name=_other_name(rows[number], here) if number < len(rows) else None,
        fields=fields,
        by_provider=BY_PROVIDER,
        elsewhere=choice == ELSEWHERE
        or any(fields[name].error for name in ("kind", *BY_PROVIDER) if name in fields)
        or choice_error is not None,
        tag=tag,
        clash=clash,
        by_others=by_others,
        now=show(draft.version, draft.answers, [DESTINATIONS])[0].items if clash else (),
    )
    if request.method != "POST" and isinstance(page, tuple):
        return page[0]  # opened again, with what rests in it
    return (page, CONFLICT) if clash and isinstance(page, str) else page


@blueprint.post("/<uuid:record_id>/destinations/<int:number>/name")
@may(transition)
def name_destination(record_id: UUID, number: int) -> Response:
    """Put the name that was confirmed into a destination that calls its provider otherwise. All else stays."""
    draft, shown = _draft(record_id), sent(NameDestination)
    rows = _rows(draft)
    if number >= len(rows):
        raise NotFound
    here = providers(db=database(), actor=current_actor())
    provider = next((one for one in here if str(one.id) == rows[number].get("organisation")), None)
    if provider is None or provider.confirmed is None:
        raise NotFound
    if provider.name != shown["name"]:
        raise Refused("The name was not changed, because the council has confirmed another one since.")
    named = {**ROWS.typed(draft)[number], "provider_name": provider.name}
    saved = _save(draft, number, named, shown["tag"])
    if saved.waits:
        raise Refused(f"The name was not changed. Correct the list first: {_messages(saved.errors)}.")
    flash(f"The destination says “{provider.name}” now. Nothing is sent until you look at it and press send.")
    return redirect(url_for("school.destinations", record_id=record_id), 303)


@blueprint.post("/<uuid:record_id>/destinations/<int:number>/remove")
@may(transition)
def remove_destination(record_id: UUID, number: int) -> Response:
    """Take a destination off the list. A pack that went there stays there until it is taken back."""
    draft = _draft(record_id)
    rows = _rows(draft)
    if number >= len(rows):
        raise NotFound
    saved = _save(draft, number, None, sent(Destination)["tag"])
    if saved.waits:
        raise Refused(f"The destination was not removed. Correct the list first: {_messages(saved.errors)}.")
    flash("Destination removed. A pack that was sent there can still be taken back under “What was sent”.")
    return redirect(url_for("school.destinations", record_id=record_id), 303)


def _messages(errors: Sequence[Finding]) -> str:
    return ". ".join(dict.fromkeys(finding.message for finding in errors))


def _choice_of(row: Mapping[str, Any], here: Sequence[Provider]) -> str:
    """The value of the select that stands for a stored row."""
    for provider in here:
        if row.get("organisation") == str(provider.id):
            campus = row.get("campus", "")
            return f"{provider.id}|{campus if campus in provider.campuses else ''}"
    return ELSEWHERE


def _other_name(row: Mapping[str, Any], here: Sequence[Provider]) -> OtherName | None:
    """That a stored row calls its provider otherwise than it was confirmed; None if it does not."""
    provider = next((one for one in here if str(one.id) == row.get("organisation")), None)
    return provider.unlike(str(row.get("provider_name") or "")) if provider else None


def _typed(
    draft: Draft, *, choice: str, here: Sequence[Provider], stored: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The row that was typed: what a chosen provider says of itself wins over what stands in the fields."""
    form = request.form.to_dict(flat=False)
    read = forms.from_form(draft.version, PLACE, form)[DESTINATIONS].get("destinations", [{}])[0]
    for column in draft.version.question(TABLE).rows:
        if column.system and column.name != "organisation" and column.name in stored:
            read[column.name] = stored[column.name]
    identifier, _, campus = choice.partition("|")
    chosen = next((provider for provider in here if str(provider.id) == identifier), None)
    if chosen is not None:
        kind = read.get("kind")
        named = chosen.named(campus if campus in chosen.campuses else str(read.get("campus") or ""))
        named["kind"] = "apprenticeship" if kind == "apprenticeship" else named["kind"]
        return {name: value for name, value in {**read, **named}.items() if value is not None}, ()
    read.pop("organisation", None)
    if not read.get("kind"):
        message = "Choose a provider, or say what kind of destination it is"
        path = (DESTINATIONS, "destinations", 0, "kind")
        return read, (Finding(DESTINATIONS, "destinations", path, NOT_CHOSEN, message),)
    return read, ()


def _save(draft: Draft, number: int, row: Mapping[str, Any] | None, tag: str) -> SavedRow:
    """Save a destination, or take it off the list; preferences left empty follow its order."""
    return save_row(
        db=database(), actor=current_actor(), draft=draft, table=ROWS, number=number, row=row, tag=tag
    )


def _about_row(finding: Finding, number: int) -> Finding:
    """The same finding for a page on which this row stands alone; one about another row is about the list."""
    path = finding.path
    if len(path) > 3:
        path = (*path[:2], 0, *path[3:]) if path[2] == number else path[:2]
    return replace(finding, path=path)


def _fields(draft: Draft, row: Mapping[str, Any], errors: Sequence[Finding]) -> dict[str, Field]:
    """The columns of one destination as fields, by name."""
    [place] = fieldsets(draft.version, PLACE, {DESTINATIONS: {"destinations": [row]}}, errors=errors)
    table = next(field for field in place.fields if field.name == TABLE)
    system = {column.name for column in draft.version.question(TABLE).rows if column.system}
    # A provider chosen above says what kind it is, so nothing may hide a question for want of the kind.
    return {
        name: replace(column, rule=None, only_if=None)
        for column in table.rows[0].fields
        if (name := column.name.rpartition(".")[2]) not in system
    }
