"""Documents of a record: added with kind and date, with who can read them beside it; opened, removed."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.school_calendar import today
from transition_exchange.exchange.writing import attaching as deeds
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import forms
from transition_exchange.proforma.model import Question
from transition_exchange.web.policy import UPLOAD_LIMIT, may
from transition_exchange.web.problems import Summary, problems
from transition_exchange.web.school.blueprint import blueprint, learner_name, readers, transition
from transition_exchange.web.visits import current_actor, database

DATED = Question(section="", name="", label="", kind="date")


def _draft(record_id: UUID) -> Draft:
    return open_draft(db=database(), actor=current_actor(), record_id=record_id)


def _dated() -> tuple[date | None, dict[str, str]]:
    """The date typed, and its parts as they were typed.

    Raises:
        Refused: it is no date.
    """
    typed = {part: request.form.get(f"dated-{part}", "").strip() for part in forms.PARTS}
    if not any(typed.values()):
        return None, typed
    try:
        return date(int(typed["year"]), int(typed["month"]), int(typed["day"])), typed
    except ValueError as error:
        message = "The date must be a real date, such as 27 3 2026"
        raise Refused(message + ".", {"dated": message}) from error


@blueprint.route("/<uuid:record_id>/documents", methods=["GET", "POST"], endpoint="attachments")
@may(transition, limit=UPLOAD_LIMIT)
def documents(record_id: UUID) -> str | Response:
    """The documents of a record, and the form that adds one."""
    draft = _draft(record_id)
    errors: list[Summary] = []
    messages: dict[str, str] = {}
    typed: dict[str, Any] = {"kind": "", "name": "", "dated": dict.fromkeys(forms.PARTS, "")}
    if request.method == "POST":
        typed = {
            "kind": request.form.get("kind", ""),
            "name": request.form.get("name", ""),
            "dated": {part: request.form.get(f"dated-{part}", "") for part in forms.PARTS},
        }
        try:
            _add(record_id, typed)
        except Refused as refused:
            errors, messages = problems(refused, "file")
        else:
            flash("Document added.")
            return redirect(url_for("school.attachments", record_id=record_id), 303)
    kinds = draft.version.attachment_kinds_of(draft.owner)
    labels = {kind.code: kind for kind in draft.version.attachment_kinds}
    report = draft.report(today())
    return render_template(
        "school/documents.html",
        record_id=record_id,
        name=learner_name(record_id),
        documents=[
            (
                each,
                labels[each.kind].label,
                readers(draft.version.section(labels[each.kind].section).audience),
            )
            for each in draft.attachments
        ],
        kinds=[(kind, readers(draft.version.section(kind.section).audience)) for kind in kinds],
        notes=[each.message for each in report.warnings if each.code.startswith("attachment.")],
        typed=typed,
        errors=errors,
        messages=messages,
        most_bytes=deeds.MOST_BYTES,
    )


def _add(record_id: UUID, typed: dict[str, Any]) -> None:
    """Attach what was sent, with every problem of the form at once.

    Raises:
        Refused: something is missing or cannot be taken.
    """
    wrong: dict[str, str] = {}
    dated = None
    if not typed["kind"]:
        wrong["kind"] = "Choose what kind of document it is"
    try:
        dated, _ = _dated()
    except Refused as refused:
        wrong |= refused.fields
    sent = request.files.get("file")
    content = sent.read(deeds.MOST_BYTES + 1) if sent is not None else b""
    if not content:
        wrong["file"] = "Choose a PDF"
    if wrong:
        raise Refused("Something is missing.", wrong)
    deeds.attach(
        db=database(),
        actor=current_actor(),
        record_id=record_id,
        kind=typed["kind"],
        name=typed["name"],
        dated=dated,
        content=content,
    )


@blueprint.get("/<uuid:record_id>/documents/<uuid:attachment_id>")
@may(transition)
def document(record_id: UUID, attachment_id: UUID) -> Response:
    """The document itself, for whoever wrote it. The file's name says nothing about anybody."""
    _, content = deeds.own_content(
        db=database(), actor=current_actor(), record_id=record_id, attachment_id=attachment_id
    )
    return send_file(
        BytesIO(content),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"document-{attachment_id}.pdf",
    )


@blueprint.route("/<uuid:record_id>/documents/<uuid:attachment_id>/remove", methods=["GET", "POST"])
@may(transition)
def remove_document(record_id: UUID, attachment_id: UUID) -> str | Response:
    """Ask once more, then take it out of the draft."""
    draft = _draft(record_id)
    about = next((each for each in draft.attachments if each.id == attachment_id), None)
    if about is None:
        raise NotFound
    if request.method == "POST":
        deeds.remove(db=database(), actor=current_actor(), record_id=record_id, attachment_id=attachment_id)
        flash("Document removed.")
        return redirect(url_for("school.attachments", record_id=record_id), 303)
    return render_template(
        "school/remove_document.html", record_id=record_id, name=learner_name(record_id), about=about
    )
