"""Check answers, see exactly what each team at each provider will get, and send."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from uuid import UUID

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import listed
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.organisations.providers import school_facts
from transition_exchange.exchange.records.answers import written_sections
from transition_exchange.exchange.records.left_school import left_school
from transition_exchange.exchange.school_calendar import today
from transition_exchange.exchange.sending.arguments import Send
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.exchange.sending.plans import ProviderPlan, ReleasePlan
from transition_exchange.exchange.sending.safeguarding_releases import AGAIN
from transition_exchange.exchange.sending.send import preview
from transition_exchange.exchange.sending.send import send as send_record
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.last_sent import LONGEST_REASON
from transition_exchange.exchange.writing.lost_pieces import lost_documents
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.packs.rendering import RenderingFailed
from transition_exchange.proforma import ShownSection, show, show_kept, withheld_sections
from transition_exchange.purposes import COORDINATING
from transition_exchange.web.forms import sent, typed
from transition_exchange.web.policy import may
from transition_exchange.web.problems import FormPage, Problems, Summary, form_page
from transition_exchange.web.school.blueprint import (
    blueprint,
    learner_name,
    owner_of,
    renderer,
    writers,
)
from transition_exchange.web.school.record import DESTINATIONS, LEAVING
from transition_exchange.web.visits import current_actor, database


@blueprint.get("/<uuid:record_id>/check/<owner>")
@may(writers)
def check(record_id: UUID, owner: str) -> str:
    """All answers of an owner with who can read each section, what is missing, and what is worth a look."""
    db, actor = database(), current_actor()
    track(db=db, actor=actor, record_id=record_id)
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=owner_of(actor, owner))
    report = draft.report(today())
    return render_template(
        "school/check.html",
        record_id=record_id,
        name=learner_name(record_id),
        owner=owner,
        report=report,
        pages=_answers_by_page(draft),
        missing=[
            (
                draft.version.section(name).title,
                [gap for gap in report.counting_gaps if gap.section == name],
            )
            for name in dict.fromkeys(gap.section for gap in report.counting_gaps)
        ],
        href_of=lambda section: _href(draft, section),
        unsaved=_unsaved(draft),
        kept=show_kept(draft.version, draft.answers, draft.answers),
        documents=draft.attachments,
        kinds={kind.code: kind for kind in draft.version.attachment_kinds},
    )


def _answers_by_page(draft: Draft) -> list[tuple[str, str, list[tuple[ShownSection, str]]]]:
    """Each page's title and address, with its sections and who can read them."""
    report = draft.report(today())
    held = withheld_sections(draft.version, draft.answers)
    written = {section.name for section in written_sections(draft.version, draft.owner)}
    pages = []
    for page in draft.version.pages_of(draft.owner):
        names = [name for name in page.sections if name in written]
        findings = (*report.counting_gaps, *report.warnings)
        shown = show(draft.version, draft.answers, names, findings=findings)
        sections = [(section, _who(draft, section.name, held)) for section in shown if section.items]
        if sections:
            pages.append(
                (page.title, url_for("school.page", record_id=draft.record_id, name=page.name), sections)
            )
    return pages


def _unsaved(draft: Draft) -> list[tuple[str, str, int]]:
    """The pages on which something is typed and not saved: title, address, and in answer to how many questions."""
    found = []
    for page in draft.version.pages_of(draft.owner):
        rests = draft.resting.of(page.sections)
        if own := [path for path in rests if path.partition(".")[0] == DESTINATIONS]:
            found.append(("Destinations", _href(draft, DESTINATIONS), len(own)))
        if number := len(rests) - len(own):
            address = url_for("school.page", record_id=draft.record_id, name=page.name)
            found.append((page.title, address, number))
    return found


def _who(draft: Draft, name: str, held: frozenset[str]) -> str:
    section = draft.version.section(name)
    if name in held:
        return "Not passed on: the learner or family asked to hold this back."
    if name == DESTINATIONS:
        return "Each provider sees its own entry only. The council’s NEET group sees the list."
    if not section.in_pack or not section.audience:
        council = any(question.card & {*COORDINATING} for question in section.questions)
        return "No college gets this. The council sees it." if council else "Not passed on."
    return f"At the next place: {section.readers} can read this."


def _href(draft: Draft, section: str) -> str:
    if section == DESTINATIONS:
        return url_for("school.destinations", record_id=draft.record_id)
    page = draft.version.page_of(section)
    name = page.name if page else draft.version.pages_of(draft.owner)[0].name
    address = url_for("school.page", record_id=draft.record_id, name=name, check=section)
    return f"{address}#section-{section}"


@blueprint.route("/<uuid:record_id>/send/<owner>", methods=["GET", "POST"])
@may(writers, saves=False)
def send(record_id: UUID, owner: str) -> FormPage | Response:
    """What each team at each provider will get, section by section; then send exactly that."""
    db, actor = database(), current_actor()
    track(db=db, actor=actor, record_id=record_id)
    owner_of(actor, owner)
    problem = ""
    reasons_wrong: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            done = send_record(
                db=db, actor=actor, renderer=renderer(), record_id=record_id, owner=owner, **sent(Send)
            )
        except Refused as refused:
            problem, reasons_wrong = str(refused), refused.fields
        except RenderingFailed as error:
            problem = str(error)
        else:
            to = listed(done.providers)
            told = f"Version {done.number} was sent to {to}." if to else f"Version {done.number} is released."
            if done.missed:
                told += f" It was not sent to {listed(done.missed)}."
            held = f"{listed(done.held_back)} {'keeps' if len(done.held_back) == 1 else 'keep'} the version before."
            flash(f"{told} {held}" if to and done.held_back else held if done.held_back else told)
            return redirect(url_for("school.sent", record_id=record_id), 303)
    planned = plan(db=db, actor=actor, record_id=record_id, owner=owner)
    previews = {
        provider.organisation_id: preview(db=db, actor=actor, planned=planned, provider=provider)
        for provider in planned.providers
        if provider.teams
    }
    status = dict(planned.draft.version.question("destinations.destinations.status").choices)
    facts = school_facts(db=db, actor=actor)
    may_send = (
        _may_send(owner, planned.providers, planned.changed)
        and not planned.own_problem
        and not planned.report.errors
    )
    # The page is planned anew, so it may no longer have the button, or have something to correct now.
    field = "send-now" if may_send else "correct" if planned.report.errors else ""
    wrong = Problems([Summary(problem, f"#{field}" if field else "")] if problem else [])
    if reasons_wrong:
        wrong = Problems(
            [Summary(message, f"#{name}") for name, message in reasons_wrong.items()], reasons_wrong
        )
    return form_page(
        "school/send.html",
        wrong,
        record_id=record_id,
        name=learner_name(record_id),
        owner=owner,
        planned=planned,
        again=AGAIN,
        previews=previews,
        send_at=status.get(facts.send_at_status or "", facts.send_at_status or "").lower(),
        gaps=planned.report.counting_gaps,
        not_attached=planned.report.missing_documents,
        unsaved=_unsaved(planned.draft),
        left=left_school(planned.draft.answers.get(LEAVING, {})),
        going=any(provider.goes for provider in planned.providers),
        chosen=_chosen(planned) if request.method == "GET" else frozenset(typed(Send)["provider"]),
        hold=_held(planned) if request.method == "GET" else _typed_holds(),
        longest_reason=LONGEST_REASON,
        may_send=may_send,
        kinds={kind.code: kind.label for kind in planned.draft.version.attachment_kinds},
        attached={attachment.id: attachment for attachment in planned.draft.attachments},
        lost=len(lost_documents(db=database(), actor=current_actor(), record_id=record_id, owner=owner)),
    )


def _chosen(planned: ReleasePlan) -> frozenset[str]:
    """The providers whose box is ticked when the page is opened."""
    return frozenset(str(one.organisation_id) for one in planned.providers if one.chosen and one.expected)


def _held(planned: ReleasePlan) -> dict[str, tuple[bool, str]]:
    """Whether each provider is held back, and why, when the page is opened."""
    return {
        str(one.organisation_id): (True, one.held_back.reason) for one in planned.providers if one.held_back
    }


def _typed_holds() -> dict[str, tuple[bool, str]]:
    """The same as it was just ticked and typed."""
    form = typed(Send)
    return {id: (id in form["hold"], why) for id, why in zip(form["why_of"], form["why"], strict=False)}


def _may_send(owner: str, providers: tuple[ProviderPlan, ...], changed: bool) -> bool:
    """The safeguarding team may release before any pack went out; the others send to somebody."""
    return any(provider.goes for provider in providers) or (owner == "school_safeguarding" and changed)


@blueprint.get("/<uuid:record_id>/send/<owner>/<uuid:provider_id>/<uuid:team_id>.pdf")
@may(writers)
def preview_pdf(record_id: UUID, owner: str, provider_id: UUID, team_id: UUID) -> Response:
    """The pack that a team would get now, as the PDF that it would get."""
    db, actor = database(), current_actor()
    planned = plan(db=db, actor=actor, record_id=record_id, owner=owner_of(actor, owner))
    planned_for = {provider.organisation_id: provider for provider in planned.providers}
    provider = planned_for.get(provider_id)
    content = (
        preview(db=db, actor=actor, planned=planned, provider=provider).get(team_id) if provider else None
    )
    if content is None:
        raise NotFound
    return send_file(
        BytesIO(renderer().render(content)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"preview-{today().isoformat()}.pdf",
    )
