"""Documents of a record: added with kind and date, with who can read them beside it; opened, removed."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.school_calendar import today
from transition_exchange.exchange.writing import attaching
from transition_exchange.exchange.writing.arguments import Attach
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.lost_pieces import lost_documents
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.untrusted_pdf import MOST_BYTES, REMOVED
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import UPLOAD_LIMIT, may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, form_page, problems
from transition_exchange.web.school.blueprint import blueprint, changed_words, learner_name, transition
from transition_exchange.web.visits import current_actor, database


def _draft(record_id: UUID) -> Draft:
    return open_draft(db=database(), actor=current_actor(), record_id=record_id)


@blueprint.route("/<uuid:record_id>/documents", methods=["GET", "POST"], endpoint="attachments")
@may(transition, limit=UPLOAD_LIMIT)
def documents(record_id: UUID) -> FormPage | Response:
    """The documents of a record, and the form that adds one."""
    draft, wrong = _draft(record_id), NO_PROBLEMS
    if request.method == "POST":
        try:
            document = sent(Attach, file=_file())
            attached = attaching.attach(db=database(), actor=current_actor(), record_id=record_id, **document)
        except Refused as refused:
            wrong = problems(refused, "file")
        else:
            draft = _draft(record_id)
            cleaned = any(label.id == attached and label.removed for label in draft.attachments)
            words = "Document added." + (" See below what we took out of it." if cleaned else "")
            flash(*changed_words(draft, words))
            return redirect(url_for("school.attachments", record_id=record_id), 303)
    kinds = {kind.code: kind for kind in draft.version.attachment_kinds}
    readers_of = {kind.code: draft.version.section(kind.section).readers for kind in kinds.values()}
    report = draft.report(today())
    own_kinds = draft.version.attachment_kinds_of(draft.owner)
    return form_page(
        "school/documents.html",
        wrong,
        record_id=record_id,
        name=learner_name(record_id),
        documents=[
            (attachment, kinds[attachment.kind].label, readers_of[attachment.kind])
            for attachment in draft.attachments
        ],
        kinds=[(kind, readers_of[kind.code]) for kind in own_kinds],
        notes=[
            finding.message
            for finding in (*report.counting_gaps, *report.warnings)
            if finding.code.startswith("attachment.")
        ],
        typed=typed(Attach),
        most_bytes=MOST_BYTES,
        removed=REMOVED,
        uncertain=[(attachment, kinds[attachment.kind].label) for attachment in draft.uncertain_attachments],
        lost=len(lost_documents(db=database(), actor=current_actor(), record_id=record_id)),
    )


def _file() -> bytes | None:
    """The file that was sent; of one that is too large, enough to show that. None if no file was sent."""
    upload = request.files.get("file")
    return (upload.read(MOST_BYTES + 1) if upload is not None else b"") or None


@blueprint.get("/<uuid:record_id>/documents/<uuid:attachment_id>")
@may(transition)
def document(record_id: UUID, attachment_id: UUID) -> Response:
    """The document itself, for whoever wrote it. The file's name says nothing about anybody."""
    _, content = attaching.own_content(
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
    attachments = {
        attachment.id: attachment for attachment in (*draft.attachments, *draft.uncertain_attachments)
    }
    if attachment_id not in attachments:
        raise NotFound
    if request.method == "POST":
        attaching.remove(
            db=database(), actor=current_actor(), record_id=record_id, attachment_id=attachment_id
        )
        flash(*changed_words(_draft(record_id), "Document removed."))
        return redirect(url_for("school.attachments", record_id=record_id), 303)
    return render_template(
        "school/remove_document.html",
        record_id=record_id,
        name=learner_name(record_id),
        about=attachments[attachment_id],
    )
